import type { ContainerStatus, ResourceStatistics } from '../../mesos/generated/mesos.ts';
import type { ContainerPlan } from '../core/effect.ts';
import type { ContainerEntry } from './container-entry.ts';
import type { ContainerEvents, Containerizer, KnownContainer } from './containerizer.ts';

/** The containerizers of an agent as one: every container belongs to the first that accepts it. */
export class ContainerizerChoice {
  readonly #containerizers: readonly Containerizer[];
  readonly #events: ContainerEvents;
  readonly #chosen = new Map<string, Containerizer>();

  constructor(containerizers: readonly Containerizer[], events: ContainerEvents) {
    this.#containerizers = containerizers;
    this.#events = events;
  }

  start(plan: ContainerPlan): void {
    const chosen = this.#choose(plan);
    if (chosen) chosen.start(plan);
    // Told later, as every containerizer does: whoever starts a container is not done with it yet.
    else queueMicrotask(() => this.#events.failed(plan.id, plan.refusal ?? refusalOf(plan)));
  }

  release(containerId: string): void {
    this.#chosen.get(containerId)?.release(containerId);
  }

  signal(containerId: string, signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#chosen.get(containerId)?.signal(containerId, signal);
  }

  update(plan: ContainerPlan): void {
    this.#chosen.get(plan.id)?.update(plan);
  }

  async recover(containers: readonly KnownContainer[]): Promise<void> {
    for (const containerizer of this.#containerizers) {
      await containerizer.recover(containers.filter(({ plan }) => this.#choose(plan) === containerizer));
    }
  }

  forget(containerId: string): void {
    this.#chosen.get(containerId)?.forget(containerId);
    this.#chosen.delete(containerId);
  }

  enter(containerId: string): ContainerEntry | undefined {
    return this.#chosen.get(containerId)?.enter(containerId);
  }

  async usage(containerId: string): Promise<Partial<ResourceStatistics>> {
    return (await this.#chosen.get(containerId)?.usage(containerId)) ?? {};
  }

  async status(containerId: string): Promise<Partial<ContainerStatus>> {
    return (await this.#chosen.get(containerId)?.status(containerId)) ?? {};
  }

  async close(): Promise<void> {
    await Promise.all(this.#containerizers.map((containerizer) => containerizer.close()));
  }

  #choose(plan: ContainerPlan): Containerizer | undefined {
    const chosen =
      this.#chosen.get(plan.id) ?? this.#containerizers.find((containerizer) => containerizer.accepts(plan));
    if (chosen) this.#chosen.set(plan.id, chosen);
    return chosen;
  }
}

const refusalOf = ({ container }: ContainerPlan): string =>
  container?.type === 'DOCKER'
    ? 'This agent runs no Docker containers'
    : 'This agent runs no container images';
