import type { FrameworkInfo } from '../../mesos/generated/mesos.ts';
import { agentConstraintOf } from '../allocator/offer-constraints.ts';
import type { Framework, MasterState } from '../core/state.ts';

interface ExcludedAgents {
  readonly suppressed_roles: readonly string[];
  /** Ids of agents by role. */
  readonly excluded_by_attribute_constraints: Readonly<Record<string, readonly string[]>>;
}

/**
 * Which agents are not offered to frameworks because of their offer constraints (mesos.md 1.16), as Mesos' allocator shows it.
 * In steps: each constraint of each framework is asked about each agent.
 */
export function* offerConstraintsDebug(
  state: MasterState,
  isShown: (info: FrameworkInfo) => boolean,
): Generator<void, { frameworks: Record<string, ExcludedAgents> }> {
  const frameworks: Record<string, ExcludedAgents> = {};
  for (const framework of [...state.frameworks.values()].filter(({ info }) => isShown(info))) {
    const excluded: Record<string, readonly string[]> = {};
    for (const role of framework.roles) excluded[role] = yield* excludedAgents(state, framework, role);
    frameworks[framework.id] = {
      suppressed_roles: [...framework.suppressedRoles],
      excluded_by_attribute_constraints: excluded,
    };
  }
  return { frameworks };
}

function* excludedAgents(
  state: MasterState,
  { offerConstraints }: Framework,
  role: string,
): Generator<void, readonly string[]> {
  const constraints = offerConstraints?.role_constraints?.[role];
  if (constraints === undefined) return [];
  const isOffered = agentConstraintOf(constraints.groups ?? []);
  const excluded: string[] = [];
  for (const { id, info } of [...state.agents.values()]) {
    if (!isOffered(info)) excluded.push(id);
    yield;
  }
  return excluded;
}
