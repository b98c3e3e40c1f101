import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startGateway } from '../../src/gateway/server.ts';
import { OutputStream } from '../../src/http/output-stream.ts';
import { sendJson } from '../../src/http/respond.ts';
import type { Exchange } from '../../src/http/router.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { type FakeUpstream, type Received, startFakeUpstream } from './fake-upstream.ts';

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

export const hasBrowser = existsSync(BROWSER);
if (!hasBrowser) console.warn(`The dashboard's pages are not tested: there is no ${BROWSER}`);

const scalar = (name: string, value: number) => ({ name, type: 'SCALAR', scalar: { value } });

/** An agent as GET_AGENTS tells of it. */
export const agentOf = (id: string, more: object = {}) => ({
  agent_info: { id: { value: id }, hostname: '127.0.0.1', attributes: [] },
  active: true,
  version: '1',
  total_resources: [scalar('cpus', 4), scalar('mem', 2048)],
  ...more,
});

/** A task of one CPU as GET_STATE tells of it. */
export const taskOf = (id: string) => ({
  name: 'web',
  task_id: { value: id },
  framework_id: { value: 'f' },
  agent_id: { value: 'm-S0' },
  state: 'TASK_RUNNING',
  resources: [scalar('cpus', 1)],
});

/** The dashboard in a browser, in front of a gateway, in front of servers that answer as a test says. */
export interface DashboardPage {
  readonly page: Page;
  readonly url: string;
  readonly master: FakeUpstream;
  readonly marathon: FakeUpstream;
  readonly packages: FakeUpstream;
  readonly jobs: FakeUpstream;
  /** What the browser complained about: faults of scripts, what its security policy forbade, failed requests. */
  readonly complaints: readonly string[];
  /** Sends an event to who has subscribed at the master. */
  tell(event: unknown): void;
  /** Shows a place, such as services/app/%2Fweb. */
  show(place: string): Promise<void>;
  close(): Promise<void>;
}

export interface PageState {
  readonly tasks?: readonly object[];
  readonly agents?: readonly object[];
}

export const openDashboard = async ({
  tasks = [taskOf('web.1')],
  agents = [agentOf('m-S0')],
}: PageState = {}): Promise<DashboardPage> => {
  const folder = await buildPage();
  const complaints: string[] = [];
  let stream: OutputStream | undefined;
  const tell = (event: unknown): void => {
    const text = JSON.stringify(event);
    stream?.write(`${Buffer.byteLength(text)}\n${text}`);
  };
  const state = { get_agents: { agents }, get_tasks: { tasks } };
  const master = await startFakeUpstream({
    'POST /api/v1': ({ body }: Received, { response }: Exchange) => {
      const { type } = body as { type: string };
      if (type === 'GET_AGENTS') return { type, get_agents: { agents } };
      if (type === 'GET_STATE') return { type, get_state: state };
      if (type !== 'SUBSCRIBE') return sendJson(response, 202, {});
      response.writeHead(200, { 'Content-Type': 'application/json' });
      stream = new OutputStream(response, () => undefined);
      tell({ type: 'SUBSCRIBED', subscribed: { get_state: state } });
      return undefined;
    },
  });
  const marathon = await startFakeUpstream({
    'GET /v2/apps': { apps: [] },
    'GET /v2/pods/::status': [],
    'GET /v2/queue': { queue: [] },
    'GET /v2/deployments': [],
  });
  const packages = await startFakeUpstream({});
  const jobs = await startFakeUpstream({});
  const gateway = await startGateway({
    mesosUrl: master.url,
    marathonUrl: marathon.url,
    packagesUrl: packages.url,
    jobsUrl: jobs.url,
    dashboardDir: folder,
    clusterId: '1b6a6c1e-9a53-4a0e-8f4e-3d1f6a2b7c90',
    clusterName: 'testing',
    version: '1',
    log: silentLog,
  });
  const browser: Browser = await chromium.launch({ executablePath: BROWSER, args: BROWSER_ARGS });
  const page = await browser.newPage();
  // Less than a test may take, so that a failure says what was waited for.
  page.setDefaultTimeout(15_000);
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(gateway.url);
  return {
    page,
    url: gateway.url,
    master,
    marathon,
    packages,
    jobs,
    complaints,
    tell,
    show: async (place) => {
      await page.goto(`${gateway.url}/#/${place}`);
    },
    close: async () => {
      await browser.close();
      await gateway.close();
      await Promise.all([master, marathon, packages, jobs].map((server) => server.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const buildPage = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'plenum-page-'));
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
  return folder;
};
