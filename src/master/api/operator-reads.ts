import { MessageGroup } from '../../mesos/codec/long-message.ts';
import type { Call, Response } from '../../mesos/generated/master.ts';
import type { OfferOperation } from '../../mesos/generated/mesos.ts';
import { reservationRole } from '../../mesos/resources/traits.ts';
import type { Verbosity } from '../../runtime/verbosity.ts';
import { isResourceOperation } from '../core/operation-problem.ts';
import { resourcesOf } from '../core/operation-resources.ts';
import type { MasterState } from '../core/state.ts';
import type { ClusterView } from './documents/cluster-view.ts';
import type { Fragments } from './documents/fragments.ts';
import type { SharedDocuments } from './documents/shared-documents.ts';
import { maintenanceSchedule, maintenanceStatus } from './maintenance.ts';
import type { MasterFacts } from './master-facts.ts';
import { getAgents, getExecutors, getFrameworks, getState, getTasks } from './operator-messages.ts';
import type { OwnLog } from './own-log.ts';
import { quotaStatus, roleMessages, weightInfos } from './roles-json.ts';
import type { Visibility } from './visibility.ts';

export interface OperatorReadOptions {
  readonly state: MasterState;
  readonly facts: MasterFacts;
  readonly metrics: () => Promise<Record<string, number>>;
  readonly verbosity: Verbosity;
  readonly documents: Pick<SharedDocuments, 'usedBy'>;
  readonly ownLog: OwnLog;
  /** What who asks gets to see. */
  readonly visibility: Visibility;
}

/** The answers that are as long as the cluster is large. */
const LONG_READS: Readonly<Record<string, (view: ClusterView, fragments: Fragments) => MessageGroup>> = {
  GET_STATE: getState,
  GET_AGENTS: getAgents,
  GET_FRAMEWORKS: getFrameworks,
  GET_EXECUTORS: getExecutors,
  GET_TASKS: getTasks,
};

/** How the answer to a call is made that asks for all agents, frameworks or tasks; undefined for other calls. */
export const longRead = (
  type: Call['type'],
): ((view: ClusterView, fragments: Fragments) => MessageGroup) | undefined => {
  const body = LONG_READS[type];
  if (body === undefined) return undefined;
  return (view, fragments) =>
    new MessageGroup('mesos.v1.master.Response', { type, [type.toLowerCase()]: body(view, fragments) });
};

/** The answer to a call that only asks, and is short; undefined for others. */
export const answerRead = async (call: Call, options: OperatorReadOptions): Promise<Response | undefined> => {
  const { state, facts, metrics, verbosity, documents, visibility, ownLog } = options;
  switch (call.type) {
    case 'GET_HEALTH':
      return { type: call.type, get_health: { healthy: true } };
    case 'GET_FLAGS':
      return { type: call.type, get_flags: { flags: pairs(facts.flags) } };
    case 'GET_VERSION':
      return { type: call.type, get_version: { version_info: facts.version } };
    case 'GET_METRICS':
      return { type: call.type, get_metrics: { metrics: pairs(await metrics()) } };
    case 'GET_LOGGING_LEVEL':
      return { type: call.type, get_logging_level: { level: verbosity.level } };
    case 'GET_OPERATIONS': {
      const operations = [...state.agents.values()]
        .flatMap((agent) => [...agent.operations.values()])
        .filter(({ info }) => isOperationShown(info, visibility));
      return { type: call.type, get_operations: operations.length === 0 ? {} : { operations } };
    }
    case 'GET_ROLES': {
      const roles = roleMessages(state, await documents.usedBy()).filter(({ name }) =>
        visibility.isRoleShown(name),
      );
      return { type: call.type, get_roles: roles.length === 0 ? {} : { roles } };
    }
    case 'GET_WEIGHTS': {
      const infos = weightInfos(state).filter(({ role = '*' }) => visibility.isRoleShown(role));
      // Without weights Mesos leaves out the body, though its schema has one.
      if (infos.length === 0) return { type: call.type } as Response;
      return { type: call.type, get_weights: { weight_infos: infos } };
    }
    case 'GET_QUOTA':
      return { type: call.type, get_quota: { status: quotaStatus(state, visibility.isQuotaShown) } };
    case 'GET_MASTER': {
      const since = state.startedMs / 1000;
      return {
        type: call.type,
        get_master: { master_info: state.info, start_time: since, elected_time: since },
      };
    }
    case 'GET_MAINTENANCE_STATUS':
      return {
        type: call.type,
        get_maintenance_status: { status: maintenanceStatus(state, visibility.isStatusShown) },
      };
    case 'GET_MAINTENANCE_SCHEDULE':
      return {
        type: call.type,
        get_maintenance_schedule: { schedule: maintenanceSchedule(state, visibility.isScheduleShown) },
      };
    case 'LIST_FILES': {
      const file_infos = ownLog.list(call.list_files.path, visibility.isLogShown);
      return { type: call.type, list_files: { file_infos } };
    }
    case 'READ_FILE': {
      const { path, offset, length } = call.read_file;
      const { data, size } = await ownLog.read(path, {
        offset,
        ...(length === undefined ? {} : { length }),
        mayRead: visibility.isLogShown,
      });
      return { type: call.type, read_file: { size, data: data.toString('base64') } };
    }
    default:
      return undefined;
  }
};

/** By the roles of its resources. */
const isOperationShown = (operation: OfferOperation, { isRoleShown }: Visibility): boolean =>
  !isResourceOperation(operation) ||
  resourcesOf(operation).every((resource) => isRoleShown(reservationRole(resource)));

const pairs = <Value>(values: Readonly<Record<string, Value>>): { name: string; value: Value }[] =>
  Object.entries(values).map(([name, value]) => ({ name, value }));
