import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { createPlenumHome, type PlenumHome } from '../support/plenum.ts';
import { waitFor } from '../support/wait-for.ts';
import { killAll, processesWith } from './task-processes.ts';

/** The edge router as a package of a real cluster, in front of real apps. */

const hasHaproxy = spawnSync('haproxy', ['-v']).status === 0;
const EVENTUALLY = { timeoutMs: 60_000, everyMs: 100 };
/** Answers with the name of its task, and goes on for a moment when it is told to end, as a service should. */
const SERVER = `
  const server = require('http').createServer((_request, response) => response.end(process.env.MESOS_TASK_ID));
  server.listen(process.env.PORT0);
  process.on('SIGTERM', () => setTimeout(() => process.exit(), 1500));`;

const WEB_LABELS = { HAPROXY_GROUP: 'external', HAPROXY_0_VHOST: 'web.example' };

let home: PlenumHome;
let ports: { http: number; https: number; status: number };

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const ask = async (host: string): Promise<{ status: number; text: string }> => {
  const { status, body } = await request({ url: `http://127.0.0.1:${ports.http}/`, headers: { Host: host } });
  return { status, text: body.toString() };
};

/** Of the cluster of this test: masters and workers. */
const haproxies = (): number[] => {
  const ours = new Set(processesWith(home.folder));
  return processesWith('-f haproxy.cfg').filter((pid) => ours.has(pid));
};

/** Runs a command that reads a document and must succeed. */
const given = async (args: string[], input: object): Promise<void> => {
  const { code, stderr } = await home.run([...args, '--timeout', '60'], { input: JSON.stringify(input) });
  if (code !== 0) throw new Error(`plenum ${args.join(' ')} ended with ${code}: ${stderr}`);
};

const webApp = async (id = '/site/web', labels: object = WEB_LABELS): Promise<object> => ({
  id,
  args: [process.execPath, '-e', SERVER],
  cpus: 0.1,
  mem: 64,
  instances: 1,
  healthChecks: [{ protocol: 'MESOS_HTTP', path: '/', intervalSeconds: 1, delaySeconds: 1 }],
  portDefinitions: [{ port: await freePort() }],
  labels,
});

const answersOf = async (host: string): Promise<Set<string>> => {
  const answers = await Promise.all(Array.from({ length: 12 }, () => ask(host)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  return new Set(answers.map(({ text }) => text));
};

describe.skipIf(!hasHaproxy)('marathon-lb', () => {
  beforeAll(async () => {
    home = await createPlenumHome();
    await home.up('--agents', '1');
    ports = { http: await freePort(), https: await freePort(), status: await freePort() };
    const options = {
      'marathon-lb': {
        http_port: ports.http,
        https_port: ports.https,
        status_port: ports.status,
      },
    };
    await given(['package', 'install', 'marathon-lb', '--options=-', '--yes', '--wait'], options);
    await given(['marathon', 'app', 'add', '--wait'], await webApp());
  }, 120_000);

  afterAll(() => home.remove());

  it('routes a host name to the instances of its app, as they come', async () => {
    await waitFor('the app is routed', async () => (await ask('web.example')).status === 200, EVENTUALLY);
    await home.must('marathon', 'app', 'scale', '/site/web', '3', '--wait');
    await waitFor('three answer', async () => (await answersOf('web.example')).size === 3, EVENTUALLY);
    expect((await ask('nobody.example')).status).toBe(503);
  });

  it('fails no request while the app is upgraded', async () => {
    const before = await answersOf('web.example');
    let isUpgrading = true;
    const failures: number[] = [];
    const caller = (async () => {
      while (isUpgrading) {
        const { status } = await ask('web.example');
        if (status !== 200) failures.push(status);
      }
    })();
    await home.must('marathon', 'app', 'update', '/site/web', 'mem=65', '--wait');
    isUpgrading = false;
    await caller;
    await waitFor('only new ones answer', async () => {
      const now = await answersOf('web.example');
      return [...now].every((task) => !before.has(task));
    });
    expect(failures).toEqual([]);
  });

  it('is back after HAProxy was killed', async () => {
    const before = haproxies();
    expect(before).toHaveLength(2);
    killAll(before);
    await waitFor(
      'another one serves',
      async () => {
        const now = haproxies();
        return (
          now.length === 2 &&
          !now.some((pid) => before.includes(pid)) &&
          (await ask('web.example')).status === 200
        );
      },
      EVENTUALLY,
    );
  });

  it('routes another group when its options are changed', async () => {
    const inside = { HAPROXY_GROUP: 'internal', HAPROXY_0_VHOST: 'inside.example' };
    await given(['marathon', 'app', 'add', '--wait'], await webApp('/site/inside', inside));
    expect((await ask('inside.example')).status).toBe(503);
    await home.must(
      ...['package', 'update', 'marathon-lb', '--set', 'marathon-lb.group=internal', '--yes', '--wait'],
    );
    await waitFor(
      'the other group is routed',
      async () => (await ask('inside.example')).status === 200,
      EVENTUALLY,
    );
    expect((await ask('web.example')).status).toBe(503);
  });

  it('leaves nothing when it is uninstalled', async () => {
    await home.must('package', 'uninstall', 'marathon-lb', '--yes', '--wait');
    await expect(ask('web.example')).rejects.toThrow(/ECONNREFUSED/);
    expect(haproxies()).toEqual([]);
  });
});

describe.skipIf(!hasHaproxy)('marathon-lb on a cluster with TLS', () => {
  beforeAll(async () => {
    home = await createPlenumHome();
    const { marathon } = await home.up('--agents', '1', '--tls');
    ports = { http: await freePort(), https: await freePort(), status: await freePort() };
    const tokenFile = join(home.folder, 'router-token');
    const token = await home.must('cluster', 'token', '--operator', 'router', '--valid-for', '1h');
    await writeFile(tokenFile, token, { mode: 0o600 });
    await given(['package', 'install', 'marathon-lb', '--options=-', '--yes', '--wait'], {
      'marathon-lb': {
        http_port: ports.http,
        https_port: ports.https,
        status_port: ports.status,
        marathon_uri: marathon,
        token_file: tokenFile,
        ca_file: join(home.folder, 'local', 'local', 'state', 'control-plane', 'security', 'ca.pem'),
      },
    });
    await given(['marathon', 'app', 'add', '--wait'], await webApp());
  }, 120_000);

  afterAll(() => home.remove());

  it('reads what runs as whom its token says', async () => {
    await waitFor('the app is routed', async () => (await ask('web.example')).status === 200, EVENTUALLY);
    await home.must('package', 'uninstall', 'marathon-lb', '--yes', '--wait');
    await expect(ask('web.example')).rejects.toThrow(/ECONNREFUSED/);
  });
});
