import { connect as connectSocket } from 'node:net';

/** A small client of Cassandra: version 4 of its native protocol, statements with values in text, rows as text. */

const VERSION = 4;
const RESPONSE = 0x80 | VERSION;
const OPCODE = { ERROR: 0x00, STARTUP: 0x01, READY: 0x02, QUERY: 0x07, RESULT: 0x08 };
const ROWS = 2;
const HEADER_BYTES = 9;
const LONGEST_FRAME_BYTES = 16 * 1024 * 1024;
const QUORUM_OF_ONE = 0x0001;
const WITH_VALUES = 0x01;
const GLOBAL_TABLE = 0x0001;
const MORE_PAGES = 0x0002;
const TIMEOUT_MS = 15_000;

/** @param {string} address HOST:PORT */
export const connect = async (address) => {
  const colon = address.lastIndexOf(':');
  const socket = connectSocket({ host: address.slice(0, colon), port: Number(address.slice(colon + 1)) });
  const channel = openChannel(socket);
  const { opcode, body } = await channel.send(OPCODE.STARTUP, stringMap({ CQL_VERSION: '3.0.0' }));
  if (opcode !== OPCODE.READY) {
    socket.destroy();
    throw opcode === OPCODE.ERROR ? errorOf(body) : new Error('Cassandra asks for a password');
  }
  return {
    query: async (statement, values = []) => {
      const answer = await channel.send(OPCODE.QUERY, queryBody(statement, values));
      if (answer.opcode === OPCODE.ERROR) throw errorOf(answer.body);
      return rowsOf(answer.body);
    },
    close: () => socket.end(),
    get isOpen() {
      return socket.readyState === 'open';
    },
  };
};

/** Pairs answers with requests: every request has a stream of its own. */
const openChannel = (socket) => {
  const waiting = new Map();
  let received = Buffer.alloc(0);
  let nextStream = 0;
  const fail = (error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    socket.destroy();
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('Cassandra has closed the connection')));
  socket.on('data', (data) => {
    received = Buffer.concat([received, data]);
    while (received.length >= HEADER_BYTES) {
      const length = received.readInt32BE(5);
      if (received[0] !== RESPONSE || length < 0 || length > LONGEST_FRAME_BYTES) {
        fail(new Error('This is not the native protocol of Cassandra'));
        return;
      }
      if (received.length < HEADER_BYTES + length) return;
      const stream = received.readInt16BE(2);
      const answer = { opcode: received[4], body: received.subarray(HEADER_BYTES, HEADER_BYTES + length) };
      received = received.subarray(HEADER_BYTES + length);
      waiting.get(stream)?.resolve(answer);
      waiting.delete(stream);
    }
  });
  return {
    send: (opcode, body) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('There is no connection to Cassandra'));
        while (waiting.has(nextStream)) nextStream = (nextStream + 1) & 0x7fff;
        const stream = nextStream;
        const timer = setTimeout(() => fail(new Error('Cassandra does not answer')), TIMEOUT_MS);
        const settle = (action) => (value) => {
          clearTimeout(timer);
          action(value);
        };
        waiting.set(stream, { resolve: settle(resolve), reject: settle(reject) });
        const header = Buffer.from([VERSION, 0, stream >> 8, stream & 0xff, opcode, 0, 0, 0, 0]);
        header.writeInt32BE(body.length, 5);
        socket.write(Buffer.concat([header, body]));
      }),
  };
};

const shortString = (text) => {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([uint16(bytes.length), bytes]);
};

const longBytes = (bytes) => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

const uint16 = (number) => Buffer.from([number >> 8, number & 0xff]);

const stringMap = (map) => {
  const entries = Object.entries(map);
  const parts = entries.flatMap(([key, value]) => [shortString(key), shortString(value)]);
  return Buffer.concat([uint16(entries.length), ...parts]);
};

const queryBody = (statement, values) =>
  Buffer.concat([
    longBytes(Buffer.from(statement, 'utf8')),
    uint16(QUORUM_OF_ONE),
    Buffer.from([values.length > 0 ? WITH_VALUES : 0]),
    ...(values.length > 0 ? [uint16(values.length)] : []),
    ...values.map((value) => longBytes(Buffer.from(value, 'utf8'))),
  ]);

const errorOf = (body) => new Error(body.toString('utf8', 6, 6 + body.readUInt16BE(4)));

/** Rows as objects by column; every value is read as text. Other results than rows are none. */
const rowsOf = (body) => {
  if (body.readInt32BE(0) !== ROWS) return [];
  let at = 4;
  const int32 = () => {
    at += 4;
    return body.readInt32BE(at - 4);
  };
  const text = () => {
    const length = body.readUInt16BE(at);
    at += 2 + length;
    return body.toString('utf8', at - length, at);
  };
  const flags = int32();
  const columnCount = int32();
  if (flags & MORE_PAGES) at += 4 + body.readInt32BE(at);
  if (flags & GLOBAL_TABLE) {
    text();
    text();
  }
  const columns = Array.from({ length: columnCount }, () => {
    if (!(flags & GLOBAL_TABLE)) {
      text();
      text();
    }
    const name = text();
    // The kinds of columns that this client reads are no more than a number.
    at += 2;
    return name;
  });
  return Array.from({ length: int32() }, () =>
    Object.fromEntries(
      columns.map((name) => {
        const length = int32();
        if (length < 0) return [name, null];
        at += length;
        return [name, body.toString('utf8', at - length, at)];
      }),
    ),
  );
};
