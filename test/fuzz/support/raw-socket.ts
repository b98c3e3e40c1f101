import { connect, type Socket } from 'node:net';

export interface RawSocket {
  readonly socket: Socket;
  /** What came so far. */
  text(): string;
  isClosed(): boolean;
  /** Resolves once the connection is there, or was refused. */
  readonly settled: Promise<void>;
}

/** A connection to the server of the URL, with nothing said yet. */
export const rawSocket = (url: string): RawSocket => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  let isClosed = false;
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isClosed = true;
  });
  const settled = new Promise<void>((resolve) => {
    socket.on('connect', () => resolve());
    socket.on('close', () => resolve());
  });
  return { socket, settled, text: () => text, isClosed: () => isClosed };
};

/** The head of a request in HTTP/1.1. */
export const headOf = (path: string, headers: Readonly<Record<string, string>>): string => {
  const lines = Object.entries({ Host: '127.0.0.1', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
};

/** A piece of a body that comes in chunks. */
export const chunkOf = (body: string | Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`${Buffer.byteLength(body).toString(16)}\r\n`),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ]);

/** Writes it again and again, as fast as it is taken, until the server ends the connection; resolves with the bytes. */
export const writeWithoutEnd = async ({ socket, isClosed }: RawSocket, piece: Buffer): Promise<number> => {
  let written = 0;
  let goOn = (): void => undefined;
  socket.on('drain', () => goOn());
  socket.on('close', () => goOn());
  while (!isClosed()) {
    written += piece.length;
    const isFull = !socket.write(piece);
    if (isFull && !isClosed()) {
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
    }
  }
  return written;
};
