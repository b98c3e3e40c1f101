import { Router } from '../http/router.ts';
import { startServer } from '../http/server.ts';
import type { AgentEvent } from '../mesos/agent-protocol.ts';
import type { Event } from '../mesos/generated/scheduler.ts';
import { errorMessage } from '../runtime/error-message.ts';
import { TurnRunner } from '../store/turn-runner.ts';
import { addAgentRoutes } from './api/agent-api.ts';
import { EventStreams } from './api/event-streams.ts';
import { addMasterRoutes, renderMasterError } from './api/routes.ts';
import { addSchedulerRoutes } from './api/scheduler-api.ts';
import { allocatorOptions, buildSettings, masterInfo } from './build-settings.ts';
import type { MasterInput, OperatorOutcome } from './core/input.ts';
import { MasterCore } from './core/master-core.ts';
import { loadState } from './core/registry.ts';
import { shownFlags } from './flags/shown-flags.ts';
import type { MasterOptions, RunningMaster } from './master-options.ts';
import { type MasterParts, performEffect } from './perform-effects.ts';
import { Timings } from './timings.ts';
import { watchWhitelist } from './watch-whitelist.ts';

export type { MasterOptions, RunningMaster } from './master-options.ts';

/**
 * Starts a master: reads the registry, serves its APIs, and waits for agents and schedulers. Rejects, and leaves nothing
 * behind, when the port cannot be had.
 */
export const startMaster = async (options: MasterOptions): Promise<RunningMaster> => {
  const { store, clock, random, log } = options;
  // What is served needs the core, and the core the port: routes are added when the server listens, before a client can
  // know of it.
  const router = new Router({ takesLongerPaths: true });
  const server = await startServer({
    router,
    log,
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    hostnames: options.hostnames ?? [],
    access: options.access,
    renderError: renderMasterError,
  });
  const uuid = (): string => random.uuid();
  const masterId = uuid();
  const settings = buildSettings(options, server.port);
  const timings = new Timings(clock);
  const state = timings.fetchRegistry(store, () =>
    loadState(store, { masterId, info: masterInfo(masterId, settings), nowMs: clock.now() }),
  );
  const allocator = timings.timedAllocator(allocatorOptions(options, settings));
  const core = new MasterCore({ state, settings, allocator, uuid });

  const heartbeats = new Map<string, number>();
  const answers = new Map<string, (outcome: OperatorOutcome) => void>();
  const ask = (input: (requestId: string) => MasterInput): Promise<OperatorOutcome> =>
    new Promise((resolve) => {
      const requestId = uuid();
      answers.set(requestId, resolve);
      handle(input(requestId));
    });
  const operators = addMasterRoutes(router, {
    state,
    allocator,
    ask: (command) => ask((requestId) => ({ type: 'operator', requestId, command })),
    acls: settings.acls,
    facts: {
      ...(options.clusterName === undefined ? {} : { clusterName: options.clusterName }),
      flags: shownFlags(options, settings),
      version: { version: options.version },
      ...(options.plenumVersion === undefined ? {} : { plenumVersion: options.plenumVersion }),
    },
    clock,
    log,
    logFile: options.logFile,
    timings: () => timings.metrics(),
    heartbeats: options.flags?.areFrameworkMetricsPublished === false ? undefined : heartbeats,
    ...(options.flags?.maxOperatorStreams === undefined
      ? {}
      : { maxStreams: options.flags.maxOperatorStreams }),
  });
  const parts: MasterParts = {
    schedulers: new EventStreams<Event>(clock),
    agents: new EventStreams<AgentEvent>(clock),
    operators,
    answer: (requestId, outcome) => {
      answers.get(requestId)?.(outcome);
      answers.delete(requestId);
    },
    heartbeatSent: (frameworkId) => countHeartbeat(heartbeats, frameworkId),
    allocationWaited: (durationMs) => timings.allocationWaited(durationMs),
    end,
    log,
  };
  const runner = new TurnRunner({
    core,
    store: timings.timedStore(store),
    clock,
    onTimer: (timer): MasterInput => ({ type: 'timer', timer }),
    perform: (effect) => performEffect(parts, effect),
    onFault: (effect, error) =>
      log.error({ effect: effect.type, error: errorMessage(error) }, 'cannot do what has to be done'),
    onBroken: (error) => {
      log.error({ error: errorMessage(error) }, 'cannot write the registry');
      // What this master knows is not what is written.
      end('The registry cannot be written', error);
    },
  });
  const handle = (input: MasterInput): void => runner.handle(input);
  const settled = (): Promise<void> => runner.settled();
  addSchedulerRoutes(router, {
    state,
    streams: parts.schedulers,
    handle,
    update: (frameworkId, update) =>
      ask((requestId) => ({ type: 'update-framework', requestId, frameworkId, update })),
    settled,
    uuid,
  });
  addAgentRoutes(router, {
    state,
    streams: parts.agents,
    handle,
    settled,
    uuid,
    clusterId: options.clusterId,
    acls: settings.acls,
  });
  handle({ type: 'started' });
  log.info({ masterId, url: server.url, recoveredAgents: state.recoveredAgents.size }, 'master started');

  const stopWatching =
    options.flags?.whitelistFile === undefined
      ? undefined
      : await watchWhitelist({
          file: options.flags.whitelistFile,
          clock,
          log,
          onChange: (hostnames) => handle({ type: 'whitelist', hostnames }),
        });

  return {
    url: server.url,
    port: server.port,
    close: async () => {
      // First of all: that connections end now says nothing about who was connected.
      runner.close();
      stopWatching?.();
      await runner.settled();
      for (const streams of [parts.schedulers, parts.agents, operators]) streams.close();
      await server.close();
    },
  };
};

/** Ends the process: nobody catches this on purpose. */
const end = (message: string, cause?: unknown): void => {
  setImmediate(() => {
    throw new Error(message, { cause });
  });
};

/** Frameworks whose heartbeats are counted; the one that came first goes. */
const MAX_COUNTED_FRAMEWORKS = 10_000;

const countHeartbeat = (heartbeats: Map<string, number>, frameworkId: string): void => {
  heartbeats.set(frameworkId, (heartbeats.get(frameworkId) ?? 0) + 1);
  const [first] = heartbeats.keys();
  if (heartbeats.size > MAX_COUNTED_FRAMEWORKS && first !== undefined) heartbeats.delete(first);
};
