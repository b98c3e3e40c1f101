import type { Amounts } from '../scenario/scenario.ts';
import { durationText } from '../scenario/units.ts';
import { amountsText } from './amounts.ts';
import type { Spread } from './histogram.ts';
import type { Track } from './recorder.ts';
import type { Report, SharerReport } from './report.ts';
import { sparkline } from './sparkline.ts';

/** A part of a report for people: a table with a title. */
export interface Section {
  readonly title: string;
  readonly columns: readonly { readonly heading: string; readonly isNumber?: boolean }[];
  readonly rows: readonly (readonly string[])[];
}

const MOST_ROWS = 20;

/** A report as tables. With `hasSparklines`, what changed over time is drawn beside the figures. */
export const reportSections = (report: Report, { hasSparklines }: { hasSparklines: boolean }): Section[] => {
  const { scenario, apps, moves, left, waits, incidents } = report;
  const sections: Section[] = [
    clusterSection(report),
    sharers('ROLE', report.roles, report.series.roles, hasSparklines),
  ];
  if (report.roles.length !== report.frameworks.length || report.frameworks.length > 1) {
    sections.push(sharers('FRAMEWORK', report.frameworks, report.series.frameworks, hasSparklines));
  }
  if (incidents.length > 0) {
    sections.push({
      title: 'What happened',
      columns: [{ heading: 'AT' }, { heading: 'EVENT' }],
      rows: incidents.map(({ atMs, text }) => [durationText(atMs), text]),
    });
  }
  sections.push({
    title: 'Tasks',
    columns: [
      { heading: 'FRAMEWORK' },
      { heading: 'APP' },
      ...['STARTED', 'FINISHED', 'FAILED', 'KILLED', 'LOST', 'MOVED'].map((heading) => ({
        heading,
        isNumber: true,
      })),
    ],
    rows: bounded(
      apps.map(({ framework, app, started, finished, failed, killed, lost, moved }) => [
        framework,
        app,
        ...[started, finished, failed, killed, lost, moved].map(String),
      ]),
    ),
  });
  if (moves.length > 0) sections.push(movesSection(report));
  if (waits.length > 0) {
    sections.push({
      title: 'Waited for a place, and found one',
      columns: [
        { heading: 'APP' },
        { heading: 'FRAMEWORK' },
        { heading: 'FROM' },
        { heading: 'FOR' },
        { heading: 'AT MOST', isNumber: true },
        { heading: 'WHY' },
      ],
      rows: bounded(
        waits.map(({ app, framework, fromMs, lastedMs, most, reason }) => [
          app,
          framework,
          durationText(fromMs),
          durationText(lastedMs),
          String(most),
          reason,
        ]),
      ),
    });
  }
  if (left.unserved.length > 0) {
    sections.push({
      title: scenario.isInterrupted ? 'Waiting so far' : 'Without a place at the end',
      columns: [
        { heading: 'APP' },
        { heading: 'FRAMEWORK' },
        { heading: 'WAITING', isNumber: true },
        { heading: 'OF THEM LOST', isNumber: true },
        { heading: 'NEEDS' },
        { heading: 'WHY' },
      ],
      rows: bounded(
        left.unserved.map(({ app, framework, waiting, displaced, needs, reason }) => [
          app,
          framework,
          String(waiting),
          String(displaced),
          amountsText(needs),
          reason,
        ]),
      ),
    });
  }
  sections.push(timesSection(report));
  return sections;
};

const clusterSection = ({ scenario, agents, capacity, used, left }: Report): Section => ({
  title: `${scenario.name}: ${durationText(scenario.reachedMs)} of ${durationText(scenario.untilMs)} simulated with seed ${scenario.seed}, ${agents.registered} of ${agents.planned} agents registered`,
  columns: [
    { heading: 'RESOURCE' },
    { heading: 'CAPACITY', isNumber: true },
    { heading: 'USED', isNumber: true },
    { heading: 'FREE', isNumber: true },
    { heading: 'MOST FREE ON ONE AGENT', isNumber: true },
  ],
  rows: Object.keys(capacity).map((name) => [
    name,
    ...[capacity, used, left.free, left.largest].map((amounts: Amounts) => number(amounts[name] ?? 0)),
  ]),
});

const sharers = (
  heading: string,
  reports: readonly SharerReport[],
  tracks: Readonly<Record<string, Track>>,
  hasSparklines: boolean,
): Section => {
  const highest = Math.max(...reports.flatMap(({ name }) => tracks[name]?.share ?? [0]), 0);
  return {
    title: `Dominant shares by ${heading.toLowerCase()}`,
    columns: [
      { heading },
      ...['TASKS', 'WAITING', 'SHARE', 'MEAN', 'ENTITLED'].map((one) => ({ heading: one, isNumber: true })),
      { heading: 'USED' },
      ...(hasSparklines ? [{ heading: 'SHARE OVER TIME' }] : []),
    ],
    rows: bounded(
      reports.map(({ name, tasks, waiting, share, meanShare, meanEntitled, used }) => [
        name,
        String(tasks),
        String(waiting),
        percent(share),
        percent(meanShare),
        percent(meanEntitled),
        amountsText(used),
        ...(hasSparklines ? [sparkline(tracks[name]?.share ?? [], highest)] : []),
      ]),
    ),
  };
};

/** How many tasks of each app went from where; the full list is in the JSON. */
const movesSection = ({ moves }: Report): Section => {
  const counts = new Map<string, { app: string; framework: string; count: number; to: Set<string> }>();
  for (const { app, framework, to } of moves) {
    const key = JSON.stringify([framework, app]);
    const entry = counts.get(key) ?? { app, framework, count: 0, to: new Set<string>() };
    counts.set(key, entry);
    entry.count++;
    entry.to.add(to);
  }
  return {
    title: 'Moved',
    columns: [
      { heading: 'APP' },
      { heading: 'FRAMEWORK' },
      { heading: 'TASKS', isNumber: true },
      { heading: 'TO AGENTS', isNumber: true },
    ],
    rows: bounded(
      [...counts.values()].map(({ app, framework, count, to }) => [
        app,
        framework,
        String(count),
        String(to.size),
      ]),
    ),
  };
};

const timesSection = ({ launchLatencyMs, allocation, jain, real, roles }: Report): Section => {
  const rows: string[][] = [
    ['launch latency (virtual)', spreadText(launchLatencyMs)],
    ["fairness (Jain's index)", `mean ${number(jain.mean)}, at the end ${number(jain.last)}`],
  ];
  for (const { name, guaranteeKept } of roles) {
    if (guaranteeKept !== undefined)
      rows.push([`guarantee of ${name}`, `kept ${percent(guaranteeKept)} of the time`]);
  }
  rows.push(
    ['allocation', `${allocation.runs} runs, ${allocation.offers} offers`],
    ['allocation run (real)', spreadText(real.allocationMs)],
    [
      'simulation (real)',
      `${number(real.seconds)} s, ${Math.round(real.eventsPerSecond)} events/s, ${number(real.secondsPerSimulatedHour)} s per simulated hour`,
    ],
    ['memory (real)', `${Math.round(real.peakHeapMiB)} MiB of heap at the most`],
  );
  return { title: 'Figures', columns: [{ heading: 'WHAT' }, { heading: 'VALUE' }], rows };
};

const spreadText = ({ count, p50, p90, p99, max }: Spread): string =>
  count === 0
    ? 'none'
    : [
        `median ${millis(p50)}`,
        `90 % ${millis(p90)}`,
        `99 % ${millis(p99)}`,
        `longest ${millis(max)}`,
        `of ${count}`,
      ].join(', ');

const millis = (ms: number): string => (ms < 1_000 ? `${number(ms)} ms` : durationText(ms));

const percent = (part: number): string => `${(part * 100).toFixed(1)}%`;

/** At most three decimals, none for what is large. */
const number = (value: number): string =>
  String(value >= 100 ? Math.round(value) : Math.round(value * 1_000) / 1_000);

/** What is left out is said. */
const bounded = (rows: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  rows.length <= MOST_ROWS + 1
    ? rows
    : [...rows.slice(0, MOST_ROWS), [`and ${rows.length - MOST_ROWS} more: see --json`]];
