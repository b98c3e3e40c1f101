import type { MesosFramework, MesosFrameworks, MesosSlave } from '../../clients/mesos-types.ts';
import type { Resource } from '../../mesos/generated/mesos.ts';
import type { UninstallRecord } from './uninstall-record.ts';

/** What the master says about the cluster. */
export interface MasterView {
  readonly frameworks: MesosFrameworks;
  readonly slaves: readonly MesosSlave[];
}

/** What is to be done next at the master. */
export type UninstallStep =
  | { readonly type: 'tear-down'; readonly frameworkId: string }
  /** More than one framework has the name: which one is the package's cannot be told. */
  | { readonly type: 'ambiguous'; readonly frameworkIds: readonly string[] }
  | { readonly type: 'destroy-volumes'; readonly agentId: string; readonly volumes: readonly Resource[] }
  | { readonly type: 'unreserve'; readonly agentId: string; readonly resources: readonly Resource[] }
  | { readonly type: 'done' };

/** What is known of the package's framework, found by its name. */
export const findFramework = (
  { frameworks: { frameworks, completed_frameworks } }: Pick<MasterView, 'frameworks'>,
  record: UninstallRecord,
): Pick<UninstallRecord, 'frameworkIds' | 'roles' | 'principal'> => {
  const own = [...frameworks, ...completed_frameworks].filter((framework) => isOwn(record, framework));
  const principal = record.principal ?? own.find((framework) => framework.principal)?.principal;
  return {
    frameworkIds: [...new Set([...record.frameworkIds, ...own.map(({ id }) => id)])],
    roles: [...new Set([...record.roles, ...own.flatMap(rolesOf)])],
    ...(principal === undefined ? {} : { principal }),
  };
};

/**
 * Decides the next steps at the master, from what it says now: each can be taken again, so it does not matter what was
 * done before a restart. First the framework goes, then the volumes of its roles, then their reservations. Roles that
 * another framework uses too are left alone, as is what an agent reserves statically, and everything when the data is to be
 * kept.
 */
export const planUninstall = (view: MasterView, record: UninstallRecord): readonly UninstallStep[] => {
  const { frameworks } = view.frameworks;
  const own = frameworks.filter((framework) => isOwn(record, framework));
  const [first, ...others] = own;
  if (first && others.length > 0) return [{ type: 'ambiguous', frameworkIds: own.map(({ id }) => id) }];
  if (first) return [{ type: 'tear-down', frameworkId: first.id }];
  if (record.keepsData) return [{ type: 'done' }];
  const usedByOthers = new Set(frameworks.flatMap(rolesOf));
  const roles = record.roles.filter((role) => role !== '*' && !usedByOthers.has(role));
  const steps = view.slaves.flatMap((slave) => stepsOn(slave, roles, record));
  return steps.length > 0 ? steps : [{ type: 'done' }];
};

const isOwn = ({ frameworkName }: UninstallRecord, { name }: MesosFramework): boolean =>
  name === frameworkName;

const rolesOf = ({ role, roles }: MesosFramework): readonly string[] =>
  roles ?? (role === undefined ? [] : [role]);

const stepsOn = (slave: MesosSlave, roles: readonly string[], record: UninstallRecord): UninstallStep[] => {
  const reserved = roles
    .flatMap((role) => slave.reserved_resources_full?.[role] ?? [])
    .map(forOperations)
    .filter((resource) => isOwnReservation(resource, record));
  const volumes = reserved.filter(({ disk }) => disk?.persistence !== undefined);
  if (volumes.length > 0) return [{ type: 'destroy-volumes', agentId: slave.id, volumes }];
  return reserved.length > 0 ? [{ type: 'unreserve', agentId: slave.id, resources: reserved }] : [];
};

/** The master shows resources in the older and the newer form at once, but takes one of them only. */
const forOperations = (resource: Resource): Resource => {
  const { allocation_info: _allocation, ...unallocated } = resource;
  if (resource.reservations === undefined) return unallocated;
  const { role: _role, reservation: _reservation, ...newer } = unallocated;
  return newer;
};

/** Dynamic, and not made by somebody else than the framework. */
const isOwnReservation = (
  { reservation, reservations }: Resource,
  { principal }: UninstallRecord,
): boolean => {
  const innermost = reservations?.at(-1);
  const isDynamic = reservations === undefined ? reservation !== undefined : innermost?.type === 'DYNAMIC';
  const reservedBy = innermost?.principal ?? reservation?.principal;
  return isDynamic && (principal === undefined || reservedBy === undefined || reservedBy === principal);
};
