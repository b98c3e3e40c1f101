import type { AgentEvent, AgentOperation } from '../../mesos/agent-protocol.ts';
import { DecodeError } from '../../mesos/codec/decode-json.ts';
import { type Fields, fieldsOf, list, message, text } from '../../mesos/codec/read-parts.ts';
import type {
  DrainConfig,
  ExecutorInfo,
  FrameworkID,
  KillPolicy,
  TaskID,
  TaskInfo,
} from '../../mesos/generated/mesos.ts';

type Subscribed = Extract<AgentEvent, { type: 'SUBSCRIBED' }>['subscribed'];

/** Reads an event of src/mesos/agent-protocol.ts from parsed JSON. Throws DecodeError with what is wrong. */
export const decodeAgentEvent = (value: unknown): AgentEvent => {
  const event = fieldsOf(value, 'The event');
  const { type } = event;
  switch (type) {
    case 'SUBSCRIBED':
      return { type, subscribed: subscribedOf(partOf(event, 'subscribed')) };
    case 'PING':
      return { type, ping: { connected: partOf(event, 'ping').connected === true } };
    case 'LAUNCH': {
      const launch = partOf(event, 'launch');
      return {
        type,
        launch: {
          framework_info: message('FrameworkInfo', launch.framework_info),
          ...optional<'executor_info', ExecutorInfo>('executor_info', 'ExecutorInfo', launch),
          tasks: list(launch.tasks).map((task) => message<TaskInfo>('TaskInfo', task)),
          is_group: launch.is_group === true,
        },
      };
    }
    case 'KILL': {
      const kill = partOf(event, 'kill');
      const { preemption } = kill;
      return {
        type,
        kill: {
          ...taskOf(kill),
          ...optional<'kill_policy', KillPolicy>('kill_policy', 'KillPolicy', kill),
          ...(preemption === undefined
            ? {}
            : { preemption: { message: text(fieldsOf(preemption, 'preemption').message, 'message') } }),
        },
      };
    }
    case 'ACKNOWLEDGE': {
      const acknowledge = partOf(event, 'acknowledge');
      return { type, acknowledge: { ...taskOf(acknowledge), uuid: text(acknowledge.uuid, 'uuid') } };
    }
    case 'MESSAGE': {
      const sent = partOf(event, 'message');
      return { type, message: { ...executorOf(sent), data: text(sent.data, 'data') } };
    }
    case 'SHUTDOWN_EXECUTOR':
      return { type, shutdown_executor: executorOf(partOf(event, 'shutdown_executor')) };
    case 'SHUTDOWN_FRAMEWORK':
      return { type, shutdown_framework: frameworkOf(partOf(event, 'shutdown_framework')) };
    case 'UPDATE_FRAMEWORK': {
      const { framework_info } = partOf(event, 'update_framework');
      return { type, update_framework: { framework_info: message('FrameworkInfo', framework_info) } };
    }
    case 'APPLY_OPERATION':
      return { type, apply_operation: operationOf(partOf(event, 'apply_operation')) };
    case 'ACKNOWLEDGE_OPERATION': {
      const { uuid } = partOf(event, 'acknowledge_operation');
      return { type, acknowledge_operation: { uuid: text(uuid, 'uuid') } };
    }
    case 'DRAIN':
      return { type, drain: { config: message('DrainConfig', partOf(event, 'drain').config) } };
    case 'SHUTDOWN': {
      const shutdown = partOf(event, 'shutdown');
      return {
        type,
        shutdown: {
          message: text(shutdown.message, 'message'),
          ...(shutdown.keeps_id === true ? { keeps_id: true } : {}),
        },
      };
    }
    default:
      throw new DecodeError(`There is no event ${JSON.stringify(type)?.slice(0, 100)}`);
  }
};

const subscribedOf = (part: Fields): Subscribed => {
  const timeout = Number(part.ping_timeout_seconds);
  if (!(timeout > 0 && timeout < LONGEST_TIMEOUT_S)) {
    throw new DecodeError(`Expecting 'ping_timeout_seconds' to be a time`);
  }
  return {
    agent_id: message('AgentID', part.agent_id),
    master_info: message('MasterInfo', part.master_info),
    ping_timeout_seconds: timeout,
    unknown_tasks: list(part.unknown_tasks).map((task) => taskOf(fieldsOf(task, 'unknown_tasks'))),
    ...optional<'drain_config', DrainConfig>('drain_config', 'DrainConfig', part),
  };
};

/** Of a timer. */
const LONGEST_TIMEOUT_S = 2_000_000;

const partOf = (event: Fields, name: string): Fields => fieldsOf(event[name], name);

const optional = <Name extends string, Message>(
  name: Name,
  messageName: string,
  part: Fields,
): { [Key in Name]?: Message } =>
  part[name] === undefined
    ? {}
    : ({ [name]: message(messageName, part[name]) } as { [Key in Name]: Message });

const frameworkOf = ({ framework_id }: Fields): { framework_id: FrameworkID } => ({
  framework_id: message('FrameworkID', framework_id),
});

const taskOf = (part: Fields): { framework_id: FrameworkID; task_id: TaskID } => ({
  ...frameworkOf(part),
  task_id: message('TaskID', part.task_id),
});

const executorOf = (part: Fields) => ({
  ...frameworkOf(part),
  executor_id: message<{ value: string }>('ExecutorID', part.executor_id),
});

const operationOf = (part: Fields): AgentOperation => ({
  uuid: text(part.uuid, 'uuid'),
  ...(part.framework_id === undefined ? {} : frameworkOf(part)),
  operation: message('Offer.Operation', part.operation),
});
