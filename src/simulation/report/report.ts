import type { Amounts, Scenario } from '../scenario/scenario.ts';
import type { AllocationLog } from '../world/measured-allocator.ts';
import type { Stage } from '../world/play-timeline.ts';
import type { Spread } from './histogram.ts';
import type { Incident, Move, Tally } from './ledger.ts';
import type { Recorder, Series, Track } from './recorder.ts';
import { findLeftovers, type Leftovers } from './unserved.ts';
import type { Wait } from './waits.ts';

/** How one role or framework fared. Shares are dominant shares of the whole cluster, from 0 to 1. */
export interface SharerReport {
  readonly name: string;
  readonly tasks: number;
  readonly waiting: number;
  readonly used: Amounts;
  readonly share: number;
  readonly meanShare: number;
  readonly meanEntitled: number;
}

export interface RoleReport extends SharerReport {
  readonly weight: number;
  readonly guarantee: Amounts | undefined;
  readonly limit: Amounts | undefined;
  /** Part of the time in which the role had as much of its guarantee as it asked for. */
  readonly guaranteeKept: number | undefined;
}

/** What is measured, and differs from run to run. */
export interface RealFigures {
  readonly seconds: number;
  readonly secondsPerSimulatedHour: number;
  readonly events: number;
  readonly eventsPerSecond: number;
  /** Of one run of the allocator, in milliseconds. */
  readonly allocationMs: Spread;
  readonly peakHeapMiB: number;
}

/** What came of a simulation. All but `real` is the same whenever the scenario and its seed are. Times are virtual milliseconds. */
export interface Report {
  readonly scenario: {
    readonly name: string;
    readonly about: string | undefined;
    readonly seed: number;
    readonly untilMs: number;
    readonly reachedMs: number;
    readonly isInterrupted: boolean;
  };
  readonly agents: { readonly planned: number; readonly registered: number; readonly unreachable: number };
  readonly capacity: Amounts;
  readonly used: Amounts;
  readonly roles: readonly RoleReport[];
  readonly frameworks: readonly SharerReport[];
  readonly apps: readonly Tally[];
  /** Jain's index over what frameworks had of what they were entitled to. */
  readonly jain: { readonly mean: number; readonly last: number };
  readonly launchLatencyMs: Spread;
  readonly allocation: { readonly runs: number; readonly offers: number };
  readonly left: Leftovers;
  /** The longest wait of each app that ended before the simulation, from 30 s on. */
  readonly waits: readonly Wait[];
  readonly moves: readonly Move[];
  readonly incidents: readonly Incident[];
  readonly series: Series;
  readonly real: RealFigures;
}

export interface ReportOptions {
  readonly scenario: Scenario;
  readonly stage: Stage;
  readonly recorder: Recorder;
  readonly log: AllocationLog;
  readonly isInterrupted: boolean;
  readonly events: number;
  readonly realSeconds: number;
  readonly peakHeapBytes: number;
}

export const makeReport = (options: ReportOptions): Report => {
  const { scenario, stage, recorder, log, events, realSeconds } = options;
  const { world, pool } = stage;
  const { series } = recorder;
  const { state } = world.master;
  const reachedMs = world.elapsedMs();
  return {
    scenario: {
      name: scenario.name,
      about: scenario.about,
      seed: scenario.seed,
      untilMs: scenario.untilMs,
      reachedMs,
      isInterrupted: options.isInterrupted,
    },
    agents: {
      planned: pool.agents.length,
      registered: state.agents.size,
      unreachable: state.unreachableAgents.size,
    },
    capacity: lastOf(series.capacity),
    used: lastOf(series.used),
    roles: Object.entries(series.roles).map(([role, track]) => roleReport(options, role, track)),
    frameworks: Object.entries(series.frameworks).map(([name, track]) => sharerReport(name, track)),
    apps: world.ledger.tallies,
    jain: { mean: mean(series.jain), last: series.jain.at(-1) ?? 1 },
    launchLatencyMs: world.ledger.latency.summary(),
    allocation: { runs: log.realMs.count, offers: log.offers },
    left: findLeftovers(stage),
    waits: recorder.waits.waits(),
    moves: world.ledger.moves,
    incidents: world.ledger.incidents,
    series,
    real: {
      seconds: realSeconds,
      secondsPerSimulatedHour: reachedMs === 0 ? 0 : (realSeconds * 3_600_000) / reachedMs,
      events,
      eventsPerSecond: realSeconds === 0 ? 0 : events / realSeconds,
      allocationMs: log.realMs.summary(),
      peakHeapMiB: options.peakHeapBytes / 1024 / 1024,
    },
  };
};

const sharerReport = (name: string, track: Track): SharerReport => ({
  name,
  tasks: track.tasks.at(-1) ?? 0,
  waiting: track.waiting.at(-1) ?? 0,
  used: lastOf(track.used),
  share: track.share.at(-1) ?? 0,
  meanShare: mean(track.share),
  meanEntitled: mean(track.entitled),
});

const roleReport = ({ stage, recorder }: ReportOptions, role: string, track: Track): RoleReport => {
  const { quotas, weights } = stage.world.master.state;
  const { guarantees, limits } = quotas.get(role) ?? {};
  const kept = recorder.series.guaranteed[role];
  return {
    ...sharerReport(role, track),
    weight: weights.get(role) ?? 1,
    guarantee: guarantees && plain(guarantees),
    limit: limits && plain(limits),
    guaranteeKept: kept && mean(kept.map((isKept) => (isKept ? 1 : 0))),
  };
};

const plain = (scalars: Readonly<Record<string, { value: number }>>): Amounts =>
  Object.fromEntries(Object.entries(scalars).map(([name, { value }]) => [name, value]));

const lastOf = (columns: Readonly<Record<string, readonly number[]>>): Amounts =>
  Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values.at(-1) ?? 0]));

/** Of all moments after the first one, at which nobody has anything. */
const mean = (values: readonly number[]): number => {
  const counted = values.length > 1 ? values.slice(1) : values;
  return counted.length === 0 ? 0 : counted.reduce((sum, value) => sum + value, 0) / counted.length;
};
