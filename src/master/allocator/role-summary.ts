import type { AllocatorState } from './allocator-state.ts';
import type { RoleSummary } from './allocator-types.ts';
import { amountsOf } from './quantities.ts';
import type { RoleNode } from './role-tree.ts';

export const roleSummaryOf = ({ roleSorter }: AllocatorState, node: RoleNode): RoleSummary => {
  const { role, weight = 1, quota, frameworkIds, reserved, unreserved } = node;
  return {
    role,
    weight,
    quota: quota?.asGiven,
    frameworkIds: [...frameworkIds],
    share: roleSorter.share(role),
    reserved: amountsOf(reserved),
    offeredOrAllocatedUnreserved: amountsOf(unreserved),
    offeredOrAllocated: amountsOf(roleSorter.allocation(role)),
  };
};
