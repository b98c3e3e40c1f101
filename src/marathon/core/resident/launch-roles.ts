import { isBound, type RunSpec } from '../../definitions/run-spec.ts';
import type { MarathonState } from '../state.ts';

/** Roles whose offers can launch what waits of a definition: residents stay with the role of what is reserved for them. */
export const launchRoles = (state: MarathonState, spec: RunSpec): string[] => {
  if (!isBound(spec)) return [spec.role];
  const roles = new Set<string>();
  for (const id of state.instances.scheduled(spec.id)) {
    const instance = state.instances.get(id);
    roles.add(instance?.reservation ? instance.role : spec.role);
  }
  return [...roles];
};
