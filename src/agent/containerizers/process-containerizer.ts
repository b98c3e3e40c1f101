import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerStatus, ResourceStatistics } from '../../mesos/generated/mesos.ts';
import type { Clock } from '../../runtime/clock.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Log } from '../../runtime/log.ts';
import type { ContainerPlan } from '../core/effect.ts';
import type { ProcessIdentity } from '../core/state.ts';
import type { ProvisionedImage, Provisioner } from '../images/provisioner.ts';
import type { ContainerConfig } from '../isolators/isolator.ts';
import type { IsolatorSet } from '../isolators/isolator-set.ts';
import {
  containerOfNotes,
  readExitNote,
  readImageNote,
  removeNotes,
  writeImageNote,
} from '../processes/exit-notes.ts';
import type { LaunchedProcess, Launcher } from '../processes/launcher.ts';
import type { ProcessKiller } from '../processes/process-killer.ts';
import { isAlive, isFromEarlierBoot } from '../processes/process-table.ts';
import type { UserIdentity } from '../processes/system-user.ts';
import { noteInSandbox, prepareSandbox } from '../sandbox/prepare.ts';
import { configOf } from './container-config.ts';
import type { ContainerEntry } from './container-entry.ts';
import { userOf } from './container-user.ts';
import type { ContainerEvents, Containerizer, KnownContainer } from './containerizer.ts';
import { entryOf } from './entry-of.ts';
import { orderOf } from './launch-order.ts';

/** Brings what a command needs into its sandbox. Rejects with a reason that a person understands. */
export type Fetch = (options: {
  plan: ContainerPlan;
  user: UserIdentity | undefined;
  stderr: number;
  signal: AbortSignal;
}) => Promise<void>;

export interface ProcessContainerizerOptions {
  exitsFolder: string;
  fetch: Fetch;
  events: ContainerEvents;
  launcher: Launcher;
  killer: ProcessKiller;
  isolators: IsolatorSet;
  /** Makes root folders from images; without it containers with an image are not accepted. */
  provisioner?: Provisioner;
  clock: Clock;
  log: Log;
}

/** How often containers are looked at whose end nobody has told, at most. */
const WATCH_EVERY_MS = 500;
/** A look takes a hundredth of the time at most. */
const PAUSE_PER_LOOK = 100;
/** A shell that says that it has ended is gone within microseconds. */
const GONE_LOOK_MS = 2;
/** How long what is left of a container is killed again and again before its waiting shell is killed, too. */
const SHELL_DEADLINE_MS = 1_000;

interface Entry {
  readonly plan: ContainerPlan;
  readonly abort: AbortController;
  launched?: LaunchedProcess;
  /** The waiting shell, of this or an earlier life of the agent. */
  process?: ProcessIdentity;
  isReleased: boolean;
  image?: ProvisionedImage;
}

/** Runs containers as processes: starts, watches and ends them, also those that an earlier life of the agent started. */
export class ProcessContainerizer implements Containerizer {
  readonly name = 'process';
  readonly #options: ProcessContainerizerOptions;
  readonly #entries = new Map<string, Entry>();
  /** What is being removed of containers that have ended. */
  readonly #cleaning = new Set<Promise<void>>();
  #isWatching = false;
  #isClosed = false;

  constructor(options: ProcessContainerizerOptions) {
    this.#options = options;
    mkdirSync(options.exitsFolder, { recursive: true });
  }

  accepts({ container, image }: ContainerPlan): boolean {
    return container?.type !== 'DOCKER' && (image === undefined || this.#options.provisioner !== undefined);
  }

  start(plan: ContainerPlan): void {
    const entry: Entry = { plan, abort: new AbortController(), isReleased: false };
    this.#entries.set(plan.id, entry);
    this.#launch(plan, entry).catch((error: unknown) => this.#fail(plan.id, entry, errorMessage(error)));
  }

  release(containerId: string): void {
    const entry = this.#entries.get(containerId);
    if (!entry?.launched || entry.isReleased) return;
    entry.isReleased = true;
    entry.launched.release();
    this.#watchLimits(containerId);
  }

  signal(containerId: string, signal: 'SIGTERM' | 'SIGKILL'): void {
    const entry = this.#entries.get(containerId);
    if (!entry) return;
    if (!entry.isReleased) {
      // Only its shell exists yet, or not even that: nothing has to be asked.
      entry.abort.abort(new Error('Killed before its command ran'));
      entry.launched?.abandon();
      if (entry.launched) this.#fail(containerId, entry, 'Killed before its command ran');
    } else if (entry.process && signal === 'SIGTERM') this.#options.killer.ask(entry.process);
    else if (entry.process) this.#options.killer.kill(entry.process, SHELL_DEADLINE_MS);
  }

  update(plan: ContainerPlan): void {
    this.#options.isolators.update(plan).catch((error: unknown) => {
      this.#options.log.warn(
        { id: plan.id, error: errorMessage(error) },
        'cannot change what a container may use',
      );
    });
  }

  async recover(containers: readonly KnownContainer[]): Promise<void> {
    const { provisioner, isolators, killer, exitsFolder } = this.#options;
    const ids = new Set(containers.map(({ record }) => record.id));
    for (const { record, plan } of containers) {
      const entry: Entry = { plan, abort: new AbortController(), isReleased: true };
      if (record.process) entry.process = record.process;
      const image = readImageNote(this.#exitFile(record.id));
      if (image) entry.image = image;
      this.#entries.set(record.id, entry);
    }
    await isolators.recover(
      containers.map(({ record, plan }) => {
        const isRunning = record.process !== undefined && isAlive(record.process);
        return { ...plan, pid: isRunning ? record.process?.pid : undefined };
      }),
    );
    await provisioner?.recover([...ids]);
    for (const name of readdirSync(exitsFolder)) {
      if (!ids.has(containerOfNotes(name))) rmSync(join(exitsFolder, name), { force: true });
    }
    for (const { record } of containers) {
      const entry = this.#entries.get(record.id);
      if (!entry) continue;
      if (record.process && isAlive(record.process)) this.#watchLimits(record.id);
      else {
        if (record.process && !isFromEarlierBoot(record.process)) killer.sweep(record.process.pid);
        await this.#tellEndOf(record.id, entry);
      }
    }
    this.#watch();
  }

  forget(containerId: string): void {
    removeNotes(this.#exitFile(containerId));
    const cleaning = this.#cleanUp(containerId).finally(() => this.#cleaning.delete(cleaning));
    this.#cleaning.add(cleaning);
  }

  enter(containerId: string): ContainerEntry | undefined {
    const entry = this.#entries.get(containerId);
    if (!entry?.process || !entry.isReleased || !isAlive(entry.process)) return undefined;
    return entryOf({
      pid: entry.process.pid,
      plan: entry.plan,
      image: entry.image,
      cgroups: this.#options.isolators.cgroupsOf(entry.plan),
      rights: this.#options.isolators.rightsOf(entry.plan),
    });
  }

  usage(containerId: string): Promise<Partial<ResourceStatistics>> {
    return this.#options.isolators.usage(containerId);
  }

  status(containerId: string): Promise<Partial<ContainerStatus>> {
    return this.#options.isolators.status(containerId);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const entry of this.#entries.values()) {
      if (entry.isReleased) continue;
      entry.abort.abort(new Error('The agent stops'));
      entry.launched?.abandon();
    }
    await Promise.all(this.#cleaning);
  }

  async #launch(plan: ContainerPlan, entry: Entry): Promise<void> {
    if (plan.refusal !== undefined) throw new Error(plan.refusal);
    const { isolators, events } = this.#options;
    const { signal } = entry.abort;
    const image = await this.#provision(plan, signal);
    if (image) entry.image = image;
    const config = configOf(plan, image);
    const launched = await this.#startShell(plan, { config, user: userOf(plan, image), signal });
    entry.launched = launched;
    entry.process = launched.identity;
    void launched.ended.then(() => this.#ended(plan.id, entry));
    if (signal.aborted) launched.abandon();
    signal.throwIfAborted();
    await isolators.isolate(config, launched.identity.pid);
    if (this.#entries.get(plan.id) !== entry) return;
    const { network_infos } = plan.network ? await isolators.status(plan.id) : {};
    if (this.#entries.get(plan.id) !== entry) return;
    events.forked(plan.id, launched.identity, network_infos);
    this.#watch();
  }

  async #startShell(
    plan: ContainerPlan,
    {
      config,
      user,
      signal,
    }: { config: ContainerConfig; user: UserIdentity | undefined; signal: AbortSignal },
  ): Promise<LaunchedProcess> {
    const { fetch, isolators, launcher } = this.#options;
    const output = prepareSandbox(plan, user, isolators.mountsVolumes ? 'mounts' : 'links');
    try {
      const { uris = [] } = plan.command;
      if (uris.length > 0) await fetch({ plan, user, stderr: output.stderr, signal });
      output.check();
      signal.throwIfAborted();
      const preparation = await isolators.prepare(config);
      signal.throwIfAborted();
      const order = orderOf({ config, preparation, user, exitFile: this.#exitFile(plan.id) });
      return await launcher.launch({ ...order, ...output.places });
    } finally {
      output.close();
    }
  }

  async #provision(plan: ContainerPlan, signal: AbortSignal): Promise<ProvisionedImage | undefined> {
    const { provisioner } = this.#options;
    if (plan.image === undefined || !provisioner) return undefined;
    const provisioned = await provisioner.provision({
      containerId: plan.id,
      image: plan.image,
      signal,
      onProgress: (line) => noteInSandbox(plan, line),
    });
    writeImageNote(this.#exitFile(plan.id), provisioned);
    return provisioned;
  }

  /** The shell has said that it ends, or was seen to have ended. */
  #ended(containerId: string, entry: Entry): void {
    const { clock, killer, events } = this.#options;
    if (this.#entries.get(containerId) !== entry || !entry.process || this.#isClosed) return;
    if (isAlive(entry.process)) {
      clock.setTimer(GONE_LOOK_MS, () => this.#ended(containerId, entry));
      return;
    }
    if (!entry.isReleased) {
      this.#fail(containerId, entry, 'Killed before its command ran');
      return;
    }
    this.#entries.delete(containerId);
    killer.sweep(entry.process.pid);
    const note = readExitNote(this.#exitFile(containerId));
    if (note.type !== 'none') void this.#tellEndOf(containerId, entry);
    // Not again at once, as it is after a restart: what was in the way is most likely still there.
    else events.failed(containerId, 'The start of the command could not be noted');
  }

  #fail(containerId: string, entry: Entry, message: string): void {
    if (this.#entries.get(containerId) !== entry) return;
    this.#entries.delete(containerId);
    entry.launched?.abandon();
    if (!this.#isClosed) this.#options.events.failed(containerId, message);
  }

  /** Ends that nobody tells: of shells that were killed, and of those that an earlier life of the agent started. */
  #watch(): void {
    if (this.#isWatching || this.#isClosed || this.#entries.size === 0) return;
    this.#isWatching = true;
    const startedMs = performance.now();
    for (const [id, entry] of this.#entries) {
      if (entry.process && entry.isReleased && !isAlive(entry.process)) this.#ended(id, entry);
    }
    const tookMs = performance.now() - startedMs;
    this.#options.clock.setTimer(Math.max(WATCH_EVERY_MS, tookMs * PAUSE_PER_LOOK), () => {
      this.#isWatching = false;
      this.#watch();
    });
  }

  #watchLimits(containerId: string): void {
    const { isolators, events } = this.#options;
    void isolators.watch(containerId).then((limitation) => {
      if (this.#entries.has(containerId) && !this.#isClosed) events.limited(containerId, limitation);
    });
  }

  /** Without a note the command was never let run: its shell ended when the agent did. */
  async #tellEndOf(containerId: string, entry: Entry): Promise<void> {
    const { events, isolators } = this.#options;
    this.#entries.delete(containerId);
    if (this.#isClosed) return;
    if (entry.process && isFromEarlierBoot(entry.process)) {
      events.exited(containerId, { type: 'rebooted' });
      return;
    }
    const note = readExitNote(this.#exitFile(containerId));
    if (note.type === 'none') return events.unstarted(containerId);
    if (note.type === 'failed') return events.failed(containerId, note.message);
    const limitation = await isolators.autopsy(containerId);
    if (this.#isClosed) return;
    if (limitation) events.limited(containerId, limitation);
    events.exited(containerId, note.type === 'ended' ? note.exit : { type: 'unknown' });
  }

  async #cleanUp(containerId: string): Promise<void> {
    const { isolators, provisioner, log } = this.#options;
    try {
      await isolators.cleanup(containerId);
      await provisioner?.release(containerId);
    } catch (error) {
      // What is left is found at the next start of the agent.
      log.warn({ containerId, error: errorMessage(error) }, 'cannot remove what a container has left');
    }
  }

  #exitFile(containerId: string): string {
    return join(this.#options.exitsFolder, containerId);
  }
}
