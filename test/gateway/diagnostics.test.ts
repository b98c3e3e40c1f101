import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDiagnosticsClient, type DiagnosticsClient } from '../../src/clients/diagnostics-client.ts';
import { createBundleStore } from '../../src/gateway/diagnostics/bundle-store.ts';
import { startGateway } from '../../src/gateway/server.ts';
import { request } from '../../src/http/client.ts';
import { sendJson } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import type { HttpServer } from '../../src/http/server.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { readZip } from '../support/read-zip.ts';
import { waitFor } from '../support/wait-for.ts';
import { type FakePart, startFakePart } from './fake-cluster.ts';

let folder: string;
let master: FakePart;
let marathon: FakePart;
let agent: FakePart;
let gateway: HttpServer;
let client: DiagnosticsClient;
/** Held until it resolves: the master's /state. */
let masterState: Promise<object>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plenum-diagnostics-'));
  writeFileSync(join(folder, 'control-plane.log'), '{"msg":"up"}\n');
  masterState = Promise.resolve({ cluster: 'test' });
  agent = await startFakePart('agent', agentRouter());
  marathon = await startFakePart(
    'marathon',
    new Router().on('GET', '/v2/apps', ({ response }) =>
      sendJson(response, 200, { apps: [{ id: '/web', env: { DB_PASSWORD: 'hunter2', PLACE: 'here' } }] }),
    ),
  );
  const slaves = [{ id: 'S0', hostname: 'host-1', pid: `slave(1)@127.0.0.1:${agent.port}`, active: true }];
  master = await startFakePart(
    'master',
    new Router()
      .on('GET', '/slaves', ({ response }) => sendJson(response, 200, { slaves }))
      .on('GET', '/state', async ({ response }) => sendJson(response, 200, await masterState)),
  );
  await start();
});

const start = async (): Promise<void> => {
  gateway = await startGateway({
    mesosUrl: master.url,
    marathonUrl: marathon.url,
    packagesUrl: master.url,
    logFile: join(folder, 'control-plane.log'),
    diagnosticsFolder: join(folder, 'diagnostics'),
    dashboardDir: folder,
    clusterId: '00000000-0000-4000-8000-000000000000',
    clusterName: 'test',
    version: '1.2.3',
    log: silentLog,
  });
  client = createDiagnosticsClient({ url: gateway.url, signal: AbortSignal.timeout(60_000) });
};

afterEach(async () => {
  await gateway.close();
  await Promise.all([master, marathon, agent].map((part) => part.close()));
  rmSync(folder, { recursive: true });
});

const agentRouter = (): Router =>
  new Router()
    .on('GET', '/state', ({ response }) =>
      sendJson(response, 200, {
        frameworks: [{ executors: [{ id: 'web.1', directory: '/work/web.1' }] }],
        completed_frameworks: [{ completed_executors: [{ id: '../../etc/x', directory: '/work/gone' }] }],
      }),
    )
    .on('GET', '/files/read', ({ response, query }) => {
      const isThere = query.get('path') === '/work/web.1/stdout';
      if (isThere) sendJson(response, 200, { data: '', offset: 6 });
      else sendJson(response, 404, {});
    })
    .on('POST', '/api/v1', ({ response }) => {
      const data = Buffer.from('hello\n').toString('base64');
      sendJson(response, 200, { type: 'READ_FILE', read_file: { data, size: 6 } });
    });

const BOTH = { masters: true, agents: true };

const made = async (scope = BOTH): Promise<string> => {
  const { id, status } = await client.create(randomUUID(), scope);
  expect(status).toBe('InProgress');
  await waitFor('the bundle is done', async () => (await client.get(id)).status === 'Done');
  return id;
};

const filesOf = async (id: string): Promise<ReadonlyMap<string, string>> => {
  const pieces: Buffer[] = [];
  for await (const piece of await client.download(id)) pieces.push(piece);
  return readZip(Buffer.concat(pieces));
};

describe('a bundle of diagnostics', () => {
  it('holds what the control plane, the agents and the tasks have to tell', async () => {
    const id = await made();
    const files = await filesOf(id);
    expect(JSON.parse(files.get('mesos/state.json') ?? '')).toEqual({ cluster: 'test' });
    expect(JSON.parse(files.get('control-plane/process.json') ?? '')).toMatchObject({ version: '1.2.3' });
    expect(files.get('control-plane/log.jsonl')).toBe('{"msg":"up"}\n');
    expect([...files.keys()]).toContain('agents/S0/state.json');
    expect(files.get('tasks/web.1/stdout')).toBe('hello\n');
    const { size } = await client.get(id);
    expect(size).toBeGreaterThan(1_000);
  });

  it('names no secrets', async () => {
    const apps = (await filesOf(await made())).get('marathon/apps.json') ?? '';
    expect(JSON.parse(apps)).toEqual({
      apps: [{ id: '/web', env: { DB_PASSWORD: '********', PLACE: 'here' } }],
    });
  });

  it('says what could not be collected, and never leads out of its folder when it is unpacked', async () => {
    const id = await made();
    const files = await filesOf(id);
    const missing = 'tasks/__.._etc_x/stdout: ';
    expect((await client.get(id)).errors).toContainEqual(expect.stringContaining(missing));
    expect(files.get('errors.txt')).toContain(missing);
    expect([...files.keys()].filter((path) => path.split('/').includes('..'))).toEqual([]);
  });

  it('may be of the control plane or of the agents alone', async () => {
    const agents = await filesOf(await made({ masters: false, agents: true }));
    expect([...agents.keys()].some((path) => path.startsWith('mesos/'))).toBe(false);
    const masters = await filesOf(await made({ masters: true, agents: false }));
    expect([...masters.keys()].some((path) => path.startsWith('agents/'))).toBe(false);
  });

  it('of a cluster without its master has what is left', async () => {
    await master.close();
    const { errors } = await client.get(await made());
    expect(errors?.join('\n')).toContain('mesos/state.json: ');
    expect(errors?.join('\n')).toContain('agents: ');
  });

  it('is read by nobody else on this machine', async () => {
    const id = await made();
    const file = join(folder, 'diagnostics', id, 'bundle.zip');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe('bundles', () => {
  it('are made one at a time, and given up when they are deleted meanwhile', async () => {
    let release = (_state: object): void => undefined;
    masterState = new Promise((resolve) => {
      release = resolve;
    });
    const { id } = await client.create(randomUUID(), BOTH);
    await expect(client.create(randomUUID(), BOTH)).rejects.toMatchObject({ status: 409 });
    const deleting = client.delete(id);
    release({});
    expect(await deleting).toBe(true);
    expect((await client.get(id)).status).toBe('Deleted');
    expect(readdirSync(join(folder, 'diagnostics', id))).toEqual(['bundle.json']);
    await made();
  });

  it('are listed, fetched and deleted by their ids', async () => {
    const id = await made();
    expect((await client.list()).map((bundle) => bundle.id)).toEqual([id]);
    expect(await client.delete(id)).toBe(true);
    expect(await client.delete(id)).toBe(false);
    await expect(client.download(id)).rejects.toMatchObject({ status: 500 });
    await expect(client.get(randomUUID())).rejects.toMatchObject({ status: 404 });
    await expect(client.get('../../secret')).rejects.toMatchObject({ status: 404 });
    await expect(client.create(id, BOTH)).rejects.toMatchObject({ status: 409 });
  });

  it('outlive the gateway, but for the one that was being made', async () => {
    const id = await made();
    const halfMade = randomUUID();
    const started_at = new Date().toISOString();
    const bundle = { id: halfMade, type: 'Cluster', status: 'InProgress', size: 0, started_at };
    await gateway.close();
    mkdirSync(join(folder, 'diagnostics', halfMade));
    writeFileSync(join(folder, 'diagnostics', halfMade, 'bundle.json'), JSON.stringify(bundle));
    await start();
    expect((await client.get(id)).status).toBe('Done');
    expect((await filesOf(id)).size).toBeGreaterThan(5);
    expect((await client.get(halfMade)).status).toBe('Failed');
  });

  it('have not failed while they are looked at just when they are done, or begun', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plenum-bundles-'));
    const id = randomUUID();
    for (const beingMade of [
      [true, false],
      [false, true],
    ]) {
      const store = createBundleStore(folder, () => beingMade.shift() ?? false);
      await store.save({ id, type: 'Cluster', status: 'InProgress', size: 0, started_at: '' });
      expect(await store.find(id)).toMatchObject({ status: 'InProgress' });
      expect(await store.find(id)).toMatchObject({ status: 'Failed' });
    }
    rmSync(folder, { recursive: true });
  });

  it('refuse what is no id or no wish', async () => {
    const put = async (id: string, body: string) =>
      (await request({ method: 'PUT', url: `${gateway.url}/system/health/v1/diagnostics/${id}`, body }))
        .status;
    expect(await put('x', '{}')).toBe(400);
    expect(await put(randomUUID(), '{"masters":1}')).toBe(400);
    expect(await put(randomUUID(), '{')).toBe(400);
  });
});
