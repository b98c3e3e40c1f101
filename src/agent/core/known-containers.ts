import type { ContainerPlan } from './effect.ts';
import { planOperatorContainer } from './operator-launch.ts';
import type { AgentSettings } from './settings.ts';
import { planContainer } from './start-container.ts';
import type { AgentState, ContainerRecord } from './state.ts';

/** A container of an earlier life of the agent, with what it was, or would be, started with. */
export interface KnownContainer {
  readonly record: Pick<ContainerRecord, 'id' | 'process'>;
  readonly plan: ContainerPlan;
}

/** Every container that a containerizer was told to start, and of whose end nothing is known. */
export const knownContainers = (context: {
  readonly state: AgentState;
  readonly settings: AgentSettings;
}): KnownContainer[] => {
  const { containers, operatorContainers } = context.state;
  const own = [...containers.values()].flatMap((record) => {
    const plan = planContainer(context, record);
    return plan ? [{ record, plan }] : [];
  });
  const launched = [...operatorContainers.values()]
    .filter(({ kind, phase }) => kind !== 'session' && phase !== 'ended')
    .map((container) => ({
      record: { id: container.key, ...(container.process ? { process: container.process } : {}) },
      plan: planOperatorContainer(context, container),
    }));
  return [...own, ...launched];
};
