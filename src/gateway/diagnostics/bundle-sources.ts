import { freemem, loadavg, platform, release, totalmem, uptime } from 'node:os';
import { createAgentFilesClient } from '../../clients/agent-files-client.ts';
import { type ReadableFolder, readTail } from '../../clients/task-files/read-log.ts';
import { request } from '../../http/client.ts';
import type { Backends } from '../routing.ts';
import { type AgentAccess, connectionToAgent } from '../system/agent-connection.ts';
import { LOCAL_FILES } from '../system/local-files.ts';
import { redact, redactVariables } from './redact.ts';

/** A file of a bundle that is yet to be read. */
export interface BundleSource {
  /** Its path in the bundle. */
  readonly path: string;
  /** Rejects with what went wrong; the others are collected all the same. */
  readonly read: () => Promise<Buffer>;
}

export interface SourceOptions extends AgentAccess {
  readonly backends: Backends;
  readonly version: string;
  readonly logFile: string | undefined;
}

const ANSWER_TIMEOUT_MS = 20_000;
const LOG_LINES = 20_000;
const TASK_LINES = 500;
/** Tasks whose output is collected, of each agent. */
const MOST_TASKS = 200;

/** What the parts of the control plane know. */
export const controlPlaneSources = ({ backends, version, logFile }: SourceOptions): BundleSource[] => {
  const { mesosUrl, marathonUrl, packagesUrl, jobsUrl } = backends;
  const log = (file: string): BundleSource => ({
    path: 'control-plane/log.jsonl',
    read: () => tailOf({ files: LOCAL_FILES, root: file }, '', LOG_LINES),
  });
  return [
    { path: 'control-plane/process.json', read: async () => jsonBuffer(processFacts(version)) },
    ...(logFile === undefined ? [] : [log(logFile)]),
    ...MASTER_PATHS.map(([name, path]) => document(`mesos/${name}.json`, mesosUrl + path)),
    ...MARATHON_PATHS.map(([name, path]) => document(`marathon/${name}.json`, marathonUrl + path)),
    cosmosDocument('packages/repositories.json', packagesUrl, 'repository/list'),
    cosmosDocument('packages/installed.json', packagesUrl, 'list'),
    ...(jobsUrl === undefined
      ? []
      : [document('jobs/jobs.json', `${jobsUrl}/v1/jobs?embed=activeRuns&embed=history&embed=schedules`)]),
  ];
};

const MASTER_PATHS = [
  ['state', '/state'],
  ['roles', '/roles'],
  ['quota', '/quota'],
  ['metrics', '/metrics/snapshot'],
  ['flags', '/flags'],
  ['version', '/version'],
  ['maintenance-schedule', '/maintenance/schedule'],
  ['maintenance-status', '/maintenance/status'],
] as const;

const MARATHON_PATHS = [
  ['info', '/v2/info'],
  ['apps', '/v2/apps?embed=apps.tasks&embed=apps.counts&embed=apps.deployments&embed=apps.lastTaskFailure'],
  ['pods', '/v2/pods'],
  ['groups', '/v2/groups'],
  ['deployments', '/v2/deployments'],
  ['queue', '/v2/queue?embed=lastUnusedOffers'],
  ['metrics', '/metrics'],
] as const;

/** What an agent knows, and the last that its tasks printed. Throws HttpError when it cannot be asked. */
export const agentSources = async (id: string, access: AgentAccess): Promise<BundleSource[]> => {
  const { hostname, ...connection } = await connectionToAgent(access, id);
  const files = createAgentFilesClient(connection);
  const at = (name: string, path: string): BundleSource =>
    document(`agents/${id}/${name}.json`, connection.url + path);
  const state = await fetchDocument(`${connection.url}/state`);
  const tasks = executorsOf(state).slice(0, MOST_TASKS);
  return [
    { path: `agents/${id}/state.json`, read: async () => jsonBuffer(state) },
    at('metrics', '/metrics/snapshot'),
    at('containers', '/containers'),
    at('flags', '/flags'),
    { path: `agents/${id}/log.jsonl`, read: () => tailOf({ files, root: '/slave/log' }, '', LOG_LINES) },
    ...tasks.flatMap(({ id: task, directory }) =>
      ['stdout', 'stderr'].map((file) => ({
        path: `tasks/${fileName(task)}/${file}`,
        read: () => tailOf({ files, root: directory }, `/${file}`, TASK_LINES),
      })),
    ),
  ];
};

const document = (path: string, url: string): BundleSource => ({
  path,
  read: async () => jsonBuffer(await fetchDocument(url)),
});

const cosmosDocument = (path: string, packagesUrl: string, operation: string): BundleSource => {
  const type = `application/vnd.dcos.package.${operation.replace('/', '.')}`;
  return {
    path,
    read: async () => {
      const headers = {
        Accept: `${type}-response+json;charset=utf-8;version=v1`,
        'Content-Type': `${type}-request+json;charset=utf-8;version=v1`,
      };
      const call = { method: 'POST', headers, body: '{}' };
      return jsonBuffer(await fetchDocument(`${packagesUrl}/package/${operation}`, call));
    },
  };
};

const fetchDocument = async (url: string, call: object = {}): Promise<unknown> => {
  const { status, body } = await request({ url, timeoutMs: ANSWER_TIMEOUT_MS, ...call });
  if (status !== 200) throw new Error(`it answered ${status}: ${body.toString('utf8', 0, 200)}`);
  return redactVariables(redact(JSON.parse(body.toString('utf8'))));
};

const jsonBuffer = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);

const tailOf = async (folder: ReadableFolder, file: string, lines: number): Promise<Buffer> =>
  (await readTail(folder, file, lines)).text;

const processFacts = (version: string): object => ({
  version,
  node: process.version,
  platform: `${platform()} ${release()}`,
  uptime_seconds: process.uptime(),
  memory: process.memoryUsage(),
  machine: { uptime_seconds: uptime(), load: loadavg(), memory: { total: totalmem(), free: freemem() } },
});

interface Executor {
  readonly id: string;
  readonly directory: string;
}

/** The executors of an agent's state, those that run first: each has a folder in which its tasks print. */
const executorsOf = (state: unknown): readonly Executor[] => {
  const { frameworks = [], completed_frameworks: completed = [] } = state as AgentState;
  const all = [...frameworks, ...completed];
  return [
    ...all.flatMap(({ executors = [] }) => executors),
    ...all.flatMap(({ completed_executors: ended = [] }) => ended),
  ].filter(({ id, directory }) => typeof id === 'string' && typeof directory === 'string');
};

interface AgentFramework {
  readonly executors?: readonly Executor[];
  readonly completed_executors?: readonly Executor[];
}

interface AgentState {
  readonly frameworks?: readonly AgentFramework[];
  readonly completed_frameworks?: readonly AgentFramework[];
}

/** An id of a task as the name of a folder in the bundle. */
const fileName = (id: string): string => id.replace(/[^\w.-]+/g, '_').replace(/^\.+/, '_');
