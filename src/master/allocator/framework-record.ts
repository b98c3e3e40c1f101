import type { AgentInfo } from '../../mesos/generated/mesos.ts';
import type { FrameworkSettings } from './allocator-types.ts';
import { type Abilities, abilitiesOf } from './capabilities.ts';
import { type MinAllocatable, minAllocatableOfFilters } from './min-allocatable.ts';
import { agentConstraintOf } from './offer-constraints.ts';
import { OfferFilters } from './offer-filters.ts';

/** What a framework's SUBSCRIBE says, made ready for runs. */
interface Demands {
  readonly roles: ReadonlySet<string>;
  readonly abilities: Abilities;
  /** By role; roles that are not in it take any agent. */
  readonly constraints: ReadonlyMap<string, (agent: AgentInfo) => boolean>;
  /** By role; others go by the allocator's. */
  readonly minAllocatable: ReadonlyMap<string, MinAllocatable>;
}

export interface FrameworkRecord {
  readonly id: string;
  demands: Demands;
  suppressedRoles: ReadonlySet<string>;
  isActive: boolean;
  readonly filters: OfferFilters;
  /** By agent: until when it does not want to be asked about its maintenance. */
  readonly inverseRefusals: Map<string, number>;
  /** Roles in which the sorters know it, with the agents on which it holds resources in them. */
  readonly tracked: Map<string, Set<string>>;
}

export const frameworkRecord = (id: string, demands: Demands, isActive: boolean): FrameworkRecord => ({
  id,
  demands,
  suppressedRoles: new Set(),
  isActive,
  filters: new OfferFilters(),
  inverseRefusals: new Map(),
  tracked: new Map(),
});

export const demandsOf = (
  { roles, capabilities, offerConstraints, offerFilters = {} }: FrameworkSettings,
  isGpuFiltered: boolean,
): Demands => {
  const minAllocatable = new Map<string, MinAllocatable>();
  for (const [role, filters] of Object.entries(offerFilters)) {
    const alternatives = minAllocatableOfFilters(filters);
    if (alternatives) minAllocatable.set(role, alternatives);
  }
  const constraints = new Map<string, (agent: AgentInfo) => boolean>();
  for (const [role, { groups = [] }] of Object.entries(offerConstraints?.role_constraints ?? {})) {
    constraints.set(role, agentConstraintOf(groups));
  }
  return {
    roles: new Set(roles),
    abilities: abilitiesOf(capabilities, isGpuFiltered),
    constraints,
    minAllocatable,
  };
};

/** Whether it is listed in the role's sorter. */
export const isServed = ({ isActive, demands, suppressedRoles }: FrameworkRecord, role: string): boolean =>
  isActive && demands.roles.has(role) && !suppressedRoles.has(role);
