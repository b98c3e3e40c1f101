import type { Resource } from '../../mesos/generated/mesos.ts';
import type { AgentPlan } from '../scenario/scenario.ts';

const THOUSANDTHS = 1_000;

/**
 * Says what of an agent each task holds. A master's /state does not tell whether a task runs on reserved resources: here it
 * has what is reserved for its role first, as most frameworks do.
 */
export class ReservedFirst {
  /** What is left of reservations, in thousandths, by agent, role and name. */
  readonly #left = new Map<string, Map<string, number>>();

  constructor(agents: readonly AgentPlan[]) {
    for (const { id = '', resources } of agents) {
      const left = new Map<string, number>();
      this.#left.set(id, left);
      for (const { name, scalar, reservations } of resources) {
        const role = reservations?.[0]?.role;
        if (role !== undefined && scalar) left.set(`${role} ${name}`, Math.round(scalar.value * THOUSANDTHS));
      }
    }
  }

  has(agentId: string): boolean {
    return this.#left.has(agentId);
  }

  /** The resources of one more task. */
  take(agentId: string, role: string, wanted: readonly Resource[]): Resource[] {
    const left = this.#left.get(agentId);
    return wanted.flatMap((resource): Resource[] => {
      const { name, scalar } = resource;
      const allocated = { ...resource, allocation_info: { role } };
      if (!scalar) return [allocated];
      const key = `${role} ${name}`;
      const needed = Math.round(scalar.value * THOUSANDTHS);
      const fromReserved = Math.min(needed, left?.get(key) ?? 0);
      left?.set(key, (left.get(key) ?? 0) - fromReserved);
      const parts: Resource[] = [];
      if (fromReserved > 0) {
        const reservations = [{ type: 'STATIC' as const, role }];
        parts.push({ ...allocated, scalar: { value: fromReserved / THOUSANDTHS }, reservations });
      }
      if (needed > fromReserved) {
        parts.push({ ...allocated, scalar: { value: (needed - fromReserved) / THOUSANDTHS } });
      }
      return parts;
    });
  }
}
