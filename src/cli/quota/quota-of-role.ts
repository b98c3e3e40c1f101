import type { MesosClient } from '../../clients/mesos-client.ts';
import type { MesosQuota, MesosRole } from '../../clients/mesos-types.ts';
import { CliError } from '../errors/cli-error.ts';

type Amounts = Readonly<Record<string, number>>;

const isAny = (amounts: Amounts | undefined): boolean => Object.keys(amounts ?? {}).length > 0;

/** The quotas that are set, in the order of their roles. A role without limit and guarantee has none. */
export const quotasOf = (roles: readonly MesosRole[]): MesosQuota[] =>
  roles
    .flatMap(({ quota }) => (quota && (isAny(quota.limit) || isAny(quota.guarantee)) ? [quota] : []))
    .sort((one, other) => (one.role < other.role ? -1 : 1));

export const findQuota = async (mesos: MesosClient, role: string): Promise<MesosQuota | undefined> =>
  quotasOf(await mesos.getRoles()).find((quota) => quota.role === role);

/** Throws CliError when the role has none. */
export const requireQuota = async (mesos: MesosClient, role: string): Promise<MesosQuota> => {
  const quota = await findQuota(mesos, role);
  if (quota) return quota;
  throw new CliError('not-found', `There is no quota of ${role}`, {
    hint: `plenum quota list shows those there are, plenum quota create ${role} makes one`,
  });
};

/** Amounts as the operator API takes them. */
export const scalars = (amounts: Amounts): Record<string, { value: number }> =>
  Object.fromEntries(Object.entries(amounts).map(([name, value]) => [name, { value }]));
