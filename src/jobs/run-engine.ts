import { userInfo } from 'node:os';
import type { FrameworkInfo } from '../mesos/generated/mesos.ts';
import type { Clock } from '../runtime/clock.ts';
import { errorMessage } from '../runtime/error-message.ts';
import type { Log } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import { lineInputOf } from '../sdk/line-input.ts';
import {
  isRemoval,
  type SchedulerCall,
  type SchedulerConnection,
  type SchedulerConnectionOptions,
} from '../sdk/scheduler-connection.ts';
import type { Store } from '../store/store.ts';
import { TurnRunner } from '../store/turn-runner.ts';
import { runsOf } from './core/begin-run.ts';
import type { Answer, JobsEffect, JobsInput, JobsTimer } from './core/effect.ts';
import { JobsCore } from './core/jobs-core.ts';
import { isWaiting } from './core/run-tasks.ts';
import { loadState, NO_HISTORY } from './core/state.ts';
import type { JobsEngine } from './engine.ts';

type Line = Pick<
  SchedulerConnectionOptions,
  'frameworkInfo' | 'suppressedRoles' | 'onEvent' | 'onDisconnected' | 'onRefused'
>;

export interface EngineOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Where the API is, for the master to tell others. */
  readonly url: string;
  readonly principal?: string | undefined;
  /** Opens a line to the master. */
  readonly connect: (line: Line) => SchedulerConnection;
}

export interface RunningEngine {
  readonly engine: JobsEngine;
  /** Resolves with the reason when it cannot go on. */
  readonly ended: Promise<string>;
  close(): Promise<void>;
}

const FRAMEWORK_NAME = 'metronome';
const ROLE = '*';
const FAILOVER_SECONDS = 7 * 86_400;

/** Takes over what an earlier life left in the store, and goes on. */
export const runEngine = (options: EngineOptions): RunningEngine => {
  const { store, clock, random, log } = options;
  const core = new JobsCore(loadState(store), random);
  const requests = new Map<number, (answer: Answer) => void>();
  let lastRequestId = 0;
  let connection: SchedulerConnection | undefined;
  let endWith: (reason: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => {
    endWith = resolve;
  });
  const runner = new TurnRunner<JobsInput, JobsEffect, JobsTimer>({
    core,
    store,
    clock,
    onTimer: (timer) => ({ type: 'timer', timer }),
    perform: (effect) => {
      if (effect.type === 'call') call(effect.call);
      else if (effect.type === 'answer') {
        requests.get(effect.requestId)?.(effect.answer);
        requests.delete(effect.requestId);
      }
    },
    onFault: (effect, error) =>
      log.error({ effect: effect.type, error: errorMessage(error) }, 'an effect failed'),
    onBroken: (error) => endWith(`The store cannot be written: ${errorMessage(error)}`),
  });

  const call = (schedulerCall: SchedulerCall): void => {
    const sent = connection?.call(schedulerCall) ?? Promise.reject(new Error('not connected yet'));
    sent.catch((error: unknown) => {
      log.warn({ call: schedulerCall.type, error: errorMessage(error) }, 'a call failed');
      runner.handle({ type: 'call-failed', call: schedulerCall });
    });
  };

  const connect = (): void => {
    connection = options.connect({
      frameworkInfo: frameworkInfo(options, core.state.frameworkId),
      suppressedRoles: [ROLE],
      onEvent: async (event) => {
        const input = lineInputOf(event);
        if (!input) return;
        runner.handle(input);
        await runner.settled();
      },
      onDisconnected: () => runner.handle({ type: 'disconnected' }),
      onRefused: (message) => {
        if (!isRemoval(message)) {
          endWith(`The master refuses the job service: ${message}`);
          return;
        }
        log.warn({ message }, 'the framework is gone, going on as a new one');
        runner.handle({ type: 'removed' });
        connect();
      },
    });
  };

  connect();
  // What time alone has changed since the last life.
  runner.handle({ type: 'timer', timer: 'schedules' });
  const { state } = core;
  return {
    ended,
    engine: {
      jobs: () => [...state.jobs.values()],
      job: (id) => state.jobs.get(id),
      history: (jobId) => state.histories.get(jobId) ?? NO_HISTORY,
      runs: (jobId) => runsOf(state, jobId),
      run: (id) => state.runs.get(id),
      allRuns: () => [...state.runs.values()],
      isConnected: () => state.isConnected,
      waiting: () => [...state.runs.values()].filter(isWaiting),
      change: (change) =>
        new Promise((resolve, reject) => {
          const requestId = ++lastRequestId;
          requests.set(requestId, (answer) => {
            if (answer.type === 'done') resolve(answer.runId);
            else reject(answer.error);
          });
          runner.handle({ type: 'request', requestId, change });
        }),
    },
    close: async () => {
      await connection?.close();
      await runner.settled();
      runner.close();
    },
  };
};

const frameworkInfo = ({ url, principal }: EngineOptions, id: string | undefined): FrameworkInfo => ({
  user: userInfo().username,
  name: FRAMEWORK_NAME,
  ...(id === undefined ? {} : { id: { value: id } }),
  failover_timeout: FAILOVER_SECONDS,
  checkpoint: true,
  roles: [ROLE],
  ...(principal === undefined ? {} : { principal }),
  hostname: new URL(url).hostname,
  webui_url: url,
  capabilities: [
    { type: 'MULTI_ROLE' },
    { type: 'RESERVATION_REFINEMENT' },
    { type: 'PARTITION_AWARE' },
    { type: 'TASK_KILLING_STATE' },
    { type: 'GPU_RESOURCES' },
  ],
});
