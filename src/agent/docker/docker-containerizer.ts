import type { ContainerStatus, NetworkInfo, ResourceStatistics } from '../../mesos/generated/mesos.ts';
import { type Clock, pause } from '../../runtime/clock.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Log } from '../../runtime/log.ts';
import { SANDBOX_IN_CONTAINER } from '../containerizers/container-config.ts';
import type { ContainerEntry } from '../containerizers/container-entry.ts';
import type { ContainerEvents, Containerizer, KnownContainer } from '../containerizers/containerizer.ts';
import type { Fetch } from '../containerizers/process-containerizer.ts';
import type { ContainerPlan } from '../core/effect.ts';
import { identify, isFromEarlierBoot } from '../processes/process-table.ts';
import { findUser } from '../processes/system-user.ts';
import { prepareSandbox } from '../sandbox/prepare.ts';
import { AGENT_LABEL, containerIdOf, containerSpec, engineName } from './container-spec.ts';
import type { EngineApi, EngineContainer } from './engine-api.ts';
import { EngineError } from './engine-client.ts';
import { followLogs } from './follow-logs.ts';
import { statisticsOf } from './statistics-of.ts';

export interface DockerContainerizerOptions {
  readonly engine: EngineApi;
  /** What tells this agent's containers from those of others at the same engine; the same in its next life. */
  readonly agent: string;
  readonly fetch: Fetch;
  readonly events: ContainerEvents;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a container stays at the engine after its end (--docker_remove_delay). */
  readonly removeDelayMs?: number;
  /** Whether containers of this agent that it knows nothing of are ended (--docker_kill_orphans). */
  readonly killsOrphans?: boolean;
  readonly isCpuLimited?: boolean;
}

interface Entry {
  readonly plan: ContainerPlan;
  readonly abort: AbortController;
  container?: EngineContainer;
}

const DEFAULT_REMOVE_DELAY_MS = 6 * 3_600_000;
const ENGINE_LOOK_MS = 1_000;
/** How long the end of a container waits for the last of what it printed. */
const LAST_OUTPUT_MS = 5_000;

/**
 * Runs containers of type DOCKER at a container engine, one for each task (mesos.md 6.4), named mesos-ID. They are the
 * engine's children: they go on when the agent ends, and are found again by their names.
 */
export class DockerContainerizer implements Containerizer {
  readonly name = 'docker';
  readonly #options: DockerContainerizerOptions;
  readonly #entries = new Map<string, Entry>();
  #isClosed = false;

  constructor(options: DockerContainerizerOptions) {
    this.#options = options;
  }

  accepts({ container }: ContainerPlan): boolean {
    return container?.type === 'DOCKER';
  }

  start(plan: ContainerPlan): void {
    const entry: Entry = { plan, abort: new AbortController() };
    this.#entries.set(plan.id, entry);
    this.#launch(entry).catch((error: unknown) => {
      if (this.#entries.get(plan.id) !== entry) return;
      this.#entries.delete(plan.id);
      if (this.#isClosed) return;
      void this.#remove(plan.id);
      this.#options.events.failed(plan.id, errorMessage(error));
    });
  }

  /** The engine has started it already: it cannot hold a command back. */
  release(): void {
    return;
  }

  signal(containerId: string, signal: 'SIGTERM' | 'SIGKILL'): void {
    const { engine, log } = this.#options;
    const entry = this.#entries.get(containerId);
    if (!entry) return;
    if (!entry.container) {
      entry.abort.abort(new Error('Killed before its command ran'));
      return;
    }
    const wanted = signal === 'SIGTERM' ? entry.container.stopSignal : signal;
    engine
      .kill(engineName(containerId), wanted)
      .catch((error: unknown) =>
        log.warn({ containerId, error: errorMessage(error) }, 'cannot end a container'),
      );
  }

  /** What it may use is fixed by its start, as in Mesos for a task of its own. */
  update(): void {
    return;
  }

  async recover(containers: readonly KnownContainer[]): Promise<void> {
    const known = new Set(containers.map(({ record }) => record.id));
    for (const { record, plan } of containers) {
      // Whether it runs is found out when it is started again, by its name.
      if (!record.process) {
        this.#options.events.unstarted(record.id);
        continue;
      }
      const entry: Entry = { plan, abort: new AbortController() };
      this.#entries.set(record.id, entry);
      void this.#watch(entry, isFromEarlierBoot(record.process));
    }
    void this.#removeOrphans(known).catch((error: unknown) =>
      this.#options.log.warn({ error: errorMessage(error) }, 'cannot look for containers that nobody knows'),
    );
  }

  forget(containerId: string): void {
    const { clock, removeDelayMs = DEFAULT_REMOVE_DELAY_MS } = this.#options;
    this.#entries.get(containerId)?.abort.abort(new Error('Forgotten'));
    this.#entries.delete(containerId);
    clock.setTimer(removeDelayMs, () => {
      if (!this.#isClosed) void this.#remove(containerId);
    });
  }

  enter(containerId: string): ContainerEntry | undefined {
    const entry = this.#entries.get(containerId);
    const pid = entry?.container?.pid;
    if (!entry || pid === undefined) return undefined;
    const { plan } = entry;
    return {
      pid,
      namespaces: ['mount', 'pid', 'net', 'ipc', 'uts'],
      hasOwnRoot: true,
      cgroups: [],
      rights: { capabilities: undefined, rlimits: [] },
      user: undefined,
      identity: undefined,
      environment: { ...plan.environment, MESOS_SANDBOX: SANDBOX_IN_CONTAINER },
      workingDirectory: SANDBOX_IN_CONTAINER,
      sandbox: plan.sandbox,
    };
  }

  async usage(containerId: string): Promise<Partial<ResourceStatistics>> {
    if (!this.#entries.get(containerId)?.container) return {};
    return statisticsOf(await this.#options.engine.stats(engineName(containerId)));
  }

  async status(containerId: string): Promise<Partial<ContainerStatus>> {
    const container = await this.#options.engine.inspect(engineName(containerId));
    if (!container) return {};
    const networks = networksOf(container);
    return {
      ...(container.pid === undefined ? {} : { executor_pid: container.pid }),
      ...(networks ? { network_infos: networks } : {}),
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { abort } of this.#entries.values()) abort.abort(new Error('The agent stops'));
  }

  async #launch(entry: Entry): Promise<void> {
    const { plan, abort } = entry;
    if (plan.refusal !== undefined) throw new Error(plan.refusal);
    const { engine, agent, isCpuLimited = false } = this.#options;
    const { signal } = abort;
    const name = engineName(plan.id);
    // An earlier life of the agent may have come so far, and have died before it could note it.
    const earlier = await engine.inspect(name);
    if (earlier === undefined || earlier.state === 'created') {
      const spec = containerSpec(plan, { agent, isCpuLimited });
      await this.#prepare(plan, signal);
      await engine.remove(name);
      await engine.create(name, spec);
      signal.throwIfAborted();
      await engine.start(name);
    }
    const container = await engine.inspect(name);
    signal.throwIfAborted();
    if (!container) throw new Error('The container engine has lost the container');
    entry.container = container;
    const identity = container.pid === undefined ? undefined : identify(container.pid);
    // One that has ended meanwhile has nothing to show but its end.
    if (identity) this.#options.events.forked(plan.id, identity, networksOf(container));
    void this.#watch(entry, false);
  }

  async #prepare(plan: ContainerPlan, signal: AbortSignal): Promise<void> {
    const { engine, fetch } = this.#options;
    const user = plan.user === undefined ? undefined : findUser(plan.user);
    const output = prepareSandbox(plan, user, 'mounts');
    try {
      if ((plan.command.uris ?? []).length > 0) await fetch({ plan, user, stderr: output.stderr, signal });
      output.check();
    } finally {
      output.close();
    }
    const { image = '', force_pull_image: isForced = false } = plan.container?.docker ?? {};
    if (isForced || !(await engine.hasImage(image))) await engine.pull(image, signal);
    signal.throwIfAborted();
  }

  /** Writes down what it prints, and tells when it has ended; an engine that is away for a while is waited for. */
  async #watch(entry: Entry, isFromBefore: boolean): Promise<void> {
    const { engine, clock, events } = this.#options;
    const { id, sandbox, container } = entry.plan;
    const { signal } = entry.abort;
    const name = engineName(id);
    const hasTerminal = container?.tty_info !== undefined;
    const logs = followLogs({ engine, name, sandbox, hasTerminal, clock, signal }).catch(() => undefined);
    for (;;) {
      let ended: EngineContainer | undefined;
      try {
        const found = entry.container ?? (await engine.inspect(name));
        if (found) entry.container = found;
        await engine.wait(name, signal);
        ended = await engine.inspect(name);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof EngineError && error.status === 404)) {
          await pause(clock, ENGINE_LOOK_MS);
          continue;
        }
      }
      if (ended?.state === 'running') continue;
      await Promise.race([logs, pause(clock, LAST_OUTPUT_MS)]);
      if (this.#entries.get(id) !== entry || this.#isClosed) return;
      this.#entries.delete(id);
      if (ended?.isOutOfMemory) {
        const message = 'Memory limit exceeded: the container engine has ended the container';
        events.limited(id, { reason: 'REASON_CONTAINER_LIMITATION_MEMORY', message, resources: [] });
      }
      if (ended) events.exited(id, { type: 'exited', code: ended.exitCode });
      else events.exited(id, { type: isFromBefore ? 'rebooted' : 'unknown' });
      return;
    }
  }

  async #removeOrphans(known: ReadonlySet<string>): Promise<void> {
    const { engine, agent, clock, killsOrphans = true } = this.#options;
    const { removeDelayMs = DEFAULT_REMOVE_DELAY_MS } = this.#options;
    for (const name of await engine.list(`${AGENT_LABEL}=${agent}`)) {
      const id = containerIdOf(name);
      if (id === undefined || known.has(id) || this.#entries.has(id)) continue;
      const found = await engine.inspect(name);
      if (found?.state === 'running' && !killsOrphans) continue;
      const leftMs = found?.state === 'ended' ? found.finishedMs + removeDelayMs - clock.now() : 0;
      if (leftMs <= 0) await this.#remove(id);
      else clock.setTimer(leftMs, () => this.#isClosed || void this.#remove(id));
    }
  }

  async #remove(containerId: string): Promise<void> {
    try {
      await this.#options.engine.remove(engineName(containerId));
    } catch (error) {
      this.#options.log.warn({ containerId, error: errorMessage(error) }, 'cannot remove a container');
    }
  }
}

/** Undefined for one on the host's network. */
const networksOf = ({ addresses }: EngineContainer): NetworkInfo[] | undefined => {
  const entries = Object.entries(addresses);
  if (entries.length === 0) return undefined;
  return entries.map(([name, address]) => ({
    name,
    ip_addresses: [{ protocol: 'IPv4', ip_address: address }],
  }));
};
