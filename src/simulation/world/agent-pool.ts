import type { OfferedAgent } from '../../mesos/agent-fields.ts';
import type { AgentPlan, Target } from '../scenario/scenario.ts';
import { exponential } from './demand.ts';
import { VirtualAgent } from './virtual-agent.ts';
import type { World } from './world.ts';

/** All machines of a simulation. */
export class AgentPool {
  readonly agents: readonly VirtualAgent[];
  readonly #world: World;
  readonly #byHostname = new Map<string, VirtualAgent>();
  readonly #byId = new Map<string, VirtualAgent>();

  constructor(world: World, plans: readonly AgentPlan[]) {
    this.#world = world;
    this.agents = plans.map((plan, index) => new VirtualAgent(world, plan, index + 1));
    for (const agent of this.agents) {
      this.#byHostname.set(agent.plan.hostname, agent);
      if (agent.plan.id !== undefined) this.#byId.set(agent.plan.id, agent);
    }
  }

  start(): void {
    for (const agent of this.agents) {
      this.#world.clock.setTimer(agent.plan.joinsMs, () => {
        agent.switchOn();
        this.#failLater(agent);
      });
    }
  }

  isUp(hostname: string): boolean {
    return this.#byHostname.get(hostname)?.isReachable ?? false;
  }

  /** One that a master knew before. */
  known(agentId: string): VirtualAgent | undefined {
    return this.#byId.get(agentId);
  }

  /** Those that are meant; some of them at random, when only some are. */
  select({ selector, pick }: Target): VirtualAgent[] {
    const meant = this.agents.filter(({ plan, id }) =>
      selector.matches(id === undefined ? plan : { ...plan, id }),
    );
    if (pick === undefined || pick >= meant.length) return meant;
    const random = this.#world.random(`pick ${selector.text} ${this.#world.elapsedMs()}`);
    for (let index = 0; index < pick; index++) {
      const other = index + Math.floor(random.next() * (meant.length - index));
      const [one, two] = [meant[index], meant[other]];
      if (one && two) [meant[index], meant[other]] = [two, one];
    }
    return meant.slice(0, pick);
  }

  /** By itself, again and again. */
  #failLater(agent: VirtualAgent): void {
    const { failures, hostname } = agent.plan;
    if (!failures) return;
    const random = this.#world.random(`failures ${hostname}`);
    const next = (): void => {
      this.#world.clock.setTimer(exponential(random, failures.meanMs), () => {
        if (failures.kind === 'reboot') agent.losePower();
        else agent.cutOff();
        this.#world.clock.setTimer(failures.lastsMs, () => {
          agent.restore();
          next();
        });
      });
    };
    next();
  }
}

/** What constraints look at, of a machine that has an id. */
export const placeOf = ({ plan, id }: VirtualAgent): OfferedAgent => ({
  id: id ?? '',
  hostname: plan.hostname,
  ...(plan.region === undefined ? {} : { region: plan.region, zone: plan.zone ?? plan.region }),
  attributes: plan.attributes,
});
