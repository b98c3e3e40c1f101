import { HttpError } from '../../../http/http-error.ts';
import { send } from '../../../http/respond.ts';
import type { Exchange } from '../../../http/router.ts';
import type { Call } from '../../../mesos/generated/agent.ts';
import { pause } from '../../../runtime/clock.ts';
import { errorMessage } from '../../../runtime/error-message.ts';
import type { Attachable, ContainerInput } from '../../sessions/container-input.ts';
import type { OutputSink } from '../../sessions/output-fan.ts';
import { attachPoint } from './attach-point.ts';
import { invalidCall } from './container-id.ts';
import type { OutputApi } from './output-calls.ts';
import { readInputRecord } from './process-io.ts';

/** A client that still sends when the container has ended is answered so long after the last output. */
const ANSWER_AFTER_END_MS = 1_000;

/**
 * Passes the records of a request on to a container's standard input and terminal, as fast as it takes them. `calls` are
 * those after the first one, `call`. The end of the body ends the call and nothing else.
 */
export const attachInput = async (
  call: Extract<Call, { type: 'ATTACH_CONTAINER_INPUT' }>,
  api: OutputApi,
  { response, calls }: Pick<Exchange, 'response'> & { calls: AsyncIterator<Call> },
): Promise<void> => {
  const input = openInput(call, api);
  const gone = new Promise<'gone'>((resolve) => response.once('close', () => resolve('gone')));
  const over = input.over.then(() => pause(api.clock, ANSWER_AFTER_END_MS)).then(() => 'over' as const);
  try {
    const end = await Promise.race([pump(calls, input), over, gone]);
    if (end === 'gone') return;
    // What is left of a body that goes on is not read.
    send(response, 200, '', end === 'over' ? { Connection: 'close' } : {});
  } finally {
    input.release();
  }
};

/** Throws HttpError for a first record that opens no input. */
const openInput = (
  { attach_container_input: body }: Extract<Call, { type: 'ATTACH_CONTAINER_INPUT' }>,
  api: OutputApi,
): ContainerInput => {
  if (!body) throw invalidCall("Expecting 'attach_container_input' to be present");
  if (body.type === undefined) throw invalidCall("Expecting 'attach_container_input.type' to be present");
  if (body.type !== 'CONTAINER_ID') {
    throw new HttpError(400, "Expecting 'attach_container_input.type' to be CONTAINER_ID");
  }
  const input = opened(attachPoint(api, 'attach_container_input.container_id', body.container_id));
  if (!input) throw new HttpError(409, 'Multiple input connections are not allowed');
  return input;
};

const opened = (point: Attachable<OutputSink>): ContainerInput | undefined => {
  try {
    return point.openInput();
  } catch (error) {
    // Its command has not opened its terminal yet, or does not any more.
    throw new HttpError(500, `Failed to connect to the terminal: ${errorMessage(error)}`);
  }
};

const pump = async (calls: AsyncIterator<Call>, input: ContainerInput): Promise<'done'> => {
  for (let next = await calls.next(); !next.done; next = await calls.next()) {
    const record = readInputRecord(next.value);
    if (record.type === 'resize') await resize(input, record.size);
    else if (record.type === 'data') await write(input, record.bytes);
  }
  return 'done';
};

const resize = async (
  { resize: set }: ContainerInput,
  size: Parameters<NonNullable<ContainerInput['resize']>>[0],
): Promise<void> => {
  if (!set) throw new HttpError(400, 'Unable to set the window size: the container has no terminal');
  try {
    await set(size);
  } catch (error) {
    throw new HttpError(400, `Unable to set the window size: ${errorMessage(error)}`);
  }
};

const write = async (input: ContainerInput, bytes: Buffer): Promise<void> => {
  if (bytes.length === 0) {
    input.endStdin();
    return;
  }
  try {
    await input.write(bytes);
  } catch (error) {
    throw new HttpError(500, `Failed writing to stdin: ${errorMessage(error)}`);
  }
};
