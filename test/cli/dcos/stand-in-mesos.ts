import type { Answer, Asked, Part, StoredAnswers, StoredTask } from './answers.ts';

const PROTOBUF = 'application/x-protobuf';

const number = (value: number): Buffer => {
  const low = value & 0x7f;
  return value > 0x7f ? Buffer.concat([Buffer.from([low | 0x80]), number(value >>> 7)]) : Buffer.from([low]);
};
const numberField = (field: number, value: number): Buffer =>
  Buffer.concat([number(field << 3), number(value)]);
const bytesField = (field: number, bytes: Buffer): Buffer =>
  Buffer.concat([number((field << 3) | 2), number(bytes.length), bytes]);
const record = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from(`${bytes.length}\n`), bytes]);

/** A ProcessIO of data: 2 is standard output, 3 standard error. */
const processOutput = (stream: 2 | 3, text: string): Buffer => {
  const data = Buffer.concat([numberField(1, stream), bytesField(2, Buffer.from(text))]);
  return record(Buffer.concat([numberField(1, 1), bytesField(2, data)]));
};
const stream = (...records: readonly Buffer[]): Answer => ({
  body: Buffer.concat(records),
  type: 'application/recordio',
  headers: { 'Message-Content-Type': PROTOBUF },
});

/** Master and agents. */
export const mesosPart =
  (stored: StoredAnswers): Part =>
  (asked) => {
    const { path } = asked;
    if (/^\/mesos\/(master\/)?state$/.test(path)) return { body: stored.state };
    if (/^\/mesos\/(master\/)?state-summary$/.test(path)) {
      const { slaves } = stored.state;
      return { body: { hostname: '10.0.0.1', cluster: 'my-cluster', slaves, frameworks: [] } };
    }
    if (path === '/mesos/roles') return { body: stored.roles };
    if (path === '/mesos/api/v1') return answerOperator(stored, asked);
    const [, agentId = '', operation = ''] =
      /^\/agent\/([^/]+)\/files\/(debug|browse|download)$/.exec(path) ?? [];
    if (operation === 'debug') return { body: sandboxesOf(stored, agentId) };
    if (operation === 'browse') return browse(asked);
    if (operation === 'download') {
      return {
        body: Buffer.from(`content of ${asked.query.get('path')}\n`),
        type: 'application/octet-stream',
      };
    }
    return /^\/slave\/[^/]+\/api\/v1$/.test(path) ? answerAgent(asked) : undefined;
  };

const answerOperator = ({ agents, frameworks }: StoredAnswers, { headers, body }: Asked): Answer => {
  if (headers['content-type'] !== PROTOBUF) return {};
  const answers: Readonly<Record<number, Answer>> = {
    10: { body: Buffer.from(agents, 'hex'), type: PROTOBUF },
    11: { body: Buffer.from(frameworks, 'hex'), type: PROTOBUF },
    30: {},
  };
  return answers[body[1] ?? 0] ?? { status: 400, body: Buffer.from('unknown call'), type: 'text/plain' };
};

/** The calls of an agent, by number as the Go CLI sends them and by name as the Python CLI did (cli.md 19.2). */
const answerAgent = ({ headers, body }: Asked): Answer | undefined => {
  if (headers['content-type'] === 'application/recordio') return {};
  if (headers['content-type'] === 'application/json') return answerAgentJson(JSON.parse(body.toString()));
  switch (body[1]) {
    case 17:
      return stream(processOutput(2, 'hello out\n'), processOutput(3, 'hello err\n'));
    case 19:
      return stream(processOutput(2, 'attached out\n'));
    case 23:
      return {
        body: Buffer.concat([numberField(1, 15), bytesField(16, numberField(1, 3 << 8))]),
        type: PROTOBUF,
      };
    default:
      return undefined;
  }
};

const answerAgentJson = ({ type }: { readonly type: string }): Answer | undefined => {
  const output = (stream: string, text: string): Buffer =>
    record(
      Buffer.from(
        JSON.stringify({ type: 'DATA', data: { type: stream, data: Buffer.from(text).toString('base64') } }),
      ),
    );
  const records = (...all: readonly Buffer[]): Answer => ({
    ...stream(...all),
    headers: { 'Message-Content-Type': 'application/json' },
  });
  switch (type) {
    case 'LAUNCH_NESTED_CONTAINER_SESSION':
      return records(output('STDOUT', 'hello out\n'), output('STDERR', 'hello err\n'));
    case 'ATTACH_CONTAINER_OUTPUT':
      return records(output('STDOUT', 'attached out\n'));
    case 'WAIT_CONTAINER':
    case 'WAIT_NESTED_CONTAINER':
      return {
        body: {
          type,
          wait_container: { exit_status: 3 << 8 },
          wait_nested_container: { exit_status: 3 << 8 },
        },
      };
    default:
      return undefined;
  }
};

const sandboxesOf = ({ state }: StoredAnswers, agentId: string): object => {
  const [framework] = state.frameworks;
  const folder = ({ id, executor_id: executor, statuses: [status] }: StoredTask): string => {
    const { value, parent } = status.container_status.container_id;
    const run = parent?.value ?? value;
    return `/var/lib/mesos/slave/slaves/${agentId}/frameworks/${framework.id}/executors/${executor || id}/runs/${run}`;
  };
  const tasks = [...framework.tasks, ...framework.completed_tasks];
  const here = tasks.filter(({ slave_id }) => slave_id === agentId).map(folder);
  return Object.fromEntries(here.map((path) => [path, path]));
};

const browse = ({ query }: Asked): Answer => {
  const folder = (query.get('path') ?? '').replace(/[/.]+$/, '');
  const entry = (name: string, mode: string, nlink: number, size: number) => ({
    gid: 'root',
    mode,
    mtime: 1_600_000_000,
    nlink,
    path: `${folder}/${name}`,
    size,
    uid: 'root',
  });
  if (folder.includes('nope')) return { status: 404 };
  if (folder.endsWith('/sub')) return { body: [entry('inner.txt', '-rw-r--r--', 1, 3)] };
  return {
    body: [
      entry('stderr', '-rw-r--r--', 1, 12),
      entry('stdout', '-rw-r--r--', 1, 120),
      entry('sub', 'drwxr-xr-x', 2, 4096),
    ],
  };
};
