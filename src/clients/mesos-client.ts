import type { Call, Event } from '../mesos/generated/master.ts';
import type { MasterInfo, Resource } from '../mesos/generated/mesos.ts';
import type { Duration } from '../mesos/generated/protobuf.ts';
import type { QuotaConfig } from '../mesos/generated/quota.ts';
import { readRecords } from '../mesos/recordio.ts';
import { ApiError, isNotFound } from './api-error.ts';
import { type Api, send, sendForJson, sendForStream } from './call.ts';
import type { Connection } from './connection.ts';
import type {
  MesosFramework,
  MesosFrameworks,
  MesosMachine,
  MesosMaintenanceSchedule,
  MesosMaintenanceStatus,
  MesosMaster,
  MesosRole,
  MesosSlave,
  MesosStateSummary,
  MesosTask,
} from './mesos-types.ts';

export interface DrainOptions {
  /** Tasks get no longer than this to end, whatever they want. */
  readonly maxGraceNanoseconds?: number | undefined;
  /** The agent is marked gone when it is drained. */
  readonly markGone: boolean;
}

/** A master's v0 reads (mesos.md 3.9) and operator calls (3.1). Every call throws ApiError. */
export interface MesosClient {
  getStateSummary(): Promise<MesosStateSummary>;
  /** All that the master knows, as it says it. */
  getState(): Promise<object>;
  /** The master that leads. */
  getMaster(): Promise<MesosMaster>;
  getSlaves(): Promise<MesosSlave[]>;
  getFrameworks(): Promise<MesosFrameworks>;
  /** As whom the tasks of frameworks run that do not say so themselves, by the frameworks' ids. */
  getFrameworkUsers(): Promise<ReadonlyMap<string, string>>;
  /** Active, unreachable and completed tasks, the oldest first. */
  getTasks(query?: { readonly frameworkId?: string; readonly taskId?: string }): Promise<MesosTask[]>;
  getRoles(): Promise<MesosRole[]>;
  /** The version of Mesos that the master speaks. */
  getVersion(): Promise<{ readonly version: string; readonly plenum_version?: string }>;
  /** Ends a framework for good, with all its tasks. */
  teardown(frameworkId: string): Promise<void>;
  reserveResources(agentId: string, resources: readonly Resource[]): Promise<void>;
  unreserveResources(agentId: string, resources: readonly Resource[]): Promise<void>;
  createVolumes(agentId: string, volumes: readonly Resource[]): Promise<void>;
  destroyVolumes(agentId: string, volumes: readonly Resource[]): Promise<void>;
  /** Has its tasks killed; DRAINED afterwards, or gone. */
  drainAgent(agentId: string, options: DrainOptions): Promise<void>;
  /** No more offers of it; what runs there goes on. */
  deactivateAgent(agentId: string): Promise<void>;
  reactivateAgent(agentId: string): Promise<void>;
  /** For good: its tasks are gone, its id is never admitted again. */
  markAgentGone(agentId: string): Promise<void>;
  /** Replaces the quota of the config's role; without guarantees and limits it is removed. */
  updateQuota(config: QuotaConfig, options?: { readonly force?: boolean }): Promise<void>;
  removeQuota(role: string): Promise<void>;
  getMaintenanceSchedule(): Promise<MesosMaintenanceSchedule>;
  getMaintenanceStatus(): Promise<MesosMaintenanceStatus>;
  /** Replaces the whole schedule. */
  updateMaintenanceSchedule(schedule: MesosMaintenanceSchedule): Promise<void>;
  /** Machines that the schedule names go down: their agents are removed. */
  startMaintenance(machines: readonly MesosMachine[]): Promise<void>;
  stopMaintenance(machines: readonly MesosMachine[]): Promise<void>;
  /** What changes in the cluster, after a snapshot of it (3.2). Ends when the master or the connection's signal ends it. */
  events(): AsyncGenerator<Event>;
}

/** Errors of the master are plain text (mesos.md 3.1). */
export const MESOS: Api = { name: 'Mesos', readError: () => ({}) };

const JSON_BODY = { 'Content-Type': 'application/json', Accept: 'application/json' };
/** A snapshot of a large cluster is long. */
const LONGEST_RECORD_BYTES = 512 * 1024 * 1024;

export const createMesosClient = (connection: Connection): MesosClient => {
  const ask = <T extends object>(path: string, query = {}): Promise<T> =>
    sendForJson(MESOS, connection, { path, query });
  const call = async (message: Call): Promise<void> => {
    await send(MESOS, connection, {
      method: 'POST',
      path: '/api/v1',
      headers: JSON_BODY,
      body: JSON.stringify(message),
    });
  };
  let state: Promise<State> | undefined;
  /** Whoever needs several parts of it has it sent once. */
  const askState = (): Promise<State> => {
    state ??= ask<State>('/master/state').finally(() => {
      state = undefined;
    });
    return state;
  };
  /** A proxy may let through no more than the original asked for, which was the whole state (cli.md 6, 17). */
  const orOfState = async <T>(whole: () => Promise<T>, part: (state: State) => T): Promise<T> => {
    try {
      return await whole();
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return part(await askState());
    }
  };
  const operatorCall = <T extends object>(type: string): Promise<T> =>
    sendForJson(MESOS, connection, {
      method: 'POST',
      isRead: true,
      path: '/api/v1',
      headers: JSON_BODY,
      body: JSON.stringify({ type }),
    });
  const on = (agentId: string) => ({ agent_id: { value: agentId } });

  return {
    getStateSummary: () => ask('/state-summary'),
    getState: () => ask('/state'),
    getMaster: async () => {
      try {
        const { get_master: answer } = await operatorCall<{ get_master: { master_info: MasterFacts } }>(
          'GET_MASTER',
        );
        return masterOf(answer.master_info);
      } catch (error) {
        if (!(error instanceof ApiError) || error.status === undefined) throw error;
        return masterOf(await askState());
      }
    },
    getSlaves: async () =>
      (
        await orOfState(
          () => ask<{ slaves: MesosSlave[] }>('/slaves'),
          ({ slaves = [] }) => ({ slaves }),
        )
      ).slaves,
    getFrameworks: () =>
      orOfState(
        () => ask('/frameworks'),
        ({ frameworks = [], completed_frameworks = [] }) => ({ frameworks, completed_frameworks }),
      ),
    getFrameworkUsers: async () => {
      const usersOf = (known: readonly { readonly id?: string; readonly user?: string }[]) =>
        new Map(known.map(({ id = '', user = '' }) => [id, user]));
      try {
        const { get_frameworks: answer } = await operatorCall<{ get_frameworks?: FrameworkInfos }>(
          'GET_FRAMEWORKS',
        );
        const infos = (answer?.frameworks ?? []).map(({ framework_info: info }) => info);
        return usersOf(infos.map(({ id, user }) => ({ id: id?.value ?? '', user })));
      } catch (error) {
        if (!(error instanceof ApiError) || error.status === undefined) throw error;
        return usersOf((await askState()).frameworks ?? []);
      }
    },
    getTasks: async ({ frameworkId, taskId } = {}) => {
      const query = { limit: -1, order: 'asc', framework_id: frameworkId, task_id: taskId };
      const { tasks } = await orOfState(
        () => ask<{ tasks: MesosTask[] }>('/tasks', query),
        (state) => ({ tasks: tasksOfState(state) }),
      );
      const isAsked = (task: MesosTask): boolean =>
        (frameworkId === undefined || task.framework_id === frameworkId) &&
        (taskId === undefined || task.id === taskId);
      return tasks.filter(isAsked);
    },
    getRoles: async () => (await ask<{ roles: MesosRole[] }>('/roles')).roles,
    getVersion: () => ask('/version'),
    teardown: (id) => call({ type: 'TEARDOWN', teardown: { framework_id: { value: id } } }),
    reserveResources: (agentId, resources) =>
      call({
        type: 'RESERVE_RESOURCES',
        reserve_resources: { ...on(agentId), resources: [...resources] },
      }),
    unreserveResources: (agentId, resources) =>
      call({
        type: 'UNRESERVE_RESOURCES',
        unreserve_resources: { ...on(agentId), resources: [...resources] },
      }),
    createVolumes: (agentId, volumes) =>
      call({ type: 'CREATE_VOLUMES', create_volumes: { ...on(agentId), volumes: [...volumes] } }),
    destroyVolumes: (agentId, volumes) =>
      call({ type: 'DESTROY_VOLUMES', destroy_volumes: { ...on(agentId), volumes: [...volumes] } }),
    drainAgent: (agentId, { maxGraceNanoseconds, markGone }) =>
      call({
        type: 'DRAIN_AGENT',
        drain_agent: {
          ...on(agentId),
          ...(maxGraceNanoseconds ? { max_grace_period: durationOf(maxGraceNanoseconds) } : {}),
          mark_gone: markGone,
        },
      }),
    deactivateAgent: (agentId) => call({ type: 'DEACTIVATE_AGENT', deactivate_agent: on(agentId) }),
    reactivateAgent: (agentId) => call({ type: 'REACTIVATE_AGENT', reactivate_agent: on(agentId) }),
    markAgentGone: (agentId) => call({ type: 'MARK_AGENT_GONE', mark_agent_gone: on(agentId) }),
    updateQuota: (config, { force = false } = {}) =>
      call({ type: 'UPDATE_QUOTA', update_quota: { force, quota_configs: [config] } }),
    removeQuota: (role) => call({ type: 'REMOVE_QUOTA', remove_quota: { role } }),
    getMaintenanceSchedule: () => ask('/maintenance/schedule'),
    getMaintenanceStatus: () => ask('/maintenance/status'),
    updateMaintenanceSchedule: ({ windows = [] }) =>
      call({
        type: 'UPDATE_MAINTENANCE_SCHEDULE',
        update_maintenance_schedule: { schedule: { windows: [...windows] } },
      }),
    startMaintenance: (machines) =>
      call({ type: 'START_MAINTENANCE', start_maintenance: { machines: [...machines] } }),
    stopMaintenance: (machines) =>
      call({ type: 'STOP_MAINTENANCE', stop_maintenance: { machines: [...machines] } }),
    events: () => readEvents(connection),
  };
};

const durationOf = (nanoseconds: number): Duration => {
  const nanos = nanoseconds % 1e9;
  return { seconds: Math.floor(nanoseconds / 1e9), ...(nanos === 0 ? {} : { nanos }) };
};

async function* readEvents(connection: Connection): AsyncGenerator<Event> {
  const stream = await sendForStream(MESOS, connection, {
    method: 'POST',
    path: '/api/v1',
    headers: JSON_BODY,
    body: JSON.stringify({ type: 'SUBSCRIBE' }),
  });
  try {
    for await (const record of readRecords(stream.body, LONGEST_RECORD_BYTES)) {
      yield JSON.parse(record.toString()) as Event;
    }
  } finally {
    stream.close();
  }
}

interface FrameworkInfos {
  readonly frameworks?: readonly {
    readonly framework_info: { readonly id?: { readonly value: string }; readonly user: string };
  }[];
}

interface State extends MasterFacts {
  readonly slaves?: MesosSlave[];
  readonly frameworks?: readonly FrameworkState[];
  readonly completed_frameworks?: readonly FrameworkState[];
}

interface FrameworkState extends MesosFramework {
  readonly tasks?: readonly MesosTask[];
  readonly unreachable_tasks?: readonly MesosTask[];
  readonly completed_tasks?: readonly MesosTask[];
}

const tasksOfState = ({ frameworks = [], completed_frameworks: completed = [] }: State): MesosTask[] =>
  [...frameworks, ...completed].flatMap(({ tasks = [], unreachable_tasks = [], completed_tasks = [] }) => [
    ...tasks,
    ...unreachable_tasks,
    ...completed_tasks,
  ]);

/** Where a state and a MasterInfo are alike. */
type MasterFacts = Partial<Pick<MasterInfo, 'id' | 'pid' | 'hostname' | 'address' | 'version' | 'domain'>>;

const masterOf = ({
  id = '',
  pid = '',
  hostname = '',
  address,
  version = '',
  domain,
}: MasterFacts): MesosMaster => ({
  id,
  pid,
  hostname,
  ip: address?.ip ?? hostname,
  version,
  region: domain?.fault_domain?.region?.name ?? '',
  zone: domain?.fault_domain?.zone?.name ?? '',
});
