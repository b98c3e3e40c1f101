import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { limitConnections, limitStall, SERVER_TIMEOUTS } from '../../src/http/connection-limits.ts';
import { waitFor } from '../support/wait-for.ts';

const open = new Set<{ close(): void }>();

afterEach(() => {
  for (const one of open) one.close();
  open.clear();
});

const opened = (port: number): Socket => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  open.add({ close: () => socket.destroy() });
  return socket;
};

const served = async (
  handler: Parameters<typeof createServer>[1],
  most: number,
): Promise<{ port: number; close(): void }> => {
  const server = createServer(SERVER_TIMEOUTS, handler);
  limitConnections(server, most);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.add({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
};

const REQUEST = 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';

/** What a new connection is answered; empty when it is closed without a word. */
const answered = (port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = opened(port);
    socket.once('data', (text) => resolve(text.toString()));
    socket.on('close', () => resolve(''));
    socket.write(REQUEST);
  });

describe('a flood of connections', () => {
  it('takes no more than there is room for, and those that idle make room for who asks', async () => {
    const { port } = await served((_request, response) => response.end('hello'), 5);
    for (let count = 0; count < 5; count++) expect(await answered(port)).toContain('hello');
    // All five idle now; the sixth finds no room and makes some, so that one of the next gets in.
    await waitFor('room', async () => (await answered(port)).includes('hello'));
  });

  it('leaves alone who is being answered', async () => {
    const { port } = await served((_request, response) => response.write('begun'), 2);
    const streams = [opened(port), opened(port)];
    await Promise.all(
      streams.map((socket) => {
        const begun = new Promise((resolve) => socket.once('data', resolve));
        socket.write(REQUEST);
        return begun;
      }),
    );
    expect(await answered(port)).toBe('');
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([false, false]);
  });
});

describe('a reader that does not read', () => {
  it('is given up, and the answer with it', async () => {
    let isGivenUp = false;
    const { port } = await served((_request, response) => {
      response.on('close', () => {
        isGivenUp = true;
      });
      response.end(Buffer.alloc(64 * 1024 * 1024));
      limitStall(response, 200);
    }, 5);
    const socket = opened(port);
    socket.pause();
    socket.write(REQUEST);
    await waitFor('the answer given up', () => isGivenUp);
  });

  it('is waited for while it reads, slow as it may be', async () => {
    const size = 8 * 1024 * 1024;
    const { port } = await served((_request, response) => {
      response.end(Buffer.alloc(size));
      limitStall(response, 5_000);
    }, 5);
    const socket = opened(port);
    let received = 0;
    socket.on('data', (chunk) => {
      received += chunk.length;
    });
    socket.write(REQUEST);
    await waitFor('the whole answer', () => received > size);
  });
});
