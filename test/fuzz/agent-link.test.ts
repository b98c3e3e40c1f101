import { type ClientRequest, request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { AGENT_PATH, STREAM_ID_HEADER } from '../../src/mesos/agent-protocol.ts';
import { parseJson } from '../../src/mesos/codec/parse-json.ts';
import type { Random } from '../../src/runtime/random.ts';
import { shellTask } from '../agent/fake-master.ts';
import { startTestCluster } from '../agent/test-agent.ts';
import { waitFor } from '../support/wait-for.ts';
import { fire, pick, randomFor, SEED, TIMEOUT_MS } from './support/budget.ts';
import { type FuzzCluster, startFuzzCluster } from './support/fuzz-cluster.ts';
import { hostileJson } from './support/hostile-json.ts';
import { errorLog, faultOf, shoot } from './support/shoot.ts';
import { callOf, type Ids, type JsonObject } from './support/template.ts';

type Make = (name: string) => JsonObject;

const JSON_HEADERS = { 'Content-Type': 'application/json' };

const maker =
  (random: Random, ids: Ids): Make =>
  (name) =>
    callOf(`mesos.v1.${name}`, undefined, { random, ids });

/** What an agent introduces itself with, and claims to have. */
const introduction = (make: Make): JsonObject => ({
  type: 'SUBSCRIBE',
  subscribe: {
    agent_info: { ...make('AgentInfo'), hostname: 'hostile', resources: [cpus()] },
    address: { hostname: 'hostile', ip: '127.0.0.1', port: 1 },
    version: '1.11.0',
    capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }],
    checkpointed_resources: [make('Resource')],
    oversubscribed_resources: [{ ...cpus(), revocable: {} }],
    tasks: [{ task: make('Task') }],
    executors: [{ framework_id: make('FrameworkID'), executor_info: make('ExecutorInfo') }],
    frameworks: [make('FrameworkInfo')],
    operations: [{ uuid: A_UUID, framework_id: make('FrameworkID'), operation: make('Offer.Operation') }],
  },
});

/** Anew each time: what is hostile is put into it. */
const cpus = (): JsonObject => ({ name: 'cpus', type: 'SCALAR', scalar: { value: 2 } });
const A_UUID = '6b0d2c8e-51a7-4c58-9d4e-0f7a3c1e9b20';

const reports = (make: Make, agent_id: JsonObject): JsonObject[] => {
  const [framework_id, executor_id] = [make('FrameworkID'), make('ExecutorID')];
  return [
    { type: 'PONG', agent_id },
    { type: 'UPDATE_AGENT', agent_id, update_agent: { oversubscribed_resources: [make('Resource')] } },
    {
      type: 'STATUS_UPDATE',
      agent_id,
      status_update: { framework_id, status: make('TaskStatus'), latest_state: 'TASK_RUNNING' },
    },
    {
      type: 'OPERATION_UPDATE',
      agent_id,
      operation_update: { framework_id, uuid: A_UUID, status: make('OperationStatus') },
    },
    { type: 'EXECUTOR_EXITED', agent_id, executor_exited: { framework_id, executor_id, status: 9 } },
    { type: 'EXECUTOR_MESSAGE', agent_id, executor_message: { framework_id, executor_id, data: 'AAAA' } },
    { type: 'UNREGISTER', agent_id },
  ];
};

/** A connection of an agent that stays, so that its reports are taken. */
const subscribed = (
  url: string,
  body: string,
): Promise<{ streamId: string; agentId: string; close: () => void }> =>
  new Promise((resolve, reject) => {
    const sent: ClientRequest = httpRequest(
      `${url}${AGENT_PATH}`,
      { method: 'POST', headers: JSON_HEADERS },
      (answer) => {
        let text = '';
        answer.on('error', () => undefined);
        answer.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          const [, agentId] = /"agent_id":\{"value":"([^"]+)"/.exec(text) ?? [];
          if (agentId === undefined) return;
          resolve({
            streamId: String(answer.headers[STREAM_ID_HEADER.toLowerCase()]),
            agentId,
            close: () => sent.destroy(),
          });
        });
        answer.on('end', () => reject(new Error(`${answer.statusCode} ${text}`)));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });

const plainAgent = (): string =>
  JSON.stringify({
    type: 'SUBSCRIBE',
    subscribe: {
      agent_info: { hostname: 'hostile', resources: [cpus()] },
      address: { hostname: 'hostile', ip: '127.0.0.1', port: 1 },
      version: '1.11.0',
    },
  });

const seed = `PLENUM_FUZZ_SEED=${SEED}`;

describe('between a master and its agents', () => {
  it('what agents say is refused or believed, and disturbs nobody else', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const cluster: FuzzCluster = await startFuzzCluster();
    const random = randomFor('agents');
    const make = maker(random, cluster.ids);
    const faults = new Map<string, string>();
    const shot = async (body: string, headers: Record<string, string>): Promise<void> => {
      const answer = await shoot(cluster.masterUrl, {
        path: AGENT_PATH,
        headers: { ...JSON_HEADERS, ...headers },
        body,
      }).then(faultOf, (error: Error) => error.message);
      if (answer !== undefined) faults.set(answer.slice(0, 100), body.slice(0, 2_000));
    };
    let current = await subscribed(cluster.masterUrl, plainAgent());
    await fire(
      async (turn) => {
        await cluster.hostile();
        if (turn % 4 === 0) return shot(hostileJson(introduction(make), random), {});
        const call = pick(random, reports(make, { value: current.agentId }));
        if (call.type === 'UNREGISTER') {
          current.close();
          current = await subscribed(cluster.masterUrl, plainAgent());
        }
        const text = hostileJson(call, random);
        return shot(random.next() < 0.5 ? `[${text}]` : text, { [STREAM_ID_HEADER]: current.streamId });
      },
      { least: 40 },
    );
    current.close();
    expect([...faults].slice(0, 5), `${seed}; logged: ${JSON.stringify(cluster.errors.slice(0, 3))}`).toEqual(
      [],
    );
    await cluster.checkOthers();
    expect(cluster.errors, seed).toEqual([]);
    const state = await request({ url: `${cluster.masterUrl}/state` });
    expect(() => JSON.parse(state.body.toString())).not.toThrow();
  });

  it('a master that talks nonsense takes nothing from an agent', { timeout: TIMEOUT_MS }, async () => {
    const { log, errors } = errorLog();
    const { master, agent } = await startTestCluster({
      log,
      isolation: 'posix/cpu,posix/mem,filesystem/posix',
      random: { ...randomFor('back-off'), next: () => 0 },
    });
    const random = randomFor('master');
    const make = maker(random, {
      FrameworkID: () => 'fw',
      TaskID: () => `task-${Math.floor(random.next() * 50)}`,
      ExecutorID: () => `executor-${Math.floor(random.next() * 5)}`,
    });
    const ids = () => ({ framework_id: make('FrameworkID'), task_id: make('TaskID') });
    const executor = () => ({ framework_id: make('FrameworkID'), executor_id: make('ExecutorID') });
    const launched = (): JsonObject => {
      const { uris: _none, ...command } = make('CommandInfo');
      // Files of the machine that runs the test are none of a task's business.
      return { name: 'x', ...ids(), agent_id: { value: 'agent-0' }, resources: [make('Resource')], command };
    };
    const events: (() => JsonObject)[] = [
      () => ({ type: 'PING', ping: { connected: true } }),
      () => ({
        type: 'LAUNCH',
        launch: { framework_info: make('FrameworkInfo'), tasks: [launched()], is_group: random.next() < 0.3 },
      }),
      () => ({ type: 'KILL', kill: { ...ids(), kill_policy: make('KillPolicy') } }),
      () => ({ type: 'ACKNOWLEDGE', acknowledge: { ...ids(), uuid: 'AAAA' } }),
      () => ({ type: 'MESSAGE', message: { ...executor(), data: 'AAAA' } }),
      () => ({ type: 'SHUTDOWN_EXECUTOR', shutdown_executor: executor() }),
      () => ({ type: 'UPDATE_FRAMEWORK', update_framework: { framework_info: make('FrameworkInfo') } }),
      () => ({
        type: 'APPLY_OPERATION',
        apply_operation: {
          uuid: A_UUID,
          framework_id: make('FrameworkID'),
          operation: make('Offer.Operation'),
        },
      }),
      () => ({ type: 'ACKNOWLEDGE_OPERATION', acknowledge_operation: { uuid: A_UUID } }),
      () => ({ type: 'NO_SUCH_EVENT' }),
    ];
    await fire(
      async () => {
        const before = master.subscriptions().length;
        const text = hostileJson(pick(random, events)(), random);
        master.sendText(text);
        // What cannot be read ends the connection; the agent comes back.
        if (!isReadable(text))
          await waitFor('the agent is back', () => master.subscriptions().length > before);
        else await new Promise(setImmediate);
      },
      { width: 1, least: 20 },
    );
    expect((await request({ url: `${agent.url}/health` })).status, seed).toBe(200);
    master.disconnect();
    const before = master.subscriptions().length;
    await waitFor('the agent is back', () => master.subscriptions().length > before);
    master.launch(shellTask('honest', 'exit 0'));
    await master.until('honest', 'TASK_FINISHED');
    expect(errors, seed).toEqual([]);
  });
});

const isReadable = (text: string): boolean => {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
};
