import { createServer } from 'node:net';

/**
 * Why a port cannot be listened at; undefined when it can. HAProxy takes a configuration as a whole or not at all, so that
 * one port which somebody else has would keep all routes from changing.
 */
export const whyPortIsTaken = (port: number, bindAddress: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    // Whoever comes in this moment must not be kept waiting, nor keep us.
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => resolve(error.message));
    server.listen({ port, host: bindAddress === '*' ? '0.0.0.0' : bindAddress, exclusive: true }, () =>
      server.close(() => resolve(undefined)),
    );
  });
