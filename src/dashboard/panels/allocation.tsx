import { percent } from '../model/history.ts';
import type { Quantities } from '../model/quantities.ts';
import { history, total, used } from '../store.ts';
import { Chart } from '../view/chart.tsx';
import { formatCpus, formatMebibytes } from '../view/format.ts';
import { theme } from '../view/theme.tsx';

interface Panel {
  readonly key: keyof Quantities;
  readonly title: string;
  readonly colour: string;
  readonly format: (amount: number) => string;
}

const PANELS: readonly Panel[] = [
  { key: 'cpus', title: 'CPU allocation', colour: '--cpu', format: formatCpus },
  { key: 'mem', title: 'Memory allocation', colour: '--memory', format: formatMebibytes },
  { key: 'disk', title: 'Disk allocation', colour: '--disk', format: formatMebibytes },
];

/** What of the cluster is held by tasks, now and over the last minutes. */
export const Allocation = () => (
  <>
    {PANELS.map(({ key, title, colour, format }) => (
      <section class="panel" key={key}>
        <h2>{title}</h2>
        <p class="figure">
          <strong>{Math.round(percent(used.value[key], total.value[key]))}%</strong>
          <span class="dim">
            {format(used.value[key])} of {format(total.value[key])}
          </span>
        </p>
        <Chart
          key={theme.value}
          seconds={history.value.seconds}
          values={history.value[key]}
          label={title}
          colour={colour}
        />
      </section>
    ))}
  </>
);
