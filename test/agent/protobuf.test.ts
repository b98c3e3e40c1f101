import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { jsonCodec } from '../../src/mesos/codec/codec.ts';
import type { Response } from '../../src/mesos/generated/agent.ts';
import type { Event } from '../../src/mesos/generated/executor.ts';
import type { ExecutorInfo } from '../../src/mesos/generated/mesos.ts';
import { encodeRecord } from '../../src/mesos/recordio.ts';
import { decode, encode, openProtobufStream, PROTOBUF, postProtobuf } from '../support/protobuf-client.ts';
import { waitFor } from '../support/wait-for.ts';
import { type FakeMaster, FRAMEWORK, shellTask } from './fake-master.ts';
import { onTestEnd, startTestCluster } from './test-agent.ts';

const RECORDIO = 'application/recordio';
const READS = [
  'GET_HEALTH',
  'GET_FLAGS',
  'GET_VERSION',
  'GET_LOGGING_LEVEL',
  'GET_STATE',
  'GET_TASKS',
  'GET_EXECUTORS',
  'GET_FRAMEWORKS',
  'GET_OPERATIONS',
  'GET_RESOURCE_PROVIDERS',
  'GET_AGENT',
];

describe('the operator API of an agent in protobuf', () => {
  it('answers every read as in JSON', async () => {
    const { agent, master } = await startTestCluster({ attributes: 'rack:r1' });
    master.launch(shellTask('runs', 'exec sleep 1000'));
    await master.until('runs', 'TASK_RUNNING');
    for (const type of READS) {
      const call = encode('agent.Call', { type });
      const inProtobuf = await postProtobuf(`${agent.url}/api/v1`, call);
      expect([inProtobuf.status, inProtobuf.headers['content-type']], type).toEqual([200, PROTOBUF]);
      const inJson = await postProtobuf(`${agent.url}/api/v1`, call, { Accept: 'application/json' });
      const shown = jsonCodec.encode('mesos.v1.agent.Response', decode('agent.Response', inProtobuf.body));
      expect(readJson(shown), type).toEqual(readJson(inJson.body));
      expect(inJson.body.toString()).toContain(`"type":"${type}"`);
    }
  });

  it('measures, counts and lists what has changed by the next time one asks', async () => {
    const { agent, master, folder } = await startTestCluster();
    master.launch(shellTask('runs', 'exec sleep 1000'));
    const { container_status } = await master.until('runs', 'TASK_RUNNING');
    const ask = async (call: object): Promise<object> => {
      const { status, body } = await postProtobuf(`${agent.url}/api/v1`, encode('agent.Call', call));
      expect(status).toBe(200);
      return decode('agent.Response', body);
    };
    expect(await ask({ type: 'GET_CONTAINERS', get_containers: {} })).toMatchObject({
      get_containers: {
        containers: [
          {
            framework_id: { value: 'fw' },
            container_id: container_status?.container_id,
            container_status: { executor_pid: expect.any(Number) },
            resource_statistics: { timestamp: expect.any(Number), processes: expect.any(Number) },
          },
        ],
      },
    });
    expect(await ask({ type: 'GET_METRICS', get_metrics: {} })).toMatchObject({
      get_metrics: { metrics: expect.arrayContaining([{ name: 'slave/tasks_running', value: 1 }]) },
    });
    const path = await sandboxIn(agent.url, folder);
    expect(await ask({ type: 'LIST_FILES', list_files: { path } })).toMatchObject({
      list_files: {
        file_infos: expect.arrayContaining([
          expect.objectContaining({
            path: `${path}/stdout`,
            nlink: 1,
            size: 0,
            mode: expect.any(Number),
            mtime: { nanoseconds: expect.any(Number) },
          }),
        ]),
      },
    });
  });

  it('reads files as bytes', async () => {
    const { agent, master, folder } = await startTestCluster();
    master.launch(shellTask('speaks', 'printf "\\001\\377x"'));
    await master.until('speaks', 'TASK_FINISHED');
    const sandbox = await sandboxIn(agent.url, folder);
    const call = { type: 'READ_FILE', read_file: { path: `${sandbox}/stdout`, offset: 0 } };
    const { body } = await postProtobuf(`${agent.url}/api/v1`, encode('agent.Call', call));
    expect(body.includes(Buffer.from([1, 255, 120]))).toBe(true);
    expect(decode('agent.Response', body)).toEqual({
      type: 'READ_FILE',
      read_file: { size: 3, data: Buffer.from([1, 255, 120]).toString('base64') },
    });
  });

  const health = encode('agent.Call', { type: 'GET_HEALTH' });
  const input = (type: string) =>
    encode('agent.Call', {
      type: 'ATTACH_CONTAINER_INPUT',
      attach_container_input: { type, container_id: { value: 'nobody' } },
    });
  const output = encode('agent.Call', {
    type: 'ATTACH_CONTAINER_OUTPUT',
    attach_container_output: { container_id: { value: 'nobody' } },
  });
  const stream = { 'Content-Type': RECORDIO, 'Message-Content-Type': PROTOBUF };
  const ANY = 'application/json or application/x-protobuf or application/recordio';

  it.each<[string, Uint8Array, Record<string, string>, number, string]>([
    ['no protobuf', Buffer.from('{}'), {}, 400, 'Failed to parse body into Call protobuf'],
    [
      'an encoding of its own',
      health,
      { 'Content-Type': 'text/plain' },
      415,
      `Expecting 'Content-Type' of ${ANY}`,
    ],
    ['a reader of nothing', health, { Accept: 'text/html' }, 406, `Expecting 'Accept' to allow ${ANY}`],
    [
      'records that do not say of what',
      health,
      { 'Content-Type': RECORDIO },
      400,
      "Expecting 'Message-Content-Type' to be set for streaming requests",
    ],
    [
      'records of something else',
      health,
      { 'Content-Type': RECORDIO, 'Message-Content-Type': 'text/plain' },
      415,
      "Expecting 'Message-Content-Type' of application/json or application/x-protobuf",
    ],
    [
      'the encoding of records where there are none',
      health,
      { 'Message-Content-Type': PROTOBUF },
      415,
      "Expecting 'Message-Content-Type' to be not set for non-streaming requests",
    ],
    [
      'a wish for records where there are none',
      health,
      { 'Message-Accept': PROTOBUF },
      406,
      "Expecting 'Message-Accept' to be not set for non-streaming responses",
    ],
    [
      'a wish for records of something else',
      health,
      { Accept: RECORDIO, 'Message-Accept': 'text/plain' },
      406,
      "Expecting 'Message-Accept' to allow application/json or application/x-protobuf",
    ],
    [
      'records from a call that has no stream',
      Buffer.from(encodeRecord(health)),
      stream,
      415,
      "Streaming 'Content-Type' application/recordio is not supported for GET_HEALTH call",
    ],
    [
      'records to a call that has no stream',
      health,
      { Accept: RECORDIO },
      406,
      'Streaming response is not supported for GET_HEALTH call',
    ],
    [
      'input that is no stream',
      input('CONTAINER_ID'),
      {},
      415,
      "Expecting 'Content-Type' to be application/recordio for ATTACH_CONTAINER_INPUT call",
    ],
    ['a stream without a record', Buffer.alloc(0), stream, 400, 'Received EOF while reading request body'],
    ['a stream that is none', Buffer.from('nonsense\n'), stream, 400, 'The stream is not RecordIO'],
    [
      'a record of gigabytes',
      Buffer.from('9999999999999\n'),
      stream,
      400,
      'A record of 9999999999999 bytes is too long',
    ],
    [
      'input that does not begin with the container',
      Buffer.from(encodeRecord(input('PROCESS_IO'))),
      stream,
      400,
      "Expecting 'attach_container_input.type' to be CONTAINER_ID",
    ],
    [
      'input for a container that is not there',
      Buffer.from(encodeRecord(input('CONTAINER_ID'))),
      stream,
      404,
      'Container nobody cannot be found',
    ],
    [
      'output of a container that is not there',
      output,
      { Accept: RECORDIO, 'Message-Accept': PROTOBUF },
      404,
      'Container nobody cannot be found',
    ],
  ])('refuses %s', async (_what, body, headers, status, text) => {
    const { agent } = await startTestCluster();
    const answer = await postProtobuf(`${agent.url}/api/v1`, body, headers);
    expect([answer.status, answer.body.toString()]).toEqual([status, text]);
  });

  it('goes by the last of several Accept lines, and says of what runs that nobody can attach', async () => {
    const { agent, master } = await startTestCluster();
    master.launch(shellTask('runs', 'exec sleep 1000'));
    const { container_status } = await master.until('runs', 'TASK_RUNNING');
    const call = encode('agent.Call', {
      type: 'ATTACH_CONTAINER_OUTPUT',
      attach_container_output: { container_id: container_status?.container_id },
    });
    // As mesos-go and the DC/OS command line ask.
    const headers = [
      ['Host', new URL(agent.url).host],
      ['Content-Type', PROTOBUF],
      ['Accept', PROTOBUF],
      ['Accept', RECORDIO],
      ['Message-Accept', PROTOBUF],
    ].flat();
    const answer = await new Promise<[number | undefined, string]>((resolve, reject) => {
      const request = http.request(`${agent.url}/api/v1`, { method: 'POST', headers }, async (response) => {
        resolve([response.statusCode, Buffer.concat(await response.toArray()).toString()]);
      });
      request.on('error', reject);
      request.end(call);
    });
    expect(answer).toEqual([500, 'I/O switchboard server was disabled for this container']);
  });

  it('answers input that goes on as soon as it knows that nobody takes it', async () => {
    const { agent } = await startTestCluster();
    const request = http.request(`${agent.url}/api/v1`, { method: 'POST', headers: stream });
    onTestEnd(async () => request.destroy());
    const answer = new Promise<number | undefined>((resolve, reject) => {
      request.on('response', ({ statusCode }) => resolve(statusCode));
      request.on('error', reject);
    });
    // The length and the record come apart, as mesos-go sends them, and the body has no end.
    const record = input('CONTAINER_ID');
    request.write(String(record.length));
    request.write('\n');
    request.write(record);
    expect(await answer).toBe(404);
  });
});

describe('a custom executor that speaks protobuf', () => {
  const executor: ExecutorInfo = {
    type: 'CUSTOM',
    executor_id: { value: 'custom' },
    command: { value: 'exec sleep 1000' },
    data: Buffer.from([0, 255]).toString('base64'),
  };
  const ids = { framework_id: { value: 'fw' }, executor_id: { value: 'custom' } };
  const launch = (master: FakeMaster, id: string): void => {
    const { command: _none, ...task } = shellTask(id, '');
    master.send({
      type: 'LAUNCH',
      launch: {
        framework_info: FRAMEWORK,
        executor_info: executor,
        tasks: [{ ...task, executor }],
        is_group: false,
      },
    });
  };

  it('subscribes, gets its task, and has its updates acknowledged and passed on', async () => {
    const { master, agent } = await startTestCluster();
    const url = `${agent.url}/slave(1)/api/v1/executor`;
    launch(master, 'one');
    const subscribe = encode('executor.Call', { ...ids, type: 'SUBSCRIBE', subscribe: {} });
    await waitFor('the executor is awaited', async () => {
      const { body } = await postProtobuf(
        `${agent.url}/api/v1`,
        encode('agent.Call', { type: 'GET_EXECUTORS' }),
      );
      const answer = decode<Response>('agent.Response', body);
      return answer.type === 'GET_EXECUTORS' && answer.get_executors.executors?.length === 1;
    });
    const { stream, events, until, close } = await openProtobufStream<Event>(
      url,
      subscribe,
      'executor.Event',
    );
    onTestEnd(async () => close());
    expect([stream.status, stream.headers['content-type']]).toEqual([200, PROTOBUF]);
    const given = await until('the task', ({ type }) => type === 'LAUNCH');
    expect(events[0]).toMatchObject({
      type: 'SUBSCRIBED',
      subscribed: {
        executor_info: { executor_id: { value: 'custom' }, data: executor.data },
        framework_info: { name: 'test', checkpoint: true },
        agent_info: { id: { value: 'agent-0' } },
      },
    });
    expect(given).toMatchObject({ launch: { task: { task_id: { value: 'one' } } } });
    const uuid = Buffer.alloc(16, 7).toString('base64');
    const status = { task_id: { value: 'one' }, state: 'TASK_RUNNING', source: 'SOURCE_EXECUTOR', uuid };
    const update = encode('executor.Call', { ...ids, type: 'UPDATE', update: { status } });
    const { status: code, headers } = await postProtobuf(url, update);
    expect([code, headers['content-type']]).toEqual([202, undefined]);
    expect(await until('the acknowledgement', ({ type }) => type === 'ACKNOWLEDGED')).toEqual({
      type: 'ACKNOWLEDGED',
      acknowledged: { task_id: { value: 'one' }, uuid },
    });
    expect(await master.until('one', 'TASK_RUNNING')).toMatchObject({ uuid, agent_id: { value: 'agent-0' } });
  });

  it.each<[string, Uint8Array, Record<string, string>, number, string]>([
    ['no protobuf', Buffer.from('{'), {}, 400, 'Failed to parse body into Call protobuf'],
    [
      'an update that is not by an executor',
      encode('executor.Call', {
        ...ids,
        type: 'UPDATE',
        update: {
          status: {
            task_id: { value: 't' },
            state: 'TASK_RUNNING',
            source: 'SOURCE_MASTER',
            uuid: Buffer.alloc(16).toString('base64'),
          },
        },
      }),
      {},
      400,
      "Failed to validate Executor::Call: Received Call from executor custom with invalid source, expecting 'SOURCE_EXECUTOR'",
    ],
    [
      'a stream where there is none',
      encode('executor.Call', { ...ids, type: 'HEARTBEAT' }),
      { 'Content-Type': RECORDIO },
      415,
      "Expecting 'Content-Type' of application/json or application/x-protobuf",
    ],
    [
      'a reader of neither encoding',
      encode('executor.Call', { ...ids, type: 'SUBSCRIBE', subscribe: {} }),
      { Accept: RECORDIO },
      406,
      "Expecting 'Accept' to allow application/json or application/x-protobuf",
    ],
  ])('is refused %s', async (_what, body, headers, status, text) => {
    const { agent } = await startTestCluster();
    const answer = await postProtobuf(`${agent.url}/api/v1/executor`, body, headers);
    expect([answer.status, answer.body.toString()]).toEqual([status, text]);
  });
});

/** Without lists that are empty: they do not go over the wire in protobuf. */
const readJson = (text: string | Uint8Array): unknown =>
  JSON.parse(Buffer.from(text).toString(), (_key, value) =>
    Array.isArray(value) && value.length === 0 ? undefined : value,
  );

/** The path of the one sandbox that an agent shows. */
const sandboxIn = async (agentUrl: string, folder: string): Promise<string> => {
  const paths = (await (await fetch(`${agentUrl}/files/debug`)).json()) as Record<string, string>;
  return Object.keys(paths).find((path) => path.startsWith(folder) && !path.endsWith('/latest')) ?? '';
};
