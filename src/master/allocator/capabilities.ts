import type { AgentCapability, FrameworkCapability } from './allocator-types.ts';
import type { Kind } from './kind.ts';

/** What a framework's scheduler can deal with, from its capabilities. */
export interface Abilities {
  readonly shared: boolean;
  readonly revocable: boolean;
  readonly refined: boolean;
  readonly gpuAgents: boolean;
  readonly remoteAgents: boolean;
  /** It needs agents that know of allocation to several roles. */
  readonly multiRole: boolean;
  /** Equal when the same resources can be taken. */
  readonly key: string;
}

export const abilitiesOf = (
  capabilities: ReadonlySet<FrameworkCapability>,
  isGpuFiltered: boolean,
): Abilities => {
  const shared = capabilities.has('SHARED_RESOURCES');
  const revocable = capabilities.has('REVOCABLE_RESOURCES');
  const refined = capabilities.has('RESERVATION_REFINEMENT');
  return {
    shared,
    revocable,
    refined,
    gpuAgents: !isGpuFiltered || capabilities.has('GPU_RESOURCES'),
    remoteAgents: capabilities.has('REGION_AWARE'),
    multiRole: capabilities.has('MULTI_ROLE'),
    key: [shared, revocable, refined].map(Number).join(''),
  };
};

/** What cannot be taken is left out of the framework's offers. */
export const canTake = ({ shared, revocable, refined }: Abilities, kind: Kind): boolean =>
  (shared || !kind.isShared) && (revocable || !kind.isRevocable) && (refined || !kind.isRefined);

export interface AgentTraits {
  readonly capabilities: ReadonlySet<AgentCapability>;
  readonly hasGpus: boolean;
  /** In another region than the master. */
  readonly isRemote: boolean;
}

/** Whether a framework can be offered anything of an agent in a role at all. */
export const canUseAgent = (framework: Abilities, role: string, agent: AgentTraits): boolean => {
  if (agent.hasGpus && !framework.gpuAgents) return false;
  if (agent.isRemote && !framework.remoteAgents) return false;
  if (framework.multiRole && !agent.capabilities.has('MULTI_ROLE')) return false;
  return !role.includes('/') || agent.capabilities.has('HIERARCHICAL_ROLE');
};
