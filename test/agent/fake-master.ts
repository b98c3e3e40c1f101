import type { ServerResponse } from 'node:http';
import { readJson } from '../../src/http/body.ts';
import { OutputStream } from '../../src/http/output-stream.ts';
import { send } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import { startServer } from '../../src/http/server.ts';
import {
  AGENT_PATH,
  type AgentCall,
  type AgentEvent,
  STREAM_ID_HEADER,
} from '../../src/mesos/agent-protocol.ts';
import type {
  DrainConfig,
  FrameworkInfo,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '../../src/mesos/generated/mesos.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { waitFor } from '../support/wait-for.ts';

export interface FakeMaster {
  readonly url: string;
  /** Every call, in the order of arrival. */
  readonly calls: AgentCall[];
  /** Acknowledge updates of tasks by itself. On unless switched off. */
  acknowledges: boolean;
  /** Told to an agent that subscribes. */
  unknownTasks: { framework_id: { value: string }; task_id: { value: string } }[];
  drainConfig: DrainConfig | undefined;
  send(event: AgentEvent): void;
  /** An event that need not be one. */
  sendText(text: string): void;
  launch(...tasks: TaskInfo[]): void;
  /** Breaks the connection as a master's death would. */
  disconnect(): void;
  subscriptions(): Extract<AgentCall, { type: 'SUBSCRIBE' }>['subscribe'][];
  /** Different updates of a task, in order. */
  updates(taskId: string): TaskStatus[];
  states(taskId: string): TaskState[];
  /** Resolves with the update once the task was told to be in that state. */
  until(taskId: string, state: TaskState): Promise<TaskStatus>;
  close(): Promise<void>;
}

export const FRAMEWORK: FrameworkInfo = {
  id: { value: 'fw' },
  name: 'test',
  user: '',
  checkpoint: true,
  roles: ['*'],
  capabilities: [{ type: 'PARTITION_AWARE' }, { type: 'TASK_KILLING_STATE' }, { type: 'MULTI_ROLE' }],
};

/** A task of the test framework that runs a shell command. */
export const shellTask = (id: string, command: string, more: Partial<TaskInfo> = {}): TaskInfo => ({
  name: id,
  task_id: { value: id },
  agent_id: { value: 'agent-0' },
  resources: [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 }, allocation_info: { role: '*' } },
    { name: 'mem', type: 'SCALAR', scalar: { value: 32 }, allocation_info: { role: '*' } },
  ],
  command: { value: command },
  ...more,
});

/** A master as an agent sees it, which does nothing by itself but register and acknowledge. */
export const startFakeMaster = async (port = 0): Promise<FakeMaster> => {
  const calls: AgentCall[] = [];
  let current: { stream: OutputStream; id: string } | undefined;
  let streams = 0;

  const subscribe = (call: Extract<AgentCall, { type: 'SUBSCRIBE' }>, response: ServerResponse): void => {
    current?.stream.end();
    const id = `stream-${++streams}`;
    response.writeHead(200, { 'Content-Type': 'application/json', [STREAM_ID_HEADER]: id });
    current = { id, stream: new OutputStream(response, () => undefined) };
    master.send({
      type: 'SUBSCRIBED',
      subscribed: {
        agent_id: call.subscribe.agent_info.id ?? { value: 'agent-0' },
        master_info: { id: 'master', ip: 0, port: 0, hostname: 'master.example' },
        ping_timeout_seconds: 75,
        unknown_tasks: master.unknownTasks,
        ...(master.drainConfig ? { drain_config: master.drainConfig } : {}),
      },
    });
  };

  const router = new Router().on('POST', AGENT_PATH, async ({ request, response }) => {
    const body = (await readJson(request)) as AgentCall | AgentCall[];
    calls.push(...[body].flat());
    if (!Array.isArray(body)) return body.type === 'SUBSCRIBE' ? subscribe(body, response) : undefined;
    if (request.headers[STREAM_ID_HEADER.toLowerCase()] !== current?.id) return send(response, 403);
    send(response, 202);
    for (const call of body) {
      if (call.type !== 'STATUS_UPDATE' || !master.acknowledges) continue;
      const { framework_id, status } = call.status_update;
      const acknowledge = { framework_id, task_id: status.task_id, uuid: status.uuid ?? '' };
      master.send({ type: 'ACKNOWLEDGE', acknowledge });
    }
  });
  const server = await startServer({ router, log: silentLog, port });

  const master: FakeMaster = {
    url: server.url,
    calls,
    acknowledges: true,
    unknownTasks: [],
    drainConfig: undefined,
    send: (event) => master.sendText(JSON.stringify(event)),
    sendText: (text) => void current?.stream.write(`${Buffer.byteLength(text)}\n${text}`),
    launch: (...tasks) => {
      for (const task of tasks) {
        master.send({
          type: 'LAUNCH',
          launch: { framework_info: FRAMEWORK, tasks: [task], is_group: false },
        });
      }
    },
    disconnect: () => {
      current?.stream.end();
      current = undefined;
    },
    subscriptions: () => calls.flatMap((call) => (call.type === 'SUBSCRIBE' ? [call.subscribe] : [])),
    updates: (taskId) => {
      const seen = new Set<string>();
      return calls.flatMap((call) => {
        if (call.type !== 'STATUS_UPDATE') return [];
        const { status } = call.status_update;
        if (status.task_id.value !== taskId || seen.has(status.uuid ?? '')) return [];
        seen.add(status.uuid ?? '');
        return [status];
      });
    },
    states: (taskId) => master.updates(taskId).map(({ state }) => state),
    until: (taskId, state) =>
      waitFor(`${taskId} is ${state}, was ${master.states(taskId)}`, () =>
        master.updates(taskId).find((status) => status.state === state),
      ),
    close: () => server.close(),
  };
  return master;
};
