import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { waitFor } from '../support/wait-for.ts';
import { createPackageCluster, EVENTUALLY, type PackageCluster } from './support/package-cluster.ts';
import { canRunJava, hasProgram } from './support/runtime.ts';

/** An app on top of two other packages: its posts in a real Cassandra, its readers behind a real HAProxy. */

const isRunnable = (await canRunJava('cassandra')) && hasProgram('haproxy', '-v');
const BROWSER = '/usr/bin/chromium';
const VHOST = 'tweeter.example';
const CASSANDRA = {
  node: { java_opts: '-XX:TieredStopAtLevel=1 -Dcassandra.skip_wait_for_gossip_to_settle=0' },
};

let cluster: PackageCluster;
let routerPort: number;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** Asks by way of the router, as the world would. */
const ask = async (path: string, post?: object): Promise<{ status: number; text: string }> => {
  const { status, body } = await request({
    method: post ? 'POST' : 'GET',
    url: `http://127.0.0.1:${routerPort}${path}`,
    headers: { Host: VHOST, 'Content-Type': 'application/json' },
    ...(post && { body: Buffer.from(JSON.stringify(post)) }),
  });
  return { status, text: body.toString('utf8') };
};

/** Texts of all posts, the newest first. */
const posted = async (): Promise<string[]> => {
  const { status, text } = await ask('/api/posts');
  if (status !== 200) throw new Error(`Posts are answered with ${status}: ${text}`);
  const posts: { text: string }[] = JSON.parse(text);
  return posts.map((post) => post.text);
};

const untilPosted = (...texts: string[]): Promise<true> =>
  waitFor(
    `${texts.join(', ')} can be read`,
    async () => JSON.stringify(await posted()) === JSON.stringify(texts),
    EVENTUALLY,
  );

describe.skipIf(!isRunnable)('tweeter', () => {
  beforeAll(async () => {
    cluster = await createPackageCluster(1);
    routerPort = await freePort();
    const ports = {
      http_port: routerPort,
      https_port: await freePort(),
      status_port: await freePort(),
    };
    await cluster.install('marathon-lb', { 'marathon-lb': ports });
    await cluster.install('cassandra', CASSANDRA);
    await cluster.install('tweeter', { 'marathon-lb': { vhost: VHOST } });
    await waitFor('it is routed', async () => (await ask('/')).status === 200, EVENTUALLY);
  });

  afterAll(() => cluster?.remove());

  it('takes posts and shows them, and refuses what is none', async () => {
    expect((await ask('/')).text).toContain('<title>Tweeter</title>');
    expect((await ask('/api/posts', { author: 'ann', text: 'hello <b>world</b>' })).status).toBe(201);
    await untilPosted('hello <b>world</b>');
    expect(await ask('/api/posts', { author: 'ann', text: ' ' })).toMatchObject({ status: 400 });
    expect(await ask('/api/posts', { author: 'ann', text: 'x'.repeat(281) })).toMatchObject({ status: 400 });
    expect(await ask('/api/posts', { text: 'x'.repeat(5000) })).toMatchObject({ status: 413 });
    expect(await ask('/nowhere')).toMatchObject({ status: 404 });
  });

  it.skipIf(!existsSync(BROWSER))('is written and read in a browser, behind the router', async () => {
    const args = ['--no-sandbox', '--disable-gpu', `--host-resolver-rules=MAP ${VHOST} 127.0.0.1`];
    const browser = await chromium.launch({ executablePath: BROWSER, args });
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(EVENTUALLY.timeoutMs);
      await page.goto(`http://${VHOST}:${routerPort}/`);
      await page.getByText('hello <b>world</b>').waitFor();
      await page.getByLabel('Your name').fill('eve');
      await page.getByLabel('What is up?').fill('<i>from</i> a browser');
      await page.getByRole('button', { name: 'Post' }).click();
      await page.getByText('<i>from</i> a browser').waitFor();
      expect(await page.locator('article strong').allTextContents()).toEqual(['eve', 'ann']);
    } finally {
      await browser.close();
    }
  });

  it('shows its posts again when it, and Cassandra, were killed with -9', async () => {
    const before = await posted();
    await cluster.killTask('tweeter');
    await untilPosted(...before);
    await cluster.killTask('node-0-server');
    await untilPosted(...before);
    expect((await ask('/api/posts', { author: 'bob', text: 'still here' })).status).toBe(201);
  });

  it('gets more instances when its options are changed, which all show the same', async () => {
    await cluster.update('tweeter', { service: { instances: 2 } });
    const app = await cluster.home.json<{ tasksRunning: number }>('marathon', 'app', 'show', '/tweeter');
    expect(app.tasksRunning).toBe(2);
    const all = await posted();
    expect(all[0]).toBe('still here');
    for (let times = 0; times < 4; times++) await untilPosted(...all);
  });

  it('leaves nothing when it is uninstalled with what it stands on', async () => {
    await cluster.home.must('package', 'uninstall', 'tweeter', '--yes', '--wait');
    await cluster.home.must('package', 'uninstall', 'marathon-lb', '--yes', '--wait');
    await cluster.uninstallLeavingNothing('cassandra');
  });
});
