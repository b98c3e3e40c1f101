import { useRef } from 'preact/hooks';
import { getUsage } from '../feeds/cluster-calls.ts';
import { type ContainerUsage, cpusBetween } from '../model/container-usage.ts';
import type { TaskDetail } from '../model/mesos.ts';
import { containerOf } from '../model/task-container.ts';
import { Bar } from '../view/bar.tsx';
import { Facts } from '../view/facts.tsx';
import { formatBytes, formatCpus } from '../view/format.ts';
import { Problem } from '../view/problem.tsx';
import { useLive } from '../view/use-live.ts';

/** What a task uses of what it was given, as its agent measures it. */
export const TaskUsage = ({ task }: { task: TaskDetail }) => {
  const container = containerOf(task);
  const id = container?.parent?.value ?? container?.value ?? '';
  const earlier = useRef<ContainerUsage | undefined>(undefined);
  const { value, problem } = useLive(`usage ${id}`, async () => {
    const usage = await getUsage(task.slave_id, id);
    const cpus = cpusBetween(earlier.current, usage);
    earlier.current = usage;
    return { usage, cpus };
  });
  if (problem) return <Problem problem={problem} />;
  if (value === undefined) return <p class="empty">Measuring…</p>;
  const { usage, cpus } = value;
  if (usage === undefined) return <p class="empty">Its agent does not measure it, or it has ended.</p>;
  const { memoryBytes, memoryLimitBytes, processes, cpuSeconds } = usage;
  const given = Number(task.resources.cpus ?? 0);
  return (
    <>
      {container?.parent === undefined ? null : <p class="dim">Together with all containers of its pod:</p>}
      <Facts
        facts={[
          [
            'Processors',
            cpus === undefined ? (
              'measuring…'
            ) : (
              <Bar key="cpus" part={cpus} whole={given} format={formatCpus} />
            ),
          ],
          [
            'Memory',
            memoryLimitBytes > 0 ? (
              <Bar key="memory" part={memoryBytes} whole={memoryLimitBytes} format={formatBytes} />
            ) : (
              formatBytes(memoryBytes)
            ),
          ],
          ['Processes', processes],
          ['Processor time', `${cpuSeconds.toFixed(1)} s`],
        ]}
      />
    </>
  );
};
