import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpStream, openStream, request } from '../../../src/http/client.ts';
import {
  AGENT_PATH,
  type AgentCall,
  type AgentEvent,
  STREAM_ID_HEADER,
} from '../../../src/mesos/agent-protocol.ts';
import { readRecords } from '../../../src/mesos/recordio.ts';
import { startTestMaster } from '../support/cluster.ts';

let master: Awaited<ReturnType<typeof startTestMaster>>['master'];
let stream: HttpStream;
let agent_id: { value: string };

beforeEach(async () => {
  ({ master } = await startTestMaster());
  const subscribe: AgentCall = {
    type: 'SUBSCRIBE',
    subscribe: {
      agent_info: { hostname: 'one', resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 1 } }] },
      address: { hostname: 'one', ip: '127.0.0.1', port: 5051 },
      version: '1.11.1',
      capabilities: [],
      checkpointed_resources: [],
      tasks: [],
      executors: [],
      frameworks: [],
      operations: [],
    },
  };
  stream = await openStream({
    method: 'POST',
    url: `${master.url}${AGENT_PATH}`,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(subscribe),
  });
  const { value: first } = await readRecords(stream.body, 1_000_000).next();
  const event: AgentEvent = JSON.parse(Buffer.from(first ?? '{}').toString());
  if (event.type !== 'SUBSCRIBED') throw new Error(`The master began with ${event.type}`);
  ({ agent_id } = event.subscribed);
});

afterEach(async () => {
  stream.close();
});

const post = async (body: unknown, streamId = stream.headers['mesos-stream-id']): Promise<number> => {
  const { status } = await request({
    method: 'POST',
    url: `${master.url}${AGENT_PATH}`,
    headers: { 'Content-Type': 'application/json', [STREAM_ID_HEADER]: String(streamId) },
    body: JSON.stringify(body),
  });
  return status;
};

const exited = (): AgentCall => ({
  type: 'EXECUTOR_EXITED',
  agent_id,
  executor_exited: { framework_id: { value: 'fw' }, executor_id: { value: 'e' }, status: 0 },
});

/** How many calls of that kind the master has taken. */
const taken = async (): Promise<number> => {
  const { body } = await request({ url: `${master.url}/metrics/snapshot` });
  const metrics: Record<string, number> = JSON.parse(body.toString());
  return metrics['master/messages_exited_executor'] ?? Number.NaN;
};

describe('what agents say to the master', () => {
  it('is taken call by call or as a list', async () => {
    expect(await post(exited())).toBe(202);
    expect(await post([exited(), exited(), exited()])).toBe(202);
    expect(await taken()).toBe(4);
  });

  it('is refused as a whole when one call of a list is wrong', async () => {
    expect(await post([exited(), { type: 'EXECUTOR_EXITED', agent_id }])).toBe(400);
    expect(await post([exited(), { type: 'SUBSCRIBE', subscribe: {} }])).toBe(400);
    expect(await post([exited(), { ...exited(), agent_id: { value: 'another' } }])).toBe(403);
    expect(await taken()).toBe(0);
  });

  it('is refused on any stream but the current one', async () => {
    expect(await post([exited()], 'stale')).toBe(403);
    expect(await taken()).toBe(0);
  });
});
