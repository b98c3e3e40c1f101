import type { ContainerStatus, ResourceStatistics } from '../../mesos/generated/mesos.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Rights } from '../processes/rights.ts';
import type {
  ContainerConfig,
  ContainerIdentity,
  ContainerResources,
  Isolator,
  Limitation,
  Preparation,
  RecoveredContainer,
} from './isolator.ts';

/** Everything that the isolators want of one start. */
export type WholePreparation = Required<
  Pick<Preparation, 'environment' | 'namespaces' | 'mounts' | 'rlimits' | 'commands'>
> &
  Pick<Preparation, 'umask' | 'capabilities' | 'workingDirectory' | 'commandLine' | 'hostname'> & {
    readonly cgroups: readonly string[];
  };

/** The isolators of an agent, asked in the order in which they are named. Those that fail say their names. */
export class IsolatorSet {
  readonly #isolators: readonly Isolator[];

  constructor(isolators: readonly Isolator[]) {
    this.#isolators = isolators;
  }

  get names(): string[] {
    return this.#isolators.map(({ name }) => name);
  }

  /** Whether volumes are mounted; else they are links in the sandbox. */
  get mountsVolumes(): boolean {
    return this.names.includes('filesystem/linux');
  }

  async recover(containers: readonly RecoveredContainer[]): Promise<void> {
    for (const isolator of this.#isolators) await named(isolator, () => isolator.recover?.(containers));
  }

  async prepare(container: ContainerConfig): Promise<WholePreparation> {
    let whole: WholePreparation = {
      environment: {},
      namespaces: {},
      mounts: [],
      rlimits: [],
      commands: [],
      cgroups: this.cgroupsOf(container),
    };
    for (const isolator of this.#isolators) {
      const wish = await named(isolator, () => isolator.prepare?.(container));
      if (wish) whole = merged(whole, wish);
    }
    return whole;
  }

  async isolate(container: ContainerConfig, pid: number): Promise<void> {
    for (const isolator of this.#isolators) await named(isolator, () => isolator.isolate?.(container, pid));
  }

  async update(container: ContainerIdentity & ContainerResources): Promise<void> {
    for (const isolator of this.#isolators) {
      await named(isolator, () => isolator.update?.(container, container));
    }
  }

  /** Resolves with the first limit that the container goes over. */
  watch(containerId: string): Promise<Limitation> {
    return Promise.race(this.#isolators.map((isolator) => isolator.watch?.(containerId) ?? NEVER));
  }

  async autopsy(containerId: string): Promise<Limitation | undefined> {
    for (const isolator of this.#isolators) {
      const limitation = await isolator.autopsy?.(containerId).catch(() => undefined);
      if (limitation) return limitation;
    }
    return undefined;
  }

  cgroupsOf(container: ContainerIdentity): string[] {
    return this.#isolators.flatMap((isolator) => isolator.cgroups?.(container) ?? []);
  }

  /** Throws what an isolator says of a container that it would refuse. */
  rightsOf(container: Pick<ContainerConfig, 'container'>): Omit<Rights, 'user'> {
    const all = this.#isolators.map((isolator) => isolator.rights?.(container) ?? {});
    return {
      capabilities: all.findLast(({ capabilities }) => capabilities !== undefined)?.capabilities,
      rlimits: all.flatMap(({ rlimits }) => rlimits ?? []),
    };
  }

  /** What one of them cannot tell now is left out. */
  async usage(containerId: string): Promise<Partial<ResourceStatistics>> {
    const parts = await Promise.all(
      this.#isolators.map((isolator) => isolator.usage?.(containerId).catch(() => ({}))),
    );
    return Object.assign({}, ...parts);
  }

  async status(containerId: string): Promise<Partial<ContainerStatus>> {
    const parts = await Promise.all(
      this.#isolators.map((isolator) => isolator.status?.(containerId).catch(() => ({}))),
    );
    return Object.assign({}, ...parts);
  }

  /** The other way round than it was prepared. One that fails keeps none from what it has to do; the first failure is told. */
  async cleanup(containerId: string): Promise<void> {
    let failure: unknown;
    for (const isolator of [...this.#isolators].reverse()) {
      try {
        await named(isolator, () => isolator.cleanup?.(containerId));
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
  }

  close(): void {
    for (const isolator of this.#isolators) isolator.close?.();
  }
}

const NEVER = new Promise<never>(() => undefined);

const named = async <T>({ name }: Isolator, step: () => Promise<T> | undefined): Promise<T | undefined> => {
  try {
    return await step();
  } catch (error) {
    throw new Error(`${name}: ${errorMessage(error)}`);
  }
};

const merged = (whole: WholePreparation, wish: Preparation): WholePreparation => ({
  ...whole,
  ...(wish.umask === undefined ? {} : { umask: wish.umask }),
  ...(wish.capabilities === undefined ? {} : { capabilities: wish.capabilities }),
  ...(wish.workingDirectory === undefined ? {} : { workingDirectory: wish.workingDirectory }),
  ...(wish.commandLine === undefined ? {} : { commandLine: wish.commandLine }),
  ...(wish.hostname === undefined ? {} : { hostname: wish.hostname }),
  environment: { ...whole.environment, ...wish.environment },
  namespaces: { ...whole.namespaces, ...wish.namespaces },
  mounts: [...whole.mounts, ...(wish.mounts ?? [])],
  rlimits: [...whole.rlimits, ...(wish.rlimits ?? [])],
  commands: [...whole.commands, ...(wish.commands ?? [])],
});
