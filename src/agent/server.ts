import { mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer } from '../http/server.ts';
import { errorMessage } from '../runtime/error-message.ts';
import { openStore } from '../store/lmdb-store.ts';
import type { AgentOptions, RunningAgent } from './agent-options.ts';
import { defaultExecutorEnvironment } from './agent-options.ts';
import { attachedSandboxes } from './api/attached-sandboxes.ts';
import { ExecutorStreams } from './api/executor-streams.ts';
import { SandboxFiles } from './api/files.ts';
import { collectMetrics } from './api/metrics.ts';
import { agentRoutes, renderAgentError } from './api/routes.ts';
import { Checker } from './checks/checker.ts';
import { AgentCore, type AgentInput, isIdle } from './core/agent-core.ts';
import type { Effect } from './core/effect.ts';
import { loadCheckpointedResources, loadState } from './core/load.ts';
import { volumeFolder } from './core/mounts.ts';
import { volumesOf, withCheckpointed } from './core/operations.ts';
import {
  type AgentSettings,
  DEFAULT_REGISTRATION_TIMEOUT_MS,
  DEFAULT_REREGISTRATION_TIMEOUT_MS,
  DEFAULT_SHUTDOWN_GRACE_MS,
} from './core/settings.ts';
import { checkpointFolder, exitsFolder } from './core/work-folder.ts';
import { Fetcher } from './fetcher/fetcher.ts';
import { MasterLink } from './link/master-link.ts';
import { ContainerRunner } from './processes/container-runner.ts';
import { ProcessKiller } from './processes/process-killer.ts';
import { detectResources } from './resources/detect-resources.ts';
import { parseAttributes, parseResources } from './resources/parse-values.ts';
import { SandboxCollector } from './sandbox/garbage-collection.ts';
import { DEFAULT_LOG_LIMITS, LogRotation, logLimitsOf } from './sandbox/log-rotation.ts';
import { TurnRunner } from './turn-runner.ts';
import { lockWorkFolder } from './work-lock.ts';

const IDLE_LOOK_MS = 20;

/**
 * Starts an agent: reads its checkpoint, takes over what an earlier life left running, serves its APIs and registers
 * with a master. Rejects when the work folder, the port or the resources cannot be had.
 */
export const startAgent = async (options: AgentOptions): Promise<RunningAgent> => {
  const { log, clock, random, version, host = '127.0.0.1' } = options;
  const startedMs = clock.now();
  mkdirSync(options.workDir, { recursive: true });
  const workDir = realpathSync(options.workDir);
  const initialResources = detectResources(parseResources(options.resources ?? ''), workDir);
  const attributes = parseAttributes(options.attributes ?? '');
  mkdirSync(join(workDir, 'meta'), { recursive: true });
  const unlock = lockWorkFolder(join(workDir, 'meta', 'agent.lock'));
  const store = openStore(checkpointFolder(workDir));
  const resources = withCheckpointed(initialResources, loadCheckpointedResources(store));
  const state = loadState(store, resources);
  removeForgottenVolumes(
    workDir,
    volumesOf(state).map((volume) => volumeFolder(workDir, volume)),
  );

  // The port becomes known only when the server listens; what runs before then does not ask for it.
  const settings: { -readonly [Name in keyof AgentSettings]: AgentSettings[Name] } = {
    version,
    hostname: options.hostname ?? host,
    ip: host,
    port: options.port ?? 0,
    workDir,
    attributes,
    executorEnvironment: options.executorEnvironment ?? defaultExecutorEnvironment(process.env),
    executable: options.executable,
    canSwitchUser: process.getuid?.() === 0,
    executorRegistrationTimeoutMs: options.executorRegistrationTimeoutMs ?? DEFAULT_REGISTRATION_TIMEOUT_MS,
    executorReregistrationTimeoutMs:
      options.executorReregistrationTimeoutMs ?? DEFAULT_REREGISTRATION_TIMEOUT_MS,
    executorShutdownGraceMs: options.executorShutdownGraceMs ?? DEFAULT_SHUTDOWN_GRACE_MS,
  };
  const core = new AgentCore({ state, settings, initialResources, uuid: () => random.uuid() });
  const fetcher = new Fetcher({
    folder: options.fetcherCacheDir ?? join(workDir, 'fetch'),
    clock,
    ...(options.fetcherCacheBytes === undefined ? {} : { cacheBytes: options.fetcherCacheBytes }),
  });
  const handle = (input: AgentInput): void => runner.handle(input);
  const containers = new ContainerRunner({
    exitsFolder: exitsFolder(workDir),
    fetch: ({ plan, user, stderr, signal }) =>
      fetcher.fetch({
        containerId: plan.id,
        uris: plan.command.uris ?? [],
        sandbox: plan.sandbox,
        user,
        stderr,
        signal,
      }),
    events: {
      forked: (containerId, process) => handle({ type: 'container-forked', containerId, process }),
      failed: (containerId, message) => handle({ type: 'container-failed', containerId, message }),
      exited: (containerId, exit) => handle({ type: 'container-exited', containerId, exit }),
      unstarted: (containerId) => handle({ type: 'container-unstarted', containerId }),
    },
    killer: new ProcessKiller(clock),
    clock,
    log,
  });
  const checker = new Checker(clock, (containerId, result) =>
    handle({ type: 'check-result', containerId, result }),
  );
  const rotation = new LogRotation(clock, log);
  const streams = new ExecutorStreams(clock);
  const collector = new SandboxCollector({
    workDir,
    isInUse: (sandbox) => [...state.runs.values()].some(({ record }) => record.sandbox === sandbox),
    clock,
    log,
    ...(options.gcDelayMs === undefined ? {} : { delayMs: options.gcDelayMs }),
  });
  let announceEnd: (message: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => {
    announceEnd = resolve;
  });
  let announceRegistration: (agentId: string) => void = () => undefined;
  const registered = new Promise<string>((resolve) => {
    announceRegistration = resolve;
  });
  const link = new MasterLink({
    masterUrls: options.masterUrls,
    subscription: () => core.subscription(),
    agentId: () => state.agentId,
    onEvent: (event) => {
      handle({ type: 'master-event', event });
      if (event.type === 'SUBSCRIBED')
        void runner.settled().then(() => announceRegistration(event.subscribed.agent_id.value));
    },
    clock,
    random,
    log,
  });

  const perform = (effect: Exclude<Effect, { type: 'set-timer' | 'cancel-timer' }>): void => {
    switch (effect.type) {
      case 'send-master':
        link.send(effect.call);
        break;
      case 'start-container': {
        const { id, sandbox, environment } = effect.plan;
        const limits = options.logLimits ?? DEFAULT_LOG_LIMITS;
        rotation.watch(id, sandbox, {
          stdout: logLimitsOf(environment, 'stdout', limits),
          stderr: logLimitsOf(environment, 'stderr', limits),
        });
        containers.start(effect.plan);
        break;
      }
      case 'release-container':
        containers.release(effect.containerId);
        break;
      case 'signal-container':
        containers.signal(effect.containerId, effect.signal);
        break;
      case 'forget-container':
        rotation.unwatch(effect.containerId);
        containers.forget(effect.containerId);
        break;
      case 'start-checks':
        checker.start(effect.plan);
        break;
      case 'stop-checks':
        checker.stop(effect.containerId);
        break;
      case 'send-executor':
        streams.send(effect.runId, effect.event);
        break;
      case 'close-executor':
        streams.close(effect.runId);
        break;
      case 'remove-volume': {
        const folder = volumeFolder(workDir, effect.volume);
        void rm(folder, { recursive: true, force: true }).catch((error: unknown) =>
          log.error({ folder, error: errorMessage(error) }, 'cannot remove a destroyed volume'),
        );
        break;
      }
      case 'end':
        announceEnd(effect.message);
    }
  };
  const runner = new TurnRunner({
    core,
    store,
    clock,
    perform,
    onBroken: (error) => {
      log.error({ error: errorMessage(error) }, 'cannot write the checkpoint: the agent stops');
      announceEnd(`The checkpoint cannot be written: ${errorMessage(error)}`);
    },
  });

  const flags = flagsOf(options, settings);
  const facts = { startedMs, flags, version: { version } };
  const metrics = (): Record<string, number> =>
    collectMetrics({
      state,
      fetcher,
      collector,
      isRegistered: link.isConnected,
      recoverySeconds,
      uptimeSeconds: (clock.now() - startedMs) / 1000,
    });
  const files = new SandboxFiles(workDir, () => attachedSandboxes(state));
  const now = (): number => clock.now();
  const server = await startServer({
    router: agentRoutes({ core, streams, handle, files, facts, metrics, now }),
    log,
    host,
    port: options.port ?? 0,
    hostnames: [...(options.hostnames ?? []), ...(options.hostname === undefined ? [] : [options.hostname])],
    renderError: renderAgentError,
  }).catch(async (error: unknown) => {
    await store.close();
    unlock();
    throw error;
  });
  settings.port = server.port;
  writeFileSync(join(workDir, 'meta', 'boot_id'), `${startedMs}\n`);
  for (const container of state.containers.values()) {
    const limits = options.logLimits ?? DEFAULT_LOG_LIMITS;
    rotation.watch(container.id, container.sandbox, { stdout: limits, stderr: limits });
  }
  handle({ type: 'recovered' });
  containers.recover([...state.containers.values()]);
  await runner.settled();
  const recoverySeconds = (clock.now() - startedMs) / 1000;
  link.start();

  const close = async (): Promise<void> => {
    link.close();
    checker.close();
    rotation.close();
    collector.close();
    await runner.settled();
    runner.close();
    containers.close();
    await server.close();
    await store.close();
    unlock();
  };
  const endTasks = async (): Promise<void> => {
    handle({ type: 'end-tasks' });
    while (!isIdle(state)) {
      await new Promise<void>((resolve) => {
        setTimeout(resolve, IDLE_LOOK_MS);
      });
    }
    await runner.settled();
  };
  return {
    url: server.url,
    port: server.port,
    get agentId() {
      return state.agentId;
    },
    registered,
    ended,
    close,
    endTasks: async () => {
      await endTasks();
      await close();
    },
    unregister: async () => {
      await endTasks();
      const { agentId } = state;
      if (agentId !== undefined) await link.sendNow({ type: 'UNREGISTER', agent_id: { value: agentId } });
      await close();
    },
  };
};

/** Removes the folders of volumes that were destroyed when the agent died before it could. */
const removeForgottenVolumes = (workDir: string, kept: readonly string[]): void => {
  const known = new Set(kept);
  const roles = join(workDir, 'volumes', 'roles');
  for (const role of namesIn(roles)) {
    for (const id of namesIn(join(roles, role))) {
      const folder = join(roles, role, id);
      if (!known.has(folder)) rmSync(folder, { recursive: true, force: true });
    }
  }
};

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/** The options in the words of Mesos' flags, as the reads show them. */
const flagsOf = (options: AgentOptions, settings: AgentSettings): Record<string, string> => ({
  ...(options.attributes === undefined ? {} : { attributes: options.attributes }),
  containerizers: 'mesos',
  executor_registration_timeout: `${settings.executorRegistrationTimeoutMs / 1000}secs`,
  executor_shutdown_grace_period: `${settings.executorShutdownGraceMs / 1000}secs`,
  hostname: settings.hostname,
  ip: settings.ip,
  isolation: 'posix/cpu,posix/mem,filesystem/posix',
  launcher: 'posix',
  master: options.masterUrls.join(','),
  port: String(options.port ?? 0),
  recover: 'reconnect',
  ...(options.resources === undefined ? {} : { resources: options.resources }),
  switch_user: String(settings.canSwitchUser),
  work_dir: settings.workDir,
});
