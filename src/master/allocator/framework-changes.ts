import type { AllocatorState } from './allocator-state.ts';
import type { FrameworkSettings, NewFramework } from './allocator-types.ts';
import { demandsOf, type FrameworkRecord, frameworkRecord } from './framework-record.ts';
import { listAsServed, track, untrack, untrackIfIdle } from './ledger.ts';

/** How frameworks come, change and go, and when filters end with it (mesos.md 1.14, 5.6). */

export const addFramework = (state: AllocatorState, frameworkId: string, added: NewFramework): void => {
  if (state.frameworks.has(frameworkId)) throw new Error(`Framework ${frameworkId} was added before`);
  const framework = frameworkRecord(frameworkId, demandsOf(added, state.isGpuFiltered), added.isActive);
  framework.suppressedRoles = new Set(added.suppressedRoles);
  state.frameworks.set(frameworkId, framework);
  for (const role of framework.demands.roles) track(state, framework, role);
  for (const role of heldRoles(state, frameworkId)) track(state, framework, role);
  state.epoch++;
};

export const updateFramework = (
  state: AllocatorState,
  framework: FrameworkRecord,
  settings: FrameworkSettings,
): void => {
  const before = framework.demands.roles;
  const demands = demandsOf(settings, state.isGpuFiltered);
  const suppressedRoles = new Set(settings.suppressedRoles);
  const isRevived = (role: string): boolean =>
    framework.suppressedRoles.has(role) && !suppressedRoles.has(role);
  for (const role of before) {
    if (!demands.roles.has(role) || isRevived(role)) framework.filters.clear(role);
  }
  framework.demands = demands;
  framework.suppressedRoles = suppressedRoles;
  for (const role of demands.roles) track(state, framework, role);
  for (const role of before) untrackIfIdle(state, framework.id, role);
  serveAnew(state, framework);
};

export const removeFramework = (state: AllocatorState, framework: FrameworkRecord): void => {
  for (const role of [...framework.tracked.keys()]) untrack(state, framework, role);
  state.frameworks.delete(framework.id);
};

export const setFrameworkActive = (
  state: AllocatorState,
  framework: FrameworkRecord,
  isActive: boolean,
): void => {
  framework.isActive = isActive;
  if (!isActive) {
    framework.filters.clear();
    framework.inverseRefusals.clear();
  }
  serveAnew(state, framework);
};

/** All roles, unless told which; others than the framework's do not matter. */
export const suppress = (
  state: AllocatorState,
  framework: FrameworkRecord,
  roles: readonly string[] = [...framework.demands.roles],
): void => {
  const suppressed = roles.filter((role) => framework.demands.roles.has(role));
  framework.suppressedRoles = new Set([...framework.suppressedRoles, ...suppressed]);
  serveAnew(state, framework);
};

export const revive = (
  state: AllocatorState,
  framework: FrameworkRecord,
  roles: readonly string[] = [...framework.demands.roles],
): void => {
  framework.suppressedRoles = new Set([...framework.suppressedRoles].filter((role) => !roles.includes(role)));
  for (const role of roles) framework.filters.clear(role);
  framework.inverseRefusals.clear();
  serveAnew(state, framework);
};

/** Lists the framework in the sorters of the roles in which it wants offers, and in no others. */
const serveAnew = (state: AllocatorState, framework: FrameworkRecord): void => {
  for (const role of framework.tracked.keys()) listAsServed(state, framework, role);
  state.epoch++;
};

const heldRoles = ({ agents, holdings }: AllocatorState, frameworkId: string): Set<string> => {
  const roles = new Set<string>();
  for (const agentId of holdings.get(frameworkId) ?? []) {
    for (const role of agents.get(agentId)?.allocations().get(frameworkId)?.keys() ?? []) roles.add(role);
  }
  return roles;
};
