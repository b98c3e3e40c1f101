import type { Role, ValueScalar } from '../../mesos/generated/mesos.ts';
import type { QuotaConfig, QuotaStatus } from '../../mesos/generated/quota.ts';
import type { MasterState } from '../core/state.ts';
import type { UsedBy } from './documents/cluster-view.ts';
import { type Quantities, type RoleView, roleViews } from './role-views.ts';

type IsRoleShown = (role: string) => boolean;

const everyRole: IsRoleShown = () => true;

/** The v0 /roles (mesos.md 3.9). */
export const rolesJson = (state: MasterState, usedBy: UsedBy, isShown: IsRoleShown = everyRole): object => ({
  roles: roleViews(state, usedBy)
    .filter(({ name }) => isShown(name))
    .map(roleJson),
});

const roleJson = ({ name, weight, quota, frameworkIds, ...role }: RoleView): object => ({
  name,
  weight,
  quota: {
    role: name,
    guarantee: amountsJson(quota?.guarantees),
    limit: amountsJson(quota?.limits),
    consumed: role.consumed,
  },
  resources: role.allocatedOrOffered,
  allocated: role.allocated,
  offered: role.offered,
  reserved: role.reserved,
  frameworks: frameworkIds,
});

const amountsJson = (amounts: Readonly<Record<string, ValueScalar>> = {}): Quantities =>
  Object.fromEntries(
    Object.entries(amounts)
      .map(([name, { value }]) => [name, value] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );

/** The roles as GET_ROLES tells them (mesos.md 3.1). */
export const roleMessages = (state: MasterState, usedBy: UsedBy): Role[] =>
  roleViews(state, usedBy).map(({ name, weight, frameworkIds, allocatedOrOffered }) => ({
    name,
    weight,
    ...(frameworkIds.length === 0 ? {} : { frameworks: frameworkIds.map((value) => ({ value })) }),
    ...(Object.keys(allocatedOrOffered).length === 0
      ? {}
      : {
          resources: Object.entries(allocatedOrOffered).map(([resource, value]) => scalar(resource, value)),
        }),
  }));

/** Every quota in the form of today and in the one before (mesos.md 3.4). */
export const quotaStatus = ({ quotas }: MasterState, isShown: IsRoleShown = everyRole): QuotaStatus => {
  const shown = [...quotas.values()].filter(({ role }) => isShown(role));
  if (shown.length === 0) return {};
  const configs = shown.sort((one, other) => (one.role < other.role ? -1 : 1));
  return { infos: configs.map(quotaInfo), configs: configs.map(withoutEmptyMaps) };
};

const quotaInfo = ({ role, guarantees = {} }: QuotaConfig) => {
  const guarantee = Object.entries(guarantees).map(([name, { value }]) => scalar(name, value));
  return { role, ...(guarantee.length === 0 ? {} : { guarantee }) };
};

const withoutEmptyMaps = ({ role, guarantees = {}, limits = {} }: QuotaConfig): QuotaConfig => ({
  role,
  ...(Object.keys(guarantees).length === 0 ? {} : { guarantees }),
  ...(Object.keys(limits).length === 0 ? {} : { limits }),
});

const scalar = (name: string, value: number) => ({ name, type: 'SCALAR' as const, scalar: { value } });

/** Weights that were set, by role. */
export const weightInfos = ({ weights }: MasterState): { weight: number; role: string }[] =>
  [...weights]
    .map(([role, weight]) => ({ weight, role }))
    .sort((one, other) => (one.role < other.role ? -1 : 1));
