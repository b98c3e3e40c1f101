import { join } from 'node:path';
import { Router } from '../http/router.ts';
import { startServer } from '../http/server.ts';
import type { AgentEvent } from '../mesos/agent-protocol.ts';
import { errorMessage } from '../runtime/error-message.ts';
import { machineLoad } from '../runtime/machine-load.ts';
import { Verbosity } from '../runtime/verbosity.ts';
import { TurnRunner } from '../store/turn-runner.ts';
import type { AgentOptions, RunningAgent } from './agent-options.ts';
import { attachedSandboxes } from './api/attached-sandboxes.ts';
import { ExecutorStreams } from './api/executor-streams.ts';
import { SandboxFiles } from './api/files.ts';
import { collectMetrics } from './api/metrics.ts';
import { type Recovery, refuseWhileRecovering } from './api/recovery.ts';
import { addAgentRoutes, renderAgentError } from './api/routes.ts';
import { measureUsage, type RunUsage, runningExecutor } from './api/statistics.ts';
import { buildContainers, openIsolation } from './build-containers.ts';
import { buildSessions } from './build-sessions.ts';
import { buildSettings, flagsOf } from './build-settings.ts';
import { Checker } from './checks/checker.ts';
import { Closing } from './closing.ts';
import type { ContainerEvents } from './containerizers/containerizer.ts';
import { AgentCore, type AgentInput } from './core/agent-core.ts';
import { knownContainers } from './core/known-containers.ts';
import { isIdle } from './core/state.ts';
import { Fetcher } from './fetcher/fetcher.ts';
import { MasterLink } from './link/master-link.ts';
import { type Checkpoint, openCheckpoint } from './open-checkpoint.ts';
import { type AgentParts, performEffect, watchOutput } from './perform-effects.ts';
import { DEFAULT_OVERSUBSCRIBED_INTERVAL_MS, startOversubscription } from './resources/oversubscription.ts';
import { DEFAULT_QOS_INTERVAL_MS, startQosCorrections } from './resources/qos-controller.ts';
import { SandboxCollector } from './sandbox/garbage-collection.ts';
import { DEFAULT_LOG_LIMITS, LogRotation } from './sandbox/log-rotation.ts';
import { settlingPromise } from './settling-promise.ts';

const IDLE_LOOK_MS = 20;

/**
 * Starts an agent: reads its checkpoint, takes over what an earlier life left running, serves its APIs and registers
 * with a master. Rejects, and leaves nothing behind, when the work folder, the port or the resources cannot be had.
 */
export const startAgent = async (options: AgentOptions): Promise<RunningAgent> => {
  const closing = new Closing();
  try {
    return await start(options, openCheckpoint(options, closing), closing);
  } catch (error) {
    await closing.run();
    throw error;
  }
};

const start = async (
  options: AgentOptions,
  checkpoint: Checkpoint,
  closing: Closing,
): Promise<RunningAgent> => {
  const { clock, random, log, host = '127.0.0.1' } = options;
  const { workDir, store, state, initialResources } = checkpoint;
  const startedMs = clock.now();
  const ended = settlingPromise<string>();
  const registered = settlingPromise<string>();

  const isolation = await openIsolation(options, workDir);
  closing.add(() => isolation.close());

  // What is served needs the core, and the core the port: routes are added when the server listens. Clients that know the port
  // from before are asked for patience.
  const router = new Router({ takesLongerPaths: true });
  let recovery: Recovery = 'reading';
  router.before(refuseWhileRecovering(() => recovery));
  const server = await startServer({
    router,
    log,
    host,
    port: options.port ?? 0,
    hostnames: [...(options.hostnames ?? []), ...(options.hostname === undefined ? [] : [options.hostname])],
    access: options.access,
    renderError: renderAgentError,
  });
  closing.add(() => server.close());
  const settings = buildSettings(options, { workDir, host, port: server.port, isolation: isolation.names });
  const core = new AgentCore({ state, settings, initialResources, uuid: () => random.uuid() });

  const handle = (input: AgentInput): void => runner.handle(input);
  const onMasterEvent = (event: AgentEvent): void => {
    handle({ type: 'master-event', event });
    if (event.type !== 'SUBSCRIBED') return;
    void runner.settled().then(() => registered.resolve(event.subscribed.agent_id.value));
  };
  const fetcher = new Fetcher({
    folder: options.fetcherCacheDir ?? join(workDir, 'fetch'),
    clock,
    ...(options.fetcherCacheBytes === undefined ? {} : { cacheBytes: options.fetcherCacheBytes }),
    ...(options.fetcherStallTimeoutMs === undefined ? {} : { stallTimeoutMs: options.fetcherStallTimeoutMs }),
    ...(options.frameworksHome === undefined ? {} : { frameworksHome: options.frameworksHome }),
  });
  const collector = new SandboxCollector({
    workDir,
    isInUse: (sandbox) => [...state.runs.values()].some(({ record }) => record.sandbox === sandbox),
    clock,
    log,
    ...(options.gcDelayMs === undefined ? {} : { delayMs: options.gcDelayMs }),
    ...(options.gcDiskHeadroom === undefined ? {} : { headroom: options.gcDiskHeadroom }),
  });
  const containerEvents: ContainerEvents = {
    forked: (containerId, process, networks) =>
      handle({ type: 'container-forked', containerId, process, networks }),
    failed: (containerId, message) => handle({ type: 'container-failed', containerId, message }),
    limited: (containerId, limitation) => handle({ type: 'container-limited', containerId, limitation }),
    exited: (containerId, exit) => handle({ type: 'container-exited', containerId, exit }),
    unstarted: (containerId) => handle({ type: 'container-unstarted', containerId }),
  };
  const oversubscription = await startOversubscription({
    estimator: options.resourceEstimator,
    intervalMs: options.oversubscribedIntervalMs ?? DEFAULT_OVERSUBSCRIBED_INTERVAL_MS,
    clock,
    log,
    onChange: (resources) => {
      const { agentId: value } = state;
      if (value === undefined) return;
      parts.link.send({
        type: 'UPDATE_AGENT',
        agent_id: { value },
        update_agent: { oversubscribed_resources: [...resources] },
      });
    },
  });
  closing.add(() => oversubscription.close());
  const parts: AgentParts = {
    link: new MasterLink({
      masterUrls: options.masterUrls,
      subscription: () => ({
        ...core.subscription(),
        ...(oversubscription.current.length === 0
          ? {}
          : { oversubscribed_resources: [...oversubscription.current] }),
        ...(options.clusterId === undefined ? {} : { cluster_id: options.clusterId }),
      }),
      agentId: () => state.agentId,
      onEvent: onMasterEvent,
      clock,
      random,
      log,
    }),
    containers: buildContainers(options, {
      workDir,
      containerizers: settings.containerizers,
      isolation,
      fetch: ({ plan, ...options }) =>
        fetcher.fetch({
          ...options,
          containerId: plan.id,
          uris: plan.command.uris ?? [],
          sandbox: plan.sandbox,
          volumes: plan.mounts.map(({ containerPath }) => containerPath),
        }),
      events: containerEvents,
    }),
    checker: new Checker({
      clock,
      enter: (containerId) => parts.containers.enter(containerId),
      tell: (containerId, result) => handle({ type: 'check-result', containerId, result }),
    }),
    sessions: buildSessions({
      workDir,
      enter: (containerId) => parts.containers.enter(containerId),
      events: containerEvents,
      clock,
      log,
    }),
    rotation: new LogRotation(clock, log),
    streams: new ExecutorStreams(clock),
    workDir,
    logLimits: options.logLimits ?? DEFAULT_LOG_LIMITS,
    log,
    end: (message) => void untilIdle().then(() => ended.resolve(message)),
  };
  const untilIdle = async (): Promise<void> => {
    while (!isIdle(state)) await new Promise((resolve) => setTimeout(resolve, IDLE_LOOK_MS));
    await runner.settled();
  };
  const runner = new TurnRunner({
    core,
    store,
    clock,
    onTimer: (timer): AgentInput => ({ type: 'timer', timer }),
    perform: (effect) => performEffect(parts, effect),
    onFault: (effect, error) =>
      log.error({ effect: effect.type, error: errorMessage(error) }, 'cannot do what has to be done'),
    onBroken: (error) => {
      log.error({ error: errorMessage(error) }, 'cannot write the checkpoint');
      ended.resolve(`The checkpoint cannot be written: ${errorMessage(error)}`);
    },
  });
  closing.add(() => parts.containers.close());
  closing.add(() => parts.sessions.close());
  closing.add(() => runner.close());
  closing.add(() => runner.settled());
  for (const part of [collector, parts.rotation, parts.checker, parts.link]) closing.add(() => part.close());

  const usages = (): Promise<RunUsage[]> => measureUsage(state, clock.now(), parts.containers);
  let recoveredMs: number | undefined;
  const recoverySeconds = (): number => ((recoveredMs ?? clock.now()) - startedMs) / 1000;
  addAgentRoutes(router, {
    core,
    streams: parts.streams,
    ...parts.sessions,
    clock,
    handle,
    files: new SandboxFiles(workDir, () => attachedSandboxes(state), options.logFile),
    facts: {
      startedMs,
      flags: flagsOf(options, settings, isolation.launcher.name),
      version: { version: settings.version },
      ...(options.plenumVersion === undefined ? {} : { plenumVersion: options.plenumVersion }),
    },
    metrics: () =>
      collectMetrics({
        state,
        fetcher,
        collector,
        imageMetrics: isolation.provisioner?.metrics() ?? {},
        oversubscribed: oversubscription.current,
        isRegistered: parts.link.isConnected,
        recoverySeconds: recoverySeconds(),
        uptimeSeconds: (clock.now() - startedMs) / 1000,
      }),
    verbosity: new Verbosity(clock, log),
    acls: options.acls,
    usages,
    pruneImages: async (excluded) => isolation.provisioner?.prune(excluded),
    now: () => clock.now(),
  });
  const corrections = await startQosCorrections({
    controller: options.qosController,
    intervalMs: options.qosIntervalMs ?? DEFAULT_QOS_INTERVAL_MS,
    clock,
    log,
    load: machineLoad,
    executors: async () => (await usages()).map(runningExecutor),
    correct: ({ containerId }) => handle({ type: 'preempt-run', runId: containerId }),
  });
  closing.add(() => corrections.close());
  const known = knownContainers(core);
  for (const { plan } of known) watchOutput(parts, { ...plan, environment: {} });
  handle({ type: 'recovered' });
  recovery = 'reconnecting';
  await parts.containers.recover(known);
  await runner.settled();
  recoveredMs = clock.now();
  recovery = 'done';
  parts.link.start();

  const endTasks = async (): Promise<void> => {
    handle({ type: 'end-tasks' });
    await untilIdle();
  };
  return {
    url: server.url,
    port: server.port,
    get agentId() {
      return state.agentId;
    },
    registered: registered.promise,
    ended: ended.promise,
    close: () => closing.run(),
    endTasks: async () => {
      await endTasks();
      await closing.run();
    },
    unregister: async () => {
      await endTasks();
      const { agentId } = state;
      if (agentId !== undefined) {
        await parts.link.sendNow({ type: 'UNREGISTER', agent_id: { value: agentId } });
      }
      await closing.run();
    },
  };
};
