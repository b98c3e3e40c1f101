import { type Api, type Call, send, sendForJson, sendForStream } from './call.ts';
import type { Connection } from './connection.ts';
import { readServerSentEvents } from './server-sent-events.ts';

/** An entry of the log service (cli.md 19.3); times are microseconds. */
export interface SystemLogEntry {
  readonly fields: Readonly<Record<string, string>>;
  readonly cursor?: string;
  readonly monotonic_timestamp?: number;
  readonly realtime_timestamp?: number;
}

export interface SystemMetric {
  readonly name: string;
  readonly value: number;
  readonly unit?: string;
  readonly timestamp?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A part of a node, as the health service knows it. */
export interface SystemUnit {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly health: number;
  readonly output: string;
  readonly help: string;
}

export interface HostAddress {
  readonly host: string;
  readonly ip: string;
}

export interface ComponentLogQuery {
  /** The agent; undefined: the leading master. */
  readonly agentId?: string | undefined;
  /** Such as `dcos-marathon`; undefined: all. */
  readonly component?: string | undefined;
  /** Entries from the end; 0 is all. */
  readonly last: number;
  /** `FIELD:VALUE` */
  readonly filters?: readonly string[] | undefined;
}

export interface TaskLogQuery {
  readonly taskId: string;
  /** Within its sandbox. */
  readonly file: string;
}

/** A machine by the addresses that it has. */
export interface NetworkNode {
  readonly private_ip: string;
  readonly public_ips?: readonly string[];
}

/** What DC/OS tells of its machines: logs, metrics, health, names (cli.md 17.5). Every call throws ApiError. */
export interface SystemClient {
  getComponentLog(query: ComponentLogQuery): Promise<SystemLogEntry[]>;
  /** Without end; each entry as it is written. */
  followComponentLog(query: ComponentLogQuery): AsyncGenerator<SystemLogEntry>;
  /** The last lines of a file of a task, as they were written. */
  getTaskLog(query: TaskLogQuery & { readonly last: number }): Promise<Buffer>;
  /** What comes behind an entry, else what is written from now on; without end. */
  followTaskLog(
    query: TaskLogQuery & { readonly after?: string | undefined },
  ): AsyncGenerator<SystemLogEntry>;
  getNodeMetrics(agentId: string): Promise<SystemMetric[]>;
  /** Of a container, and what its app tells itself. */
  getContainerMetrics(agentId: string, containerId: string): Promise<SystemMetric[]>;
  getAppMetrics(agentId: string, containerId: string): Promise<SystemMetric[]>;
  getUnits(nodeIp: string): Promise<SystemUnit[]>;
  resolve(hostname: string): Promise<HostAddress[]>;
  getNetworkNodes(): Promise<NetworkNode[]>;
}

const SYSTEM: Api = { name: 'The cluster', readError: (body) => messageOf(body) };

const messageOf = (body: unknown): { message?: string } => {
  if (typeof body !== 'object' || body === null || !('message' in body)) return {};
  return typeof body.message === 'string' ? { message: body.message } : {};
};

export const createSystemClient = (connection: Connection): SystemClient => {
  const metrics = async (path: string): Promise<SystemMetric[]> => {
    const { status, body } = await send(SYSTEM, connection, {
      path,
      headers: { Accept: 'application/json' },
    });
    if (status === 204) return [];
    return (JSON.parse(body.toString('utf8')) as { datapoints: SystemMetric[] }).datapoints;
  };
  const container = (agentId: string, containerId: string): string =>
    `/system/v1/agent/${encodeURIComponent(agentId)}/metrics/v0/containers/${encodeURIComponent(containerId)}`;
  return {
    getComponentLog: async (query) => {
      const call = { ...logCall(query), headers: { Accept: 'application/json' } };
      const { body } = await send(SYSTEM, connection, call);
      const lines = body
        .toString('utf8')
        .split('\n')
        .filter((line) => line !== '');
      return lines.map((line) => JSON.parse(line) as SystemLogEntry);
    },
    followComponentLog: (query) => follow(connection, logCall(query)),
    getTaskLog: async ({ last, ...query }) => {
      const call = { path: taskLogPath(query), query: { cursor: 'END', skip: -last } };
      return (await send(SYSTEM, connection, { ...call, headers: { Accept: 'text/plain' } })).body;
    },
    followTaskLog: ({ after, ...query }) =>
      follow(connection, {
        path: taskLogPath(query),
        query: after === undefined ? { cursor: 'END', skip: 0 } : { cursor: after, skip: 1 },
      }),
    getNodeMetrics: (agentId) => metrics(`/system/v1/agent/${encodeURIComponent(agentId)}/metrics/v0/node`),
    getContainerMetrics: (agentId, containerId) => metrics(container(agentId, containerId)),
    getAppMetrics: (agentId, containerId) => metrics(`${container(agentId, containerId)}/app`),
    getUnits: async (ip) =>
      (
        await sendForJson<{ units: SystemUnit[] }>(SYSTEM, connection, {
          path: `/system/health/v1/nodes/${encodeURIComponent(ip)}/units`,
        })
      ).units,
    getNetworkNodes: () => sendForJson(SYSTEM, connection, { path: '/net/v1/nodes' }),
    resolve: async (hostname) => {
      const path = `/mesos_dns/v1/hosts/${encodeURIComponent(hostname)}`;
      const found = await sendForJson<HostAddress[]>(SYSTEM, connection, { path });
      return found.filter(({ ip }) => ip !== '');
    },
  };
};

const logCall = ({ agentId, component, last, filters = [] }: ComponentLogQuery) => {
  const node = agentId === undefined ? 'leader/mesos' : `agent/${encodeURIComponent(agentId)}`;
  const unit = component === undefined ? '' : `/${component.replace(/\.service$/, '')}.service`;
  return {
    path: `/system/v1/${node}/logs/v2/component${unit}`,
    query: { skip: last === 0 ? 0 : -last, filter: [...filters] },
  };
};

const taskLogPath = ({ taskId, file }: TaskLogQuery): string =>
  `/system/v1/logs/v2/task/${encodeURIComponent(taskId)}/file/${file.split('/').map(encodeURIComponent).join('/')}`;

async function* follow(
  connection: Connection,
  call: Pick<Call, 'path' | 'query'>,
): AsyncGenerator<SystemLogEntry> {
  const headers = { Accept: 'text/event-stream' };
  const stream = await sendForStream(SYSTEM, connection, { ...call, headers });
  try {
    for await (const { data } of readServerSentEvents(stream.body)) yield JSON.parse(data) as SystemLogEntry;
  } finally {
    stream.close();
  }
}
