import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createMarathonClient } from '../../src/clients/marathon-client.ts';
import { startFakeCluster } from './fake-cluster.ts';
import { runPlenum } from './run-plenum.ts';

/** Whatever answers, a command ends with one explained line and an exit code, and the terminal is nobody else's. */

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const run = async (listener: RequestListener, ...args: string[]) =>
  runPlenum(args.length === 0 ? ['marathon', 'app', 'show', 'web'] : args, {
    env: { PLENUM_CLUSTER: await serve(listener) },
  });

describe('a server that is hostile', () => {
  it.each<[string, RequestListener, number, RegExp]>([
    [
      'answers with a page',
      (_request, response) => response.setHeader('Content-Type', 'text/html').end('<html><h1>Hello</h1>'),
      1,
      /^Error: Marathon does not stand at .*does not speak its JSON\n$/,
    ],
    [
      'refuses with a page',
      (_request, response) => response.writeHead(500).end('<html>stack trace at line 1</html>'),
      1,
      /^Error: Marathon answered 500 to GET \/service\/marathon\/v2\/apps\/web\n$/,
    ],
    [
      'answers with half of JSON',
      (_request, response) => response.end('{"app": {"id": "/web"'),
      1,
      /does not speak its JSON\n$/,
    ],
    ['answers with nothing', (_request, response) => response.end(), 1, /does not speak its JSON\n$/],
    [
      'answers with JSON that is another',
      (_request, response) => response.end('[1, null, "x"]'),
      1,
      /^Error: Something is not as it has to be, .+\n.*PLENUM_DEBUG/,
    ],
    [
      'sends in circles',
      (request, response) => response.writeHead(302, { Location: request.url ?? '/' }).end(),
      1,
      /^Error: Marathon answered 302 to GET/,
    ],
    ['hangs up', (request) => request.socket.destroy(), 6, /^Error: Marathon at .* cannot be reached/],
    [
      'hangs up in the middle',
      (_request, response) => {
        response.writeHead(200, { 'Content-Length': '1000' }).write('{"app":', () => response.destroy());
      },
      6,
      /^Error: Marathon at .* cannot be reached/,
    ],
  ])('%s', async (_what, listener, code, text) => {
    const result = await run(listener);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(text);
    expect(result.stderr).not.toMatch(/ {4}at |node:internal/);
  });

  it('that stalls is given up in time', async () => {
    const stalls: RequestListener = (_request, response) => response.writeHead(200).write('{');
    const { code, stderr } = await run(stalls, 'marathon', 'app', 'show', 'web', '--timeout', '300ms');
    expect({ code, stderr }).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('did not answer in time'),
    });
  });

  it('that never ends is read no further than a limit', async () => {
    const url = await serve((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    const client = createMarathonClient({ url, limitBytes: 1_000_000 });
    await expect(client.getApps()).rejects.toMatchObject({
      kind: 'foreign-answer',
      message: expect.stringContaining('longer than 1000000 bytes'),
    });
  });
});

describe('names and messages with control characters', () => {
  const evil = '\u001b]0;owned\u0007web\u001b[2J\u009b31mx\u001b[31m';

  it.each([
    [['marathon', 'app', 'list']],
    [['marathon', 'app', 'list', '-q']],
    [['marathon', 'app', 'list', '--json']],
    [['marathon', 'app', 'list', '-o', 'jsonpath={[*].id}']],
    [['marathon', 'app', 'list', '-o', 'yaml']],
    [['marathon', 'app', 'show', 'web']],
  ])('%s do not reach the terminal', async (args) => {
    const app = { id: `/${evil}`, cmd: evil, mem: 1, cpus: 1, instances: 1 };
    const cluster = await startFakeCluster({
      'GET /service/marathon/v2/apps': { body: { apps: [app] } },
      'GET /service/marathon/v2/deployments': { body: [] },
      'GET /service/marathon/v2/queue': { body: { queue: [] } },
      'GET /service/marathon/v2/apps/web': { status: 404, body: { message: `App ${evil} does not exist` } },
    });
    const { stdout, stderr } = await cluster.run(args, { isTty: true });
    await cluster.close();
    const withoutColors = `${stdout}${stderr}`.replaceAll(/\p{Cc}\[[\d;]*m/gu, '');
    expect(withoutColors).toContain('web');
    expect(withoutColors).not.toMatch(/[^\P{Cc}\n\t]/u);
  });
});
