import http, { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { Call, ProcessIO, Response } from '../../../src/mesos/generated/agent.ts';
import type { ContainerID } from '../../../src/mesos/generated/mesos.ts';
import { encodeRecord, readRecords } from '../../../src/mesos/recordio.ts';

/** Whatever has an agent. */
export interface Reachable {
  readonly agent: { readonly url: string };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const JSON_TYPE = 'application/json';
const RECORDIO = 'application/recordio';
/** What asks for records of JSON. */
export const STREAM = { Accept: RECORDIO, 'Message-Accept': JSON_TYPE };

type Headers = Readonly<Record<string, string>>;

const open = (cluster: Reachable, headers: Headers): ClientRequest =>
  http.request(`${cluster.agent.url}/api/v1`, { method: 'POST', headers: { ...headers }, agent: false });

const answered = (request: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
  });

const collect = async (response: IncomingMessage): Promise<Answer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const { statusCode = 0, headers } = response;
  return { status: statusCode, headers, text: Buffer.concat(chunks).toString() };
};

/** Sends a call, or whatever text, and gives its whole answer. */
export const ask = async (
  cluster: Reachable,
  call: Call | string,
  headers: Headers = { Accept: JSON_TYPE },
): Promise<Answer> => {
  const request = open(cluster, { 'Content-Type': JSON_TYPE, ...headers });
  request.end(typeof call === 'string' ? call : JSON.stringify(call));
  return collect(await answered(request));
};

/** How a container ended, once it has. */
export const wait = async (cluster: Reachable, container_id: ContainerID): Promise<unknown> => {
  const { status, text } = await ask(cluster, { type: 'WAIT_CONTAINER', wait_container: { container_id } });
  return status === 200 ? (JSON.parse(text) as { wait_container: Response }).wait_container : text;
};

/** An output stream that is open. */
export interface Output {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly records: ProcessIO[];
  /** What came so far, by stream. */
  text(type?: 'STDOUT' | 'STDERR'): string;
  readonly ended: Promise<void>;
  cut(): void;
}

/** An answer of which nothing is read yet. */
export const openUnread = async (
  cluster: Reachable,
  call: Call,
  headers: Headers = STREAM,
): Promise<{ response: IncomingMessage; close: () => void }> => {
  const request = open(cluster, { 'Content-Type': JSON_TYPE, ...headers });
  request.end(JSON.stringify(call));
  return { response: await answered(request), close: () => void request.destroy() };
};

export const openOutput = async (
  cluster: Reachable,
  call: Call,
  headers: Headers = STREAM,
): Promise<Output> => {
  const { response, close } = await openUnread(cluster, call, headers);
  const records: ProcessIO[] = [];
  const read = async (): Promise<void> => {
    if (response.statusCode !== 200)
      throw new Error(`${response.statusCode} ${(await collect(response)).text}`);
    for await (const record of readRecords(response, 1024 * 1024))
      records.push(JSON.parse(record.toString()) as ProcessIO);
  };
  const ended = read();
  ended.catch(() => undefined);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    records,
    text: (type = 'STDOUT') =>
      Buffer.concat(
        records.flatMap(({ data }) => (data?.type === type ? [Buffer.from(data.data ?? '', 'base64')] : [])),
      ).toString(),
    ended,
    cut: () => {
      close();
      response.destroy();
    },
  };
};

/** Runs a command inside a container. */
export const openSession = (
  cluster: Reachable,
  container_id: ContainerID,
  command: string,
  more: { terminal?: { rows: number; columns: number }; user?: string } = {},
): Promise<Output> =>
  openOutput(cluster, {
    type: 'LAUNCH_NESTED_CONTAINER_SESSION',
    launch_nested_container_session: {
      container_id,
      command: { value: command, ...(more.user === undefined ? {} : { user: more.user }) },
      ...(more.terminal ? { container: { type: 'MESOS', tty_info: { window_size: more.terminal } } } : {}),
    },
  });

/** An input stream that is open. */
export interface Input {
  /** Resolves when there is room for more. */
  say(bytes: string | Buffer): Promise<void>;
  record(io: ProcessIO): Promise<void>;
  raw(text: string): Promise<void>;
  /** Ends the body. */
  end(): void;
  cut(): void;
  readonly answer: Promise<Answer>;
}

const inputCall = (process_io: ProcessIO): Call => ({
  type: 'ATTACH_CONTAINER_INPUT',
  attach_container_input: { type: 'PROCESS_IO', process_io },
});

export const openInput = (cluster: Reachable, container_id?: ContainerID): Input => {
  const request = open(cluster, { 'Content-Type': RECORDIO, 'Message-Content-Type': JSON_TYPE });
  const answer = answered(request).then(collect);
  answer.catch(() => undefined);
  const raw = (text: string): Promise<void> =>
    new Promise((resolve) => {
      if (request.write(text)) resolve();
      else request.once('drain', resolve);
    });
  const record = (io: ProcessIO): Promise<void> => raw(String(encodeRecord(JSON.stringify(inputCall(io)))));
  const input: Input = {
    raw,
    record,
    say: (bytes) =>
      record({ type: 'DATA', data: { type: 'STDIN', data: Buffer.from(bytes).toString('base64') } }),
    end: () => request.end(),
    cut: () => request.destroy(),
    answer,
  };
  if (container_id) {
    const first: Call = {
      type: 'ATTACH_CONTAINER_INPUT',
      attach_container_input: { type: 'CONTAINER_ID', container_id },
    };
    void raw(String(encodeRecord(JSON.stringify(first))));
  }
  return input;
};
