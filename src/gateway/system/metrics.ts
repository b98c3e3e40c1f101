import type { Connection } from '../../clients/connection.ts';
import { HttpError } from '../../http/http-error.ts';
import { send, sendJson } from '../../http/respond.ts';
import type { Router } from '../../http/router.ts';
import type { Clock } from '../../runtime/clock.ts';
import { fetchJson } from '../fetch-json.ts';
import { asArray, asNumber, asObject, asString } from '../json.ts';
import { type AgentAccess, connectionToAgent } from './agent-connection.ts';

/** A value of the metrics API v0 (cli.md 6.7, 7.6). */
interface Datapoint {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly timestamp: string;
  readonly tags?: Readonly<Record<string, string>>;
}

type Values = Readonly<Record<string, unknown>>;

/** What of an agent's /containers (mesos.md 3.10) is told, and what it counts. */
const CONTAINER_VALUES: Readonly<Record<string, string>> = {
  cpus_user_time_secs: 'seconds',
  cpus_system_time_secs: 'seconds',
  cpus_limit: 'count',
  cpus_throttled_time_secs: 'seconds',
  cpus_nr_periods: 'count',
  cpus_nr_throttled: 'count',
  mem_total_bytes: 'bytes',
  mem_rss_bytes: 'bytes',
  mem_file_bytes: 'bytes',
  mem_limit_bytes: 'bytes',
  disk_used_bytes: 'bytes',
  disk_limit_bytes: 'bytes',
  processes: 'count',
  threads: 'count',
};
const MEBIBYTE = 1024 * 1024;

/** Adds the metrics of agents and of containers, as DC/OS's metrics API gives them. */
export const addMetrics = (router: Router, access: AgentAccess, clock: Clock): void => {
  const stamp = (): string => new Date(clock.now()).toISOString();
  router
    .on('GET', '/system/v1/agent/:agent/metrics/v0/node', async ({ request, response, params }) => {
      const agent = await connectionToAgent(access, params.agent ?? '', request);
      const values = asObject(await fetchJson('agent', `${agent.url}/metrics/snapshot`, agent.token));
      const datapoints = nodeDatapoints(values, stamp());
      sendJson(response, 200, {
        datapoints,
        dimensions: { mesos_id: params.agent, hostname: agent.hostname },
      });
    })
    .on(
      'GET',
      '/system/v1/agent/:agent/metrics/v0/containers/:container',
      async ({ request, response, params }) => {
        const agent = await connectionToAgent(access, params.agent ?? '', request);
        const container = await containerOf(agent, params.container ?? '');
        const datapoints = containerDatapoints(asObject(container.statistics), stamp());
        const { executor_id, framework_id } = container;
        const dimensions = {
          mesos_id: params.agent,
          container_id: params.container,
          executor_id,
          framework_id,
        };
        if (datapoints.length === 0) send(response, 204);
        else sendJson(response, 200, { datapoints, dimensions });
      },
    )
    // Nothing collects what apps themselves would tell.
    .on(
      'GET',
      '/system/v1/agent/:agent/metrics/v0/containers/:container/app',
      async ({ response, params }) => {
        await connectionToAgent(access, params.agent ?? '');
        send(response, 204);
      },
    );
};

/** Throws HttpError 404. */
const containerOf = async ({ url, token }: Connection, id: string): Promise<Values> => {
  const path = '/containers?show_nested=true';
  const containers = asArray(await fetchJson('agent', url + path, token)).map(asObject);
  const found = containers.find((container) => asString(container.container_id) === id);
  if (!found) throw new HttpError(404, `The agent has no container ${id}`);
  return found;
};

const containerDatapoints = (statistics: Values, timestamp: string): Datapoint[] =>
  Object.entries(CONTAINER_VALUES).flatMap(([statistic, unit]) => {
    const value = asNumber(statistics[statistic]);
    // cpus_limit is cpus.limit there.
    return value === undefined ? [] : [{ name: statistic.replace('_', '.'), value, unit, timestamp }];
  });

const nodeDatapoints = (metrics: Values, timestamp: string): Datapoint[] => {
  const points: Datapoint[] = [];
  const add = (name: string, value: number | undefined, unit: string, tags?: Datapoint['tags']): void => {
    if (value !== undefined) points.push({ name, value, unit, timestamp, ...(tags ? { tags } : {}) });
  };
  const of = (name: string): number | undefined => asNumber(metrics[name]);
  const load = of('system/load_1min');
  const cores = of('system/cpus_total');
  add('cpu.cores', cores, 'count');
  // What waits for a processor counts as busy; nobody here measures idle times.
  if (load !== undefined && cores) add('cpu.total', Math.min(100, (100 * load) / cores), 'percent');
  add('load.1min', load, 'count');
  add('load.5min', of('system/load_5min'), 'count');
  add('load.15min', of('system/load_15min'), 'count');
  add('memory.total', of('system/mem_total_bytes'), 'bytes');
  add('memory.free', of('system/mem_free_bytes'), 'bytes');
  const disk = of('slave/disk_total');
  const used = of('slave/disk_used');
  add('filesystem.capacity.total', disk === undefined ? undefined : disk * MEBIBYTE, 'bytes', { path: '/' });
  add('filesystem.capacity.used', used === undefined ? undefined : used * MEBIBYTE, 'bytes', { path: '/' });
  return points;
};
