import type { Server } from 'node:https';
import type { Socket } from 'node:net';

/** The first byte of every TLS connection: a handshake record. */
const TLS_HANDSHAKE = 0x16;
const FIRST_BYTE_TIMEOUT_MS = 10_000;

type ConnectionListener = (this: Server, socket: Socket) => void;

/**
 * Lets an HTTPS server take plain HTTP on the same port, so that whoever forgot the `s` is told so, and executors of this
 * machine need no certificates. A connection that says nothing is closed after a while. Gives the function that closes
 * every connection: those that are no HTTP yet the server does not know itself.
 */
export const sniffTls = (server: Server): (() => void) => {
  const open = new Set<Socket>();
  const takeTls = server.listeners('connection') as ConnectionListener[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const abandon = (): void => {
      socket.destroy();
    };
    const timer = setTimeout(abandon, FIRST_BYTE_TIMEOUT_MS);
    open.add(socket);
    socket.on('close', () => {
      clearTimeout(timer);
      open.delete(socket);
    });
    socket.on('error', abandon);
    socket.once('readable', () => {
      clearTimeout(timer);
      const first: Buffer | null = socket.read();
      if (first === null) return abandon();
      socket.off('error', abandon);
      socket.unshift(first);
      if (first[0] === TLS_HANDSHAKE) for (const listener of takeTls) listener.call(server, socket);
      // Of an HTTPS server this is the event of a connection that HTTP can be read from.
      else server.emit('secureConnection', socket);
    });
  });
  return () => {
    for (const socket of open) socket.destroy();
  };
};
