import { openUpload } from '../http/open-upload.ts';
import type { Call, ProcessIO } from '../mesos/generated/agent.ts';
import type { CommandInfo, ContainerID, TTYInfoWindowSize } from '../mesos/generated/mesos.ts';
import { encodeRecord, readRecords } from '../mesos/recordio.ts';
import { ApiError } from './api-error.ts';
import { sendForJson, sendForStream } from './call.ts';
import { type Connection, urlOf } from './connection.ts';
import { MESOS } from './mesos-client.ts';

/** What a container printed. */
export interface OutputPiece {
  readonly name: 'STDOUT' | 'STDERR';
  readonly bytes: Buffer;
}

/** The output of a container until it ends, or `close` ends the connection. */
export interface ContainerOutput {
  readonly pieces: AsyncIterable<OutputPiece>;
  close(): void;
}

/** The one connection that may say something to a container. */
export interface ContainerInputStream {
  /** Resolves when there is room for more. */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the standard input of a container without a terminal. */
  endStdin(): Promise<void>;
  resize(size: TTYInfoWindowSize): Promise<void>;
  heartbeat(): Promise<void>;
  /** Ends the connection; the container goes on. */
  end(): void;
  /** Resolves when the agent has ended it, too. Rejects with ApiError when it refused. */
  readonly ended: Promise<void>;
}

export interface SessionRequest {
  readonly id: ContainerID;
  readonly command: CommandInfo;
  readonly hasTerminal: boolean;
}

/** Sessions inside of containers, and terminals (mesos.md 3.8, cli.md 19.2); the connection leads to the agent. */
export interface AgentContainersClient {
  /** Runs a command inside a container. It is killed when the output is closed. Throws ApiError. */
  launchSession(request: SessionRequest): Promise<ContainerOutput>;
  /** What a container with a terminal prints from now on. Throws ApiError. */
  attachOutput(id: ContainerID): Promise<ContainerOutput>;
  attachInput(id: ContainerID): ContainerInputStream;
  /** How a container ended, as waitpid gives it; undefined when that is not known. Throws ApiError. */
  wait(id: ContainerID): Promise<number | undefined>;
}

const PATH = '/api/v1';
const JSON_TYPE = 'application/json';
const RECORDIO = 'application/recordio';
const LONGEST_RECORD_BYTES = 16 * 1024 * 1024;
export const HEARTBEAT_EVERY_MS = 30_000;

export const createAgentContainersClient = (connection: Connection): AgentContainersClient => {
  const openOutput = async (call: Call): Promise<ContainerOutput> => {
    const stream = await sendForStream(MESOS, connection, {
      method: 'POST',
      path: PATH,
      headers: { 'Content-Type': JSON_TYPE, Accept: RECORDIO, 'Message-Accept': JSON_TYPE },
      body: JSON.stringify(call),
    });
    return { pieces: piecesOf(stream.body), close: () => stream.close() };
  };
  return {
    launchSession: ({ id, command, hasTerminal }) =>
      openOutput({
        type: 'LAUNCH_NESTED_CONTAINER_SESSION',
        launch_nested_container_session: {
          container_id: id,
          command,
          container: { type: 'MESOS', ...(hasTerminal ? { tty_info: {} } : {}) },
        },
      }),
    attachOutput: (id) =>
      openOutput({ type: 'ATTACH_CONTAINER_OUTPUT', attach_container_output: { container_id: id } }),
    attachInput: (id) => attachInput(connection, id),
    wait: async (id) => {
      const { wait_container } = await sendForJson<{ wait_container?: { exit_status?: number } }>(
        MESOS,
        connection,
        {
          method: 'POST',
          path: PATH,
          headers: { 'Content-Type': JSON_TYPE },
          body: JSON.stringify({ type: 'WAIT_CONTAINER', wait_container: { container_id: id } }),
        },
      );
      return wait_container?.exit_status;
    },
  };
};

async function* piecesOf(body: AsyncIterable<Buffer>): AsyncGenerator<OutputPiece> {
  for await (const record of readRecords(body, LONGEST_RECORD_BYTES)) {
    const { data } = JSON.parse(record.toString()) as ProcessIO;
    if (data?.type !== 'STDOUT' && data?.type !== 'STDERR') continue;
    yield { name: data.type, bytes: Buffer.from(data.data ?? '', 'base64') };
  }
}

const attachInput = (connection: Connection, id: ContainerID): ContainerInputStream => {
  const { token, signal, tls } = connection;
  const url = urlOf(connection, PATH);
  const upload = openUpload({
    url,
    headers: {
      ...(token ? { Authorization: `token=${token}` } : {}),
      'Content-Type': RECORDIO,
      'Message-Content-Type': JSON_TYPE,
    },
    ...(signal ? { signal } : {}),
    ...(tls ? { tls } : {}),
  });
  const send = (attach_container_input: object): Promise<void> =>
    upload.write(encodeRecord(JSON.stringify({ type: 'ATTACH_CONTAINER_INPUT', attach_container_input })));
  const sendIo = (process_io: ProcessIO): Promise<void> => send({ type: 'PROCESS_IO', process_io });
  const write = (bytes: Uint8Array): Promise<void> =>
    sendIo({ type: 'DATA', data: { type: 'STDIN', data: Buffer.from(bytes).toString('base64') } });
  void send({ type: 'CONTAINER_ID', container_id: id });
  const ended = upload.answer.then(({ status, body }) => {
    if (status === 200) return;
    throw new ApiError({
      kind: 'refused',
      api: MESOS.name,
      message: body.toString().trim() || `the agent answered ${status}`,
      method: 'POST',
      url,
      status,
    });
  });
  ended.catch(() => undefined);
  return {
    write,
    endStdin: () => write(new Uint8Array()),
    resize: (window_size) =>
      sendIo({ type: 'CONTROL', control: { type: 'TTY_INFO', tty_info: { window_size } } }),
    heartbeat: () =>
      sendIo({
        type: 'CONTROL',
        control: {
          type: 'HEARTBEAT',
          heartbeat: { interval: { nanoseconds: HEARTBEAT_EVERY_MS * 1e6 } },
        },
      }),
    end: () => upload.end(),
    ended,
  };
};
