import { HttpError } from '../../../http/http-error.ts';
import type { Call, ProcessIO } from '../../../mesos/generated/agent.ts';
import type { TTYInfoWindowSize } from '../../../mesos/generated/mesos.ts';

/** What one record of input wants. */
export type InputRecord =
  | { type: 'data'; bytes: Buffer }
  | { type: 'resize'; size: TTYInfoWindowSize }
  | { type: 'heartbeat' };

/** A terminal's size is a pair of 16-bit numbers. */
const LARGEST_SIZE = 65_535;

const bad = (problem: string): HttpError => new HttpError(400, problem);

/** Reads a record after the first one. Throws HttpError 400, in Mesos' words. */
export const readInputRecord = (call: Call): InputRecord => {
  if (call.type !== 'ATTACH_CONTAINER_INPUT') {
    throw bad(`Expecting 'type' to be 'ATTACH_CONTAINER_INPUT' instead of: '${call.type ?? 'UNKNOWN'}'`);
  }
  const { attach_container_input: body } = call;
  if (!body) throw bad("Expecting 'attach_container_input' to be present");
  if (body.type !== 'PROCESS_IO') {
    throw bad(
      `Expecting 'attach_container_input.type' to be 'PROCESS_IO' instead of: '${body.type ?? 'UNKNOWN'}'`,
    );
  }
  if (!body.process_io) throw bad("Expecting 'attach_container_input.process_io' to be present");
  return readProcessIo(body.process_io);
};

const readProcessIo = ({ type, data, control }: ProcessIO): InputRecord => {
  if (type === undefined) throw bad("Expecting 'process_io.type' to be present");
  if (type === 'DATA') {
    if (!data) throw bad("Expecting 'process_io.data' to be present");
    if (data.type === undefined) throw bad("Expecting 'process_io.data.type' to be present");
    if (data.type !== 'STDIN') throw bad("Expecting 'process_io.data.type' to be 'STDIN'");
    if (data.data === undefined) throw bad("Expecting 'process_io.data.data' to be present");
    return { type: 'data', bytes: Buffer.from(data.data, 'base64') };
  }
  if (type !== 'CONTROL') throw bad("'process_io.type' is unknown");
  if (!control) throw bad("Expecting 'process_io.control' to be present");
  return readControl(control);
};

const readControl = ({ type, tty_info, heartbeat }: NonNullable<ProcessIO['control']>): InputRecord => {
  switch (type) {
    case undefined:
      throw bad("Expecting 'process_io.control.type' to be present");
    case 'HEARTBEAT':
      if (!heartbeat) throw bad("Expecting 'process_io.control.heartbeat' to be present");
      return { type: 'heartbeat' };
    case 'TTY_INFO':
      if (!tty_info) throw bad("Expecting 'process_io.control.tty_info' to be present");
      return { type: 'resize', size: checkedSize(tty_info.window_size) };
    default:
      throw bad("'process_io.control.type' is unknown");
  }
};

const checkedSize = (size: TTYInfoWindowSize | undefined): TTYInfoWindowSize => {
  if (!size) throw bad("Expecting 'tty_info.window_size' to be present");
  if (size.rows > LARGEST_SIZE || size.columns > LARGEST_SIZE) {
    throw bad(`Unable to set the window size: ${size.rows} rows and ${size.columns} columns are too many`);
  }
  return size;
};
