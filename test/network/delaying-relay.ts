import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';

export interface Relay {
  readonly port: number;
  close(): Promise<void>;
}

/** Passes TCP connections on to an address, everything on its way `delayMs` late in both directions. */
export const startDelayingRelay = async (
  host: string,
  to: { host: string; port: number },
  delayMs: number,
): Promise<Relay> => {
  const open = new Set<Socket>();
  const late = (): Transform =>
    new Transform({
      highWaterMark: 1024 * 1024,
      transform(chunk, _encoding, pass) {
        // Pushed late and not passed late: what follows is on its way meanwhile, as on a long line.
        setTimeout(() => this.push(chunk), delayMs);
        pass();
      },
      flush(end) {
        setTimeout(end, delayMs);
      },
    });
  const server = createServer((socket) => {
    const far = connect(to);
    for (const side of [socket, far]) {
      open.add(side);
      side.on('close', () => open.delete(side));
    }
    socket.on('error', () => far.destroy());
    far.on('error', () => socket.destroy());
    socket.pipe(late()).pipe(far);
    far.pipe(late()).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
};
