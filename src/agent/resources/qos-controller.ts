import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Resource, ResourceStatistics } from '../../mesos/generated/mesos.ts';
import type { Clock, Timer } from '../../runtime/clock.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Log } from '../../runtime/log.ts';
import type { MachineLoad } from '../../runtime/machine-load.ts';

/** An executor that runs, with its tasks. */
export interface RunningExecutor {
  readonly containerId: string;
  readonly frameworkId: string;
  readonly executorId: string;
  /** Its own and its tasks'; revocable ones say so. */
  readonly resources: readonly Resource[];
  readonly statistics: ResourceStatistics;
}

/** An executor that has to go, and why, for the log. */
export interface QosCorrection {
  readonly containerId: string;
  readonly reason: string;
}

/** Says which executors are in the way of others (mesos.md 6.8); modules are written on it. */
export interface QosController {
  corrections(
    executors: readonly RunningExecutor[],
  ): readonly QosCorrection[] | Promise<readonly QosCorrection[]>;
}

/** The default export of a module that `--qos_controller` names. */
export type QosModule = (context: { readonly log: Log }) => QosController;

/** From which load on, averaged over so many minutes, nothing revocable is left on the machine. */
export interface LoadThresholds {
  readonly load_threshold_5min?: number;
  readonly load_threshold_15min?: number;
}

export interface QosOptions {
  /** Thresholds as JSON, or the path of an ES module; undefined: nothing is corrected. */
  readonly controller: string | undefined;
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly load: () => MachineLoad;
  readonly executors: () => Promise<readonly RunningExecutor[]>;
  readonly correct: (correction: QosCorrection) => void;
}

export const DEFAULT_QOS_INTERVAL_MS = 1_000;

/** Asks the controller again and again. Rejects when there is no such controller. */
export const startQosCorrections = async (options: QosOptions): Promise<{ close(): void }> => {
  const { controller, intervalMs, clock, log, executors, correct } = options;
  if (controller === undefined) return { close: () => undefined };
  const source = await openController(controller, options);
  let timer: Timer | undefined;
  let isClosed = false;
  const again = (): void => {
    if (!isClosed) timer = clock.setTimer(intervalMs, () => void look());
  };
  const look = async (): Promise<void> => {
    try {
      const running = await executors();
      const known = new Set(running.map(({ containerId }) => containerId));
      for (const correction of await source.corrections(running)) {
        if (isClosed || !known.has(correction.containerId)) continue;
        log.warn({ ...correction }, 'an executor is preempted');
        correct(correction);
      }
    } catch (error) {
      log.warn({ error: errorMessage(error) }, 'the QoS controller failed; nothing is corrected');
    }
    again();
  };
  again();
  return {
    close: () => {
      isClosed = true;
      timer?.cancel();
    },
  };
};

const openController = async (
  text: string,
  { log, load }: Pick<QosOptions, 'log' | 'load'>,
): Promise<QosController> => {
  if (text.trimStart().startsWith('{')) return loadController(readThresholds(text), load);
  const module: { default?: unknown } = await import(pathToFileURL(resolve(text)).href);
  if (typeof module.default !== 'function') {
    throw new Error(`${text} has no function as its default export, as a QoS controller must`);
  }
  return (module.default as QosModule)({ log });
};

/** Mesos' own: on a machine with too much to do, every executor with something revocable goes. */
export const loadController = (
  { load_threshold_5min: most5, load_threshold_15min: most15 }: LoadThresholds,
  load: () => MachineLoad,
): QosController => ({
  corrections: (executors) => {
    const { load5, load15 } = load();
    const reasons = [
      ...(most5 !== undefined && load5 > most5 ? [`the load of 5 minutes is ${load5}, over ${most5}`] : []),
      ...(most15 !== undefined && load15 > most15
        ? [`the load of 15 minutes is ${load15}, over ${most15}`]
        : []),
    ];
    const [reason] = reasons;
    if (reason === undefined) return [];
    return executors
      .filter(({ resources }) => resources.some(({ revocable }) => revocable))
      .map(({ containerId }) => ({ containerId, reason }));
  },
});

const THRESHOLDS = ['load_threshold_5min', 'load_threshold_15min'] as const;

/** Throws an Error that says what is wrong. */
export const readThresholds = (text: string): LoadThresholds => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`--qos_controller is not JSON: ${errorMessage(error)}`);
  }
  const fields = Object.entries(value as object);
  const wrong = fields.find(
    ([name, most]) => !THRESHOLDS.some((known) => known === name) || typeof most !== 'number' || !(most > 0),
  );
  if (wrong !== undefined || fields.length === 0) {
    throw new Error(
      `--qos_controller takes loads from which on revocable tasks go: {"load_threshold_5min": 8, "load_threshold_15min": 6}, not ${text}`,
    );
  }
  return Object.fromEntries(fields);
};
