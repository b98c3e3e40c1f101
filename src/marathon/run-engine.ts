import type { Clock } from '../runtime/clock.ts';
import { errorMessage } from '../runtime/error-message.ts';
import type { Log } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import {
  isRemoval,
  type SchedulerConnection,
  type SchedulerConnectionOptions,
} from '../sdk/scheduler-connection.ts';
import type { Store } from '../store/store.ts';
import { TurnRunner } from '../store/turn-runner.ts';
import type { Answer, MarathonEffect, TimerName } from './core/effect.ts';
import type { EngineEvent } from './core/event.ts';
import { frameworkInfo } from './core/framework-info.ts';
import type { MarathonInput } from './core/input.ts';
import { loadState } from './core/load-state.ts';
import { MarathonCore } from './core/marathon-core.ts';
import type { MarathonSettings } from './core/settings.ts';
import type { EngineFacts, MarathonEngine } from './engine.ts';
import { openEngine } from './open-engine.ts';
import { Prober } from './prober.ts';

export interface RunEngineOptions {
  readonly settings: MarathonSettings;
  readonly facts: Pick<EngineFacts, 'version' | 'url' | 'leader' | 'masterUrls'>;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Opens the line to the master. */
  readonly connect: (
    options: Pick<
      SchedulerConnectionOptions,
      'frameworkInfo' | 'suppressedRoles' | 'onEvent' | 'onDisconnected' | 'onRefused'
    >,
  ) => SchedulerConnection;
}

export interface RunningEngine {
  readonly engine: MarathonEngine;
  /** Resolves once the first subscription is durable. */
  readonly subscribed: Promise<void>;
  /** Resolves with the reason when the engine cannot go on. */
  readonly ended: Promise<string>;
  close(): Promise<void>;
}

/** What carries out the core's effects, timers apart. */
type OutwardEffect = Exclude<MarathonEffect, { timer: TimerName }>;

/** Runs the engine's logic: loads what an earlier life left, subscribes, and does what the logic wants done. */
export const runEngine = (options: RunEngineOptions): RunningEngine => {
  const { settings, store, clock, random, log } = options;
  const core = new MarathonCore({ state: loadState(store, clock.now()), settings, random });
  const { state } = core;
  const listeners = new Set<(event: EngineEvent) => void>();
  const requests = new Map<number, (answer: Answer) => void>();
  const subscribed = settling<void>();
  const ended = settling<string>();

  const publish = (event: EngineEvent): void => {
    for (const listener of listeners) listener(event);
    if (event.eventType === 'scheduler_registered_event') subscribed.resolve();
  };
  const refuseAll = (reason: string): void => {
    for (const answer of requests.values()) answer({ type: 'refused', error: new Error(reason) });
    requests.clear();
  };
  const perform = (effect: OutwardEffect): void => {
    switch (effect.type) {
      case 'call':
        connection.call(effect.call).catch((error: unknown) => {
          log.debug({ call: effect.call.type, error: errorMessage(error) }, 'a call did not get through');
          runner.handle({ type: 'call-failed', call: effect.call });
        });
        break;
      case 'publish':
        publish({ ...effect.event, timestamp: new Date(effect.atMs).toISOString() });
        break;
      case 'answer':
        requests.get(effect.requestId)?.(effect.answer);
        requests.delete(effect.requestId);
        break;
      case 'probe':
        prober.probe(effect.probe);
        break;
    }
  };
  const runner = new TurnRunner<MarathonInput, OutwardEffect, TimerName>({
    core,
    store,
    clock,
    onTimer: (timer) => ({ type: 'timer', timer }),
    perform,
    onFault: (effect, error) =>
      log.error({ effect: effect.type, error: errorMessage(error) }, 'cannot do what has to be done'),
    onBroken: (error) => {
      const reason = `The state cannot be written: ${errorMessage(error)}`;
      log.error({ error: errorMessage(error) }, 'cannot write the state');
      refuseAll(reason);
      ended.resolve(reason);
    },
  });
  const prober = new Prober(({ purpose }, result) =>
    runner.handle({ type: 'probe-result', purpose, result }),
  );
  const connect = (): SchedulerConnection =>
    options.connect({
      frameworkInfo: frameworkInfo(settings, {
        frameworkId: state.frameworkId,
        roles: state.master.initialRoles,
      }),
      // Nothing is offered before it is known what is wanted.
      suppressedRoles: state.master.initialRoles,
      onEvent: (event) => runner.handle({ type: 'master-event', event }),
      onDisconnected: (reason) => {
        log.warn({ reason }, 'the line to the master is gone');
        runner.handle({ type: 'disconnected' });
      },
      onRefused: (message) => void refused(message),
    });
  const refused = async (message: string): Promise<void> => {
    const { frameworkId } = state;
    if (frameworkId !== undefined && isRemoval(message)) {
      log.warn({ frameworkId, reason: message }, 'the framework is gone, going on as a new one');
      runner.handle({ type: 'framework-removed' });
      await runner.settled();
      if (!isClosed) connection = connect();
      return;
    }
    log.error({ reason: message }, 'the master refuses this framework');
    runner.handle({ type: 'disconnected' });
    ended.resolve(`The master refuses this framework: ${message}`);
  };
  let isClosed = false;
  let connection = connect();
  runner.handle({ type: 'started' });

  return {
    engine: openEngine({
      core,
      runner,
      store,
      clock,
      settings,
      facts: options.facts,
      listeners,
      requests,
    }),
    subscribed: subscribed.promise,
    ended: ended.promise,
    close: async () => {
      isClosed = true;
      prober.close();
      await connection.close();
      await runner.settled();
      runner.close();
      refuseAll('Marathon is shutting down');
      listeners.clear();
    },
  };
};

interface Settling<Value> {
  readonly promise: Promise<Value>;
  resolve(value: Value): void;
}

const settling = <Value>(): Settling<Value> => {
  let settle: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value) => settle(value) };
};
