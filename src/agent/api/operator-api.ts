import { HttpError } from '../../http/http-error.ts';
import { send } from '../../http/respond.ts';
import type { Exchange, Router } from '../../http/router.ts';
import { sendCompressible } from '../../http/send-compressible.ts';
import type { AclAction } from '../../mesos/acls/acl-actions.ts';
import type { Acls } from '../../mesos/acls/acls.ts';
import type { Call, Response, ResponseGetAgent, ResponseGetTasks } from '../../mesos/generated/agent.ts';
import { withoutCheckpointed } from '../../mesos/resources/with-checkpointed.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { withoutSecrets } from '../../mesos/without-secrets.ts';
import type { Verbosity } from '../../runtime/verbosity.ts';
import type { AgentCore } from '../core/agent-core.ts';
import { isFrameworkActive } from '../core/completion.ts';
import { agentInfo, toTask } from '../core/registration.ts';
import type { AgentState, Run, TaskRecord } from '../core/state.ts';
import {
  answerContainerCall,
  type ContainerCall,
  isAboutContainer,
} from './containers/answer-container-call.ts';
import { listContainers } from './containers/list-containers.ts';
import type { OutputApi } from './containers/output-calls.ts';
import type { FileReader, FileRefusal, SandboxFiles } from './files.ts';
import { checkStreams, negotiate, readCalls } from './operator-wire.ts';
import { type Permission, permissionOf } from './permission.ts';
import { isAboutProvider, type ProviderCall, performProviderCall } from './provider-calls.ts';
import type { AgentFacts } from './state-json.ts';
import type { RunUsage } from './statistics.ts';
import { type VisibleState, visibleState } from './visible-state.ts';

export interface OperatorApiOptions extends OutputApi {
  files: SandboxFiles;
  facts: AgentFacts;
  metrics: () => Record<string, number>;
  /** What everything that runs uses. */
  usages: () => Promise<RunUsage[]>;
  verbosity: Verbosity;
  /** Who may do what; undefined: whoever is let in everything. */
  acls: Acls | undefined;
  /** Removes images that nobody uses, but those of these names. */
  pruneImages: (excluded: readonly string[]) => Promise<void>;
  now: () => number;
}

/** POST /api/v1 (mesos.md 3.8). */
export const addOperatorRoutes = (router: Router, options: OperatorApiOptions): void => {
  for (const prefix of ['', '/slave(1)']) {
    router.on('POST', `${prefix}/api/v1`, (exchange) => handleCall(exchange, options));
  }
};

const handleCall = async ({ request, response }: Exchange, options: OperatorApiOptions): Promise<void> => {
  const formats = negotiate(request);
  const { call, others } = await readCalls(request, formats.content);
  if (!call.type) throw new HttpError(400, "Failed to validate agent::Call: Expecting 'type' to be present");
  options.verbosity.note(call.type);
  checkStreams(call.type, formats);
  const permission = permissionOf(options.acls, request);
  const demanded = DEMANDED[call.type];
  if (demanded !== undefined) permission.demand(...demanded);
  if (call.type === 'SET_LOGGING_LEVEL') {
    if (!call.set_logging_level) throw new HttpError(400, missing('set_logging_level'));
    const { level, duration } = call.set_logging_level;
    options.verbosity.raise(level, duration.nanoseconds / 1e6);
    return send(response, 200);
  }
  if (call.type === 'PRUNE_IMAGES') {
    const excluded = call.prune_images?.excluded_images ?? [];
    await options.pruneImages(excluded.flatMap(({ docker }) => docker?.name ?? []));
    return send(response, 200);
  }
  if (isAboutProvider(call)) {
    performProviderCall(call, permission);
    return send(response, 200);
  }
  if (isAboutContainer(call)) {
    const { answer } = formats;
    return answerContainerCall(call, options, { request, response, calls: others, answer, permission });
  }
  const { codec } = formats.answer;
  const body = codec.encode('mesos.v1.agent.Response', await answerTo(call, options, permission));
  await sendCompressible(response, 200, body, { 'Content-Type': codec.mediaType });
};

/** What calls need leave for, beside those about containers and files. */
const DEMANDED: Partial<Record<Call['type'], readonly [action: AclAction, object?: string]>> = {
  GET_FLAGS: ['view_flags'],
  GET_METRICS: ['get_endpoints', '/metrics/snapshot'],
  SET_LOGGING_LEVEL: ['set_log_level'],
  PRUNE_IMAGES: ['prune_images'],
};

const answerTo = async (
  call: Exclude<Call, ContainerCall | ProviderCall>,
  options: OperatorApiOptions,
  permission: Permission,
): Promise<Response> => {
  const { core, facts } = options;
  const { state, settings } = core;
  const shown = visibleState(state, permission);
  switch (call.type) {
    case 'GET_HEALTH':
      return { type: call.type, get_health: { healthy: true } };
    case 'GET_FLAGS': {
      const flags = Object.entries(facts.flags).map(([name, value]) => ({ name, value }));
      return { type: call.type, get_flags: { flags } };
    }
    case 'GET_VERSION':
      return {
        type: call.type,
        get_version: { version_info: { version: settings.version, ...facts.version } },
      };
    case 'GET_METRICS': {
      const metrics = Object.entries(options.metrics()).map(([name, value]) => ({ name, value }));
      return { type: call.type, get_metrics: { metrics } };
    }
    case 'GET_LOGGING_LEVEL':
      return { type: call.type, get_logging_level: { level: options.verbosity.level } };
    case 'LIST_FILES':
      return listFiles(call, options, permission);
    case 'READ_FILE':
      return readFile(call, options, permission);
    case 'GET_STATE':
      return {
        type: call.type,
        get_state: {
          get_tasks: tasks(state, shown),
          get_executors: executors(shown),
          get_frameworks: frameworks(shown),
        },
      };
    case 'GET_TASKS':
      return { type: call.type, get_tasks: tasks(state, shown) };
    case 'GET_EXECUTORS':
      return { type: call.type, get_executors: executors(shown) };
    case 'GET_FRAMEWORKS':
      return { type: call.type, get_frameworks: frameworks(shown) };
    case 'GET_CONTAINERS':
      return {
        type: call.type,
        ...listContainers(call, core, options.now(), { usages: await options.usages(), may: permission.may }),
      };
    case 'GET_OPERATIONS':
      return { type: call.type, get_operations: operations(shown) };
    case 'GET_RESOURCE_PROVIDERS':
      return { type: call.type, get_resource_providers: {} };
    case 'GET_AGENT':
      return {
        type: call.type,
        get_agent: {
          agent_info: agentInfo(state, settings, withoutCheckpointed(state.resources)),
          ...drainOf(state),
        },
      };
    default:
      // UNKNOWN, for which there is no call.
      throw new HttpError(501, '501 Not Implemented.');
  }
};

const drainOf = ({ drain }: AgentCore['state']): Omit<ResponseGetAgent, 'agent_info'> =>
  drain
    ? {
        drain_config: drain.config,
        estimated_drain_start_time: { nanoseconds: Math.floor(drain.startedMs / 1000) * 1e9 },
      }
    : {};

const listFiles = async (
  { type, list_files }: Extract<Call, { type: 'LIST_FILES' }>,
  { files }: OperatorApiOptions,
  reader: FileReader,
): Promise<Response> => {
  if (!list_files) throw new HttpError(400, missing('list_files'));
  const entries = await files.list(list_files.path, reader);
  if (!Array.isArray(entries)) throw refusal(entries, list_files.path);
  return { type, list_files: { file_infos: entries } };
};

const readFile = async (
  { type, read_file }: Extract<Call, { type: 'READ_FILE' }>,
  { files }: OperatorApiOptions,
  reader: FileReader,
): Promise<Response> => {
  if (!read_file) throw new HttpError(400, missing('read_file'));
  const { path, offset, length } = read_file;
  const piece = await files.read(path, { offset, length, reader });
  if ('type' in piece) throw refusal(piece, path);
  return { type, read_file: { size: piece.size, data: piece.data.toString('base64') } };
};

const missing = (field: string): string =>
  `Failed to validate agent::Call: Expecting '${field}' to be present`;

const refusal = ({ type }: FileRefusal, path: string): HttpError => {
  if (type === 'folder') return new HttpError(400, 'Cannot read a directory');
  return type === 'missing'
    ? new HttpError(404, `No such file or directory: ${path}`)
    : new HttpError(403, `${path} leads out of the agent's work folder`);
};

const frameworks = (shown: VisibleState) => {
  const all = [...shown.frameworks.values()];
  const infos = (isActive: boolean) =>
    all
      .filter((framework) => isFrameworkActive(framework) === isActive)
      .map(({ info }) => ({ framework_info: info }));
  return { frameworks: infos(true), completed_frameworks: infos(false) };
};

const executors = (shown: VisibleState) => {
  const infos = (runs: Iterable<Run>) =>
    [...runs].map(({ record }) => ({
      executor_info: withoutSecrets(record.info),
    }));
  return {
    executors: infos(shown.runs.values()),
    completed_executors: infos([...shown.frameworks.values()].flatMap(({ completedRuns }) => completedRuns)),
  };
};

const tasks = (state: AgentState, visible: VisibleState): ResponseGetTasks => {
  const live = [...visible.tasks.values()];
  const shown = (some: readonly TaskRecord[]) => some.map((task) => toTask(state, task));
  const runs = [...visible.frameworks.values()].flatMap(({ runs: own, completedRuns }) => [
    ...own.values(),
    ...completedRuns,
  ]);
  return {
    pending_tasks: [],
    queued_tasks: shown(live.filter((task) => task.isQueued && !isTerminal(task.state))),
    launched_tasks: shown(live.filter((task) => !task.isQueued && !isTerminal(task.state))),
    terminated_tasks: shown(live.filter((task) => isTerminal(task.state))),
    completed_tasks: shown(runs.flatMap(({ completedTasks }) => completedTasks)),
  };
};

const operations = (shown: VisibleState) => {
  const all = [...shown.operations.values()].map(({ operation, status }) => ({
    ...(operation.framework_id ? { framework_id: operation.framework_id } : {}),
    info: operation.operation,
    latest_status: status,
    statuses: [status],
    uuid: { value: Buffer.from(operation.uuid.replaceAll('-', ''), 'hex').toString('base64') },
  }));
  return all.length === 0 ? {} : { operations: all };
};
