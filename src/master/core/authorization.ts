import { type AclRequest, isAuthorized } from '../../mesos/acls/acls.ts';
import type { FrameworkInfo, OfferOperation, Resource, TaskInfo } from '../../mesos/generated/mesos.ts';
import { isReserved, reservationRole } from '../../mesos/resources/traits.ts';
import { rolesOf } from './framework-info.ts';
import { isResourceOperation, type ResourceOperation } from './operation-problem.ts';
import type { MasterSettings } from './settings.ts';
import type { Framework } from './state.ts';

/** What the ACLs (mesos.md 6, `--acls`) say to frameworks. */
type Authority = Pick<MasterSettings, 'acls'>;

/** As whom a framework counts: as whom its scheduler has logged in; where nobody is asked, what it calls itself. */
const subjectOf = ({ info, caller }: Pick<Framework, 'info' | 'caller'>): string | undefined =>
  caller ?? info.principal;

/** Why a framework may not have its roles. */
export const registrationProblem = (
  { acls }: Authority,
  info: FrameworkInfo,
  caller: string | undefined,
): string | undefined => {
  const roles = rolesOf(info);
  const principal = subjectOf({ info, caller });
  const isAllowed = roles.every((object) =>
    isAuthorized(acls, { action: 'register_frameworks', principal, object }),
  );
  return isAllowed
    ? undefined
    : `Not authorized to register framework ${info.id?.value ?? ''} with roles { ${roles.join(', ')} }`;
};

/** The user as whom a framework may not run a task. */
export const forbiddenUser = (
  { acls }: Authority,
  framework: Framework,
  { command, executor }: Pick<TaskInfo, 'command' | 'executor'>,
): string | undefined => {
  const user = command?.user ?? executor?.command?.user ?? framework.info.user;
  const principal = subjectOf(framework);
  return isAuthorized(acls, { action: 'run_tasks', principal, object: user }) ? undefined : user;
};

const DEEDS: Readonly<Record<ResourceOperation['type'], string>> = {
  RESERVE: 'reserve resources',
  UNRESERVE: 'unreserve resources',
  CREATE: 'create persistent volumes',
  DESTROY: 'destroy persistent volumes',
  GROW_VOLUME: 'grow a volume',
  SHRINK_VOLUME: 'shrink a volume',
};

/** Why a framework may not have an operation done. */
export const operationForbidden = (
  { acls }: Authority,
  framework: Framework,
  operation: OfferOperation,
): string | undefined => {
  if (acls === undefined || !isResourceOperation(operation)) return undefined;
  const principal = subjectOf(framework);
  const isAllowed = operationRequests(operation, principal).every((request) => isAuthorized(acls, request));
  return isAllowed ? undefined : `Not authorized to ${DEEDS[operation.type]} as '${principal ?? ''}'`;
};

/** What somebody needs leave for to have an operation on resources done. */
export const operationRequests = (
  operation: ResourceOperation,
  principal: string | undefined,
): AclRequest[] => {
  const each = (
    action: AclRequest['action'],
    resources: readonly Resource[] = [],
    objectOf: (resource: Resource) => string | undefined,
  ): AclRequest[] => resources.map((resource) => ({ action, principal, object: objectOf(resource) }));
  switch (operation.type) {
    case 'RESERVE':
      return [
        ...each('reserve_resources', operation.reserve.resources, reservationRole),
        // A reservation that is changed has to be given up first.
        ...each('unreserve_resources', operation.reserve.source?.filter(isReserved), reserverOf),
      ];
    case 'UNRESERVE':
      return each('unreserve_resources', operation.unreserve.resources, reserverOf);
    case 'CREATE':
      return each('create_volumes', operation.create.volumes, reservationRole);
    case 'DESTROY':
      return each('destroy_volumes', operation.destroy.volumes, creatorOf);
    case 'GROW_VOLUME':
      return each('resize_volumes', [operation.grow_volume.volume], reservationRole);
    case 'SHRINK_VOLUME':
      return each('resize_volumes', [operation.shrink_volume.volume], reservationRole);
  }
};

/** Of the innermost reservation, in either of its forms (mesos.md 1.9.2). */
const reserverOf = ({ reservation, reservations = [] }: Resource): string | undefined =>
  reservations.at(-1)?.principal ?? reservation?.principal;

const creatorOf = ({ disk }: Resource): string | undefined => disk?.persistence?.principal;
