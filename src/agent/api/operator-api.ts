import { HttpError } from '../../http/http-error.ts';
import { send } from '../../http/respond.ts';
import type { Exchange, Router } from '../../http/router.ts';
import { sendCompressible } from '../../http/send-compressible.ts';
import type { Call, Response, ResponseGetAgent, ResponseGetTasks } from '../../mesos/generated/agent.ts';
import { withoutCheckpointed } from '../../mesos/resources/with-checkpointed.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { withoutSecrets } from '../../mesos/without-secrets.ts';
import type { Verbosity } from '../../runtime/verbosity.ts';
import type { AgentCore } from '../core/agent-core.ts';
import { isFrameworkActive } from '../core/completion.ts';
import { agentInfo, toTask } from '../core/registration.ts';
import type { Run, TaskRecord } from '../core/state.ts';
import {
  answerContainerCall,
  type ContainerCall,
  isAboutContainer,
} from './containers/answer-container-call.ts';
import { listContainers } from './containers/list-containers.ts';
import type { OutputApi } from './containers/output-calls.ts';
import type { FileRefusal, SandboxFiles } from './files.ts';
import { checkStreams, negotiate, readCalls } from './operator-wire.ts';
import type { AgentFacts } from './state-json.ts';
import type { RunUsage } from './statistics.ts';

export interface OperatorApiOptions extends OutputApi {
  files: SandboxFiles;
  facts: AgentFacts;
  metrics: () => Record<string, number>;
  /** What everything that runs uses. */
  usages: () => Promise<RunUsage[]>;
  verbosity: Verbosity;
  /** Removes images that nobody uses, but those of these names. */
  pruneImages: (excluded: readonly string[]) => Promise<void>;
  now: () => number;
}

/** POST /api/v1 (mesos.md 3.8) and whatever nobody else serves below it, as in Mesos: clients use names of their own. */
export const addOperatorRoutes = (router: Router, options: OperatorApiOptions): void => {
  for (const prefix of ['', '/slave(1)']) {
    router.on('POST', `${prefix}/api/v1`, (exchange) => handleCall(exchange, options));
    router.on('POST', `${prefix}/api/v1/*rest`, (exchange) => handleCall(exchange, options));
  }
};

const handleCall = async ({ request, response }: Exchange, options: OperatorApiOptions): Promise<void> => {
  const formats = negotiate(request);
  const { call, others } = await readCalls(request, formats.content);
  if (!call.type) throw new HttpError(400, "Failed to validate agent::Call: Expecting 'type' to be present");
  options.verbosity.note(call.type);
  checkStreams(call.type, formats);
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
  if (isAboutContainer(call)) {
    return answerContainerCall(call, options, { request, response, calls: others, answer: formats.answer });
  }
  const { codec } = formats.answer;
  const body = codec.encode('mesos.v1.agent.Response', await answerTo(call, options));
  await sendCompressible(response, 200, body, { 'Content-Type': codec.mediaType });
};

const answerTo = async (
  call: Exclude<Call, ContainerCall>,
  options: OperatorApiOptions,
): Promise<Response> => {
  const { core, facts } = options;
  const { state, settings } = core;
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
      return listFiles(call, options);
    case 'READ_FILE':
      return readFile(call, options);
    case 'GET_STATE':
      return {
        type: call.type,
        get_state: {
          get_tasks: tasks(core),
          get_executors: executors(core),
          get_frameworks: frameworks(core),
        },
      };
    case 'GET_TASKS':
      return { type: call.type, get_tasks: tasks(core) };
    case 'GET_EXECUTORS':
      return { type: call.type, get_executors: executors(core) };
    case 'GET_FRAMEWORKS':
      return { type: call.type, get_frameworks: frameworks(core) };
    case 'GET_CONTAINERS':
      return { type: call.type, ...listContainers(call, core, options.now(), await options.usages()) };
    case 'GET_OPERATIONS':
      return { type: call.type, get_operations: operations(core) };
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
      throw new HttpError(501, `${call.type} is not served by this agent`);
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
): Promise<Response> => {
  if (!list_files) throw new HttpError(400, missing('list_files'));
  const entries = await files.list(list_files.path);
  if (!Array.isArray(entries)) throw refusal(entries, list_files.path);
  return { type, list_files: { file_infos: entries } };
};

const readFile = async (
  { type, read_file }: Extract<Call, { type: 'READ_FILE' }>,
  { files }: OperatorApiOptions,
): Promise<Response> => {
  if (!read_file) throw new HttpError(400, missing('read_file'));
  const piece = await files.read(read_file.path, read_file.offset, read_file.length);
  if ('type' in piece) throw refusal(piece, read_file.path);
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

const frameworks = ({ state }: AgentCore) => {
  const all = [...state.frameworks.values()];
  const infos = (isActive: boolean) =>
    all
      .filter((framework) => isFrameworkActive(framework) === isActive)
      .map(({ info }) => ({ framework_info: info }));
  return { frameworks: infos(true), completed_frameworks: infos(false) };
};

const executors = ({ state }: AgentCore) => {
  const infos = (runs: Iterable<Run>) =>
    [...runs].map(({ record }) => ({
      executor_info: withoutSecrets(record.info),
    }));
  return {
    executors: infos(state.runs.values()),
    completed_executors: infos([...state.frameworks.values()].flatMap(({ completedRuns }) => completedRuns)),
  };
};

const tasks = ({ state }: AgentCore): ResponseGetTasks => {
  const live = [...state.tasks.values()];
  const shown = (some: readonly TaskRecord[]) => some.map((task) => toTask(state, task));
  const runs = [...state.frameworks.values()].flatMap(({ runs: own, completedRuns }) => [
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

const operations = ({ state }: AgentCore) => {
  const all = [...state.operations.values()].map(({ operation, status }) => ({
    ...(operation.framework_id ? { framework_id: operation.framework_id } : {}),
    info: operation.operation,
    latest_status: status,
    statuses: [status],
    uuid: { value: Buffer.from(operation.uuid.replaceAll('-', ''), 'hex').toString('base64') },
  }));
  return all.length === 0 ? {} : { operations: all };
};
