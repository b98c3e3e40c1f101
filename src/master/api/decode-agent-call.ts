import type {
  AgentCall,
  AgentExecutor,
  AgentOperation,
  AgentTask,
  SubscribeAgent,
} from '../../mesos/agent-protocol.ts';
import { DecodeError } from '../../mesos/codec/decode-json.ts';
import { type Fields, fieldsOf, list, message, text } from '../../mesos/codec/read-parts.ts';
import type { FrameworkInfo, Resource, TaskStatus } from '../../mesos/generated/mesos.ts';

/** Reads a call of src/mesos/agent-protocol.ts from parsed JSON. Throws DecodeError with what is wrong. */
export const decodeAgentCall = (value: unknown): AgentCall => {
  const call = fieldsOf(value, 'The call');
  const { type } = call;
  if (type === 'SUBSCRIBE') return { type, subscribe: subscription(fieldsOf(call.subscribe, 'subscribe')) };
  const agent_id = message<{ value: string }>('AgentID', call.agent_id);
  switch (type) {
    case 'PONG':
    case 'UNREGISTER':
      return { type, agent_id };
    case 'UPDATE_AGENT': {
      const update = fieldsOf(call.update_agent, 'update_agent');
      const oversubscribed_resources = resources(update.oversubscribed_resources);
      return { type, agent_id, update_agent: { oversubscribed_resources } };
    }
    case 'STATUS_UPDATE': {
      const update = fieldsOf(call.status_update, 'status_update');
      const status = message<TaskStatus>('TaskStatus', update.status);
      const latest = message<TaskStatus>('TaskStatus', {
        ...status,
        state: update.latest_state ?? status.state,
      });
      const latest_state = latest.state;
      return {
        type,
        agent_id,
        status_update: { framework_id: message('FrameworkID', update.framework_id), status, latest_state },
      };
    }
    case 'OPERATION_UPDATE': {
      const update = fieldsOf(call.operation_update, 'operation_update');
      return {
        type,
        agent_id,
        operation_update: {
          ...optionalFrameworkId(update.framework_id),
          uuid: text(update.uuid, 'uuid'),
          status: message('OperationStatus', update.status),
        },
      };
    }
    case 'EXECUTOR_EXITED': {
      const exited = fieldsOf(call.executor_exited, 'executor_exited');
      const status = Number.isInteger(exited.status) ? Number(exited.status) : 0;
      return { type, agent_id, executor_exited: { ...executorOf(exited), status } };
    }
    case 'EXECUTOR_MESSAGE': {
      const sent = fieldsOf(call.executor_message, 'executor_message');
      return { type, agent_id, executor_message: { ...executorOf(sent), data: text(sent.data, 'data') } };
    }
    default:
      throw new DecodeError("Expecting 'type' to be present");
  }
};

const subscription = (given: Fields): SubscribeAgent => {
  const address = fieldsOf(given.address, 'address');
  return {
    ...(given.cluster_id === undefined ? {} : { cluster_id: text(given.cluster_id, 'cluster_id') }),
    agent_info: message('AgentInfo', given.agent_info),
    address: {
      hostname: text(address.hostname, 'hostname'),
      ip: text(address.ip, 'ip'),
      port: Number(address.port),
    },
    version: text(given.version, 'version'),
    capabilities: list(given.capabilities).map((item) => message('AgentInfo.Capability', item)),
    checkpointed_resources: resources(given.checkpointed_resources),
    ...(given.oversubscribed_resources === undefined
      ? {}
      : { oversubscribed_resources: resources(given.oversubscribed_resources) }),
    tasks: list(given.tasks).map(taskOf),
    executors: list(given.executors).map((item): AgentExecutor => {
      const executor = fieldsOf(item, 'executors');
      return {
        framework_id: message('FrameworkID', executor.framework_id),
        executor_info: message('ExecutorInfo', executor.executor_info),
      };
    }),
    frameworks: list(given.frameworks).map((item) => message<FrameworkInfo>('FrameworkInfo', item)),
    operations: list(given.operations).map(operationOf),
  };
};

const resources = (value: unknown): Resource[] =>
  list(value).map((item) => message<Resource>('Resource', item));

const taskOf = (item: unknown): AgentTask => {
  const task = fieldsOf(item, 'tasks');
  return { task: message('Task', task.task) };
};

const operationOf = (item: unknown): AgentOperation => {
  const operation = fieldsOf(item, 'operations');
  return {
    uuid: text(operation.uuid, 'uuid'),
    ...optionalFrameworkId(operation.framework_id),
    operation: message('Offer.Operation', operation.operation),
  };
};

const optionalFrameworkId = (value: unknown): Pick<AgentOperation, 'framework_id'> =>
  value === undefined ? {} : { framework_id: message('FrameworkID', value) };

const executorOf = (value: Fields): AgentExecutorId => ({
  framework_id: message('FrameworkID', value.framework_id),
  executor_id: message('ExecutorID', value.executor_id),
});

type AgentExecutorId = Pick<
  Extract<AgentCall, { type: 'EXECUTOR_MESSAGE' }>['executor_message'],
  'framework_id' | 'executor_id'
>;
