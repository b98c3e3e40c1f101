import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway } from '../../src/gateway/server.ts';
import { readJson } from '../../src/http/body.ts';
import { OutputStream } from '../../src/http/output-stream.ts';
import { sendJson } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import { type HttpServer, startServer } from '../../src/http/server.ts';
import { silentLog } from '../../src/runtime/log.ts';

const BROWSER = '/usr/bin/chromium';
const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const hasBrowser = existsSync(BROWSER);
if (!hasBrowser) console.warn(`The dashboard's page is not tested: there is no ${BROWSER}`);

const resources = [
  { name: 'cpus', type: 'SCALAR', scalar: { value: 4 } },
  { name: 'mem', type: 'SCALAR', scalar: { value: 2048 } },
];

const agents = [
  {
    agent_info: { id: { value: 'm-S0' }, hostname: '127.0.0.1' },
    active: true,
    version: '1',
    total_resources: resources,
  },
];

const taskOf = (id: string) => ({
  name: 'web',
  task_id: { value: id },
  framework_id: { value: 'f' },
  agent_id: { value: 'm-S0' },
  state: 'TASK_RUNNING',
  resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 1 } }],
});

describe.runIf(hasBrowser)('the page', () => {
  let folder: string;
  let browser: Browser;
  let page: Page;
  let stream: OutputStream | undefined;
  let servers: HttpServer[];
  const complaints: string[] = [];

  const tell = (event: unknown): void => {
    const text = JSON.stringify(event);
    stream?.write(`${Buffer.byteLength(text)}\n${text}`);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plenum-page-'));
    const source = join(process.cwd(), 'src', 'dashboard');
    await build({
      entryPoints: { dashboard: join(source, 'main.tsx') },
      outdir: folder,
      bundle: true,
      format: 'esm',
      target: 'es2022',
      jsx: 'automatic',
      jsxImportSource: 'preact',
    });
    await copyFile(join(source, 'index.html'), join(folder, 'index.html'));
    const master = await startServer({
      log: silentLog,
      router: new Router().on('POST', '/api/v1', async ({ request, response }) => {
        const call = (await readJson(request)) as { type: string };
        const state = { get_agents: { agents }, get_tasks: { tasks: [taskOf('web.1')] } };
        if (call.type === 'GET_AGENTS')
          return sendJson(response, 200, { type: call.type, get_agents: { agents } });
        if (call.type === 'GET_STATE') return sendJson(response, 200, { type: call.type, get_state: state });
        response.writeHead(200, { 'Content-Type': 'application/json' });
        stream = new OutputStream(response, () => undefined);
        tell({ type: 'SUBSCRIBED', subscribed: { get_state: state } });
      }),
    });
    const marathon = await startServer({
      log: silentLog,
      router: new Router()
        .on('GET', '/v2/apps', ({ response }) =>
          sendJson(response, 200, {
            apps: [{ id: '/web', instances: 1, cpus: 1, mem: 1, disk: 0, tasksRunning: 1 }],
          }),
        )
        .on('GET', '/v2/pods/::status', ({ response }) =>
          sendJson(response, 200, [
            {
              id: '/pair',
              spec: { scaling: { instances: 1 } },
              status: 'STABLE',
              instances: [{ status: 'STABLE' }],
            },
          ]),
        )
        .on('GET', '/v2/queue', ({ response }) => sendJson(response, 200, { queue: [] })),
    });
    const gateway = await startGateway({
      mesosUrl: master.url,
      marathonUrl: marathon.url,
      packagesUrl: marathon.url,
      dashboardDir: folder,
      clusterId: '1b6a6c1e-9a53-4a0e-8f4e-3d1f6a2b7c90',
      clusterName: 'testing',
      version: '1',
      log: silentLog,
    });
    servers = [gateway, master, marathon];
    browser = await chromium.launch({ executablePath: BROWSER, args: BROWSER_ARGS });
    page = await browser.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(gateway.url);
  });

  afterAll(async () => {
    await browser?.close();
    await Promise.all(servers.map((server) => server.close()));
    await rm(folder, { recursive: true, force: true });
  });

  it('shows nodes, services and tasks, and says that it is live', async () => {
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('cell', { name: '/web app' }).waitFor();
    await page.getByRole('cell', { name: '/pair pod' }).waitFor();
    await page.getByRole('cell', { name: 'm-S0' }).waitFor();
    await page.getByRole('cell', { name: 'web.1' }).waitFor();
    await page.getByText('1 of 4').waitFor();
    expect(await page.title()).toBe('testing · Plenum');
  });

  it('shows a task as soon as an event tells of it', async () => {
    tell({ type: 'TASK_ADDED', task_added: { task: taskOf('web.2') } });
    await page.getByRole('cell', { name: 'web.2' }).waitFor();
    await page.getByText('2 of 4').waitFor();
  });

  it('filters tasks', async () => {
    await page.getByLabel('Filter tasks').fill('WEB.2');
    await page.getByRole('cell', { name: 'web.1' }).waitFor({ state: 'detached' });
    await page.getByRole('cell', { name: 'web.2' }).waitFor();
  });

  it('switches its colours and keeps to them', async () => {
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    expect(await theme()).toBe('light');
    await page.getByLabel('Switch to dark colours').click();
    expect(await theme()).toBe('dark');
    await page.reload();
    await page.getByLabel('Switch to light colours').waitFor();
  });

  it('says so when the cluster is gone', async () => {
    expect(complaints).toEqual([]);
    await servers[1]?.close();
    await page.getByText('The cluster does not answer').waitFor();
  });
});
