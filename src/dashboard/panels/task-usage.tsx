import type { ComponentChildren } from 'preact';
import { usageSeries } from '../model/container-usage.ts';
import type { TaskDetail } from '../model/mesos.ts';
import { containerOf } from '../model/task-container.ts';
import { Bar } from '../view/bar.tsx';
import { Chart } from '../view/chart.tsx';
import { Facts } from '../view/facts.tsx';
import { formatBytes, formatCpus } from '../view/format.ts';
import { Problem } from '../view/problem.tsx';
import { theme } from '../view/theme.tsx';
import type { TaskUsageSeen } from './use-task-usage.ts';

interface TaskUsageProps {
  readonly task: TaskDetail;
  readonly usage: TaskUsageSeen;
}

/** What a task uses of what it was given, as its agent measures it, now and over the last minutes. */
export const TaskUsage = ({ task, usage: { looks, problem } }: TaskUsageProps) => {
  const latest = looks?.at(-1);
  if (looks === undefined || latest === undefined) {
    if (problem) return <Problem problem={problem} />;
    return <p class="empty">{looks ? 'Its agent does not measure it, or it has ended.' : 'Measuring…'}</p>;
  }
  const { memoryLimitBytes, processes, cpuSeconds } = latest;
  const series = usageSeries(looks);
  const given = Number(task.resources.cpus ?? 0);
  return (
    <>
      {containerOf(task)?.parent === undefined ? null : (
        <p class="dim">Together with all containers of its pod:</p>
      )}
      <Problem problem={problem} />
      <div class="fields">
        <Curve
          label="Processors"
          colour="--cpu"
          seconds={series.seconds}
          values={series.cpus}
          given={given}
          format={formatCpus}
        />
        <Curve
          label="Memory"
          colour="--memory"
          seconds={series.seconds}
          values={series.memoryBytes}
          given={memoryLimitBytes}
          format={formatBytes}
        />
      </div>
      <Facts
        facts={[
          ['Processes', processes],
          ['Processor time', `${cpuSeconds.toFixed(1)} s`],
        ]}
      />
    </>
  );
};

interface CurveProps {
  readonly label: string;
  readonly colour: string;
  readonly seconds: readonly number[];
  readonly values: readonly number[];
  /** What the task may use; 0 where nothing holds it. */
  readonly given: number;
  readonly format: (amount: number) => string;
}

const Curve = ({ label, colour, seconds, values, given, format }: CurveProps) => {
  const now = values.at(-1);
  const highest = Math.max(...values);
  return (
    <section aria-label={label}>
      <h2>{label}</h2>
      {now === undefined ? (
        <p class="dim">measuring…</p>
      ) : (
        <>
          <Now now={now} given={given} format={format} />
          <Chart
            key={theme.value}
            seconds={seconds}
            values={values}
            label={label}
            colour={colour}
            most={given || highest || 1}
            summary={`${format(now)} at last, ${format(highest)} at most`}
          />
        </>
      )}
    </section>
  );
};

const Now = ({
  now,
  given,
  format,
}: Pick<CurveProps, 'given' | 'format'> & { now: number }): ComponentChildren =>
  given > 0 ? <Bar part={now} whole={given} format={format} /> : <p>{format(now)}</p>;
