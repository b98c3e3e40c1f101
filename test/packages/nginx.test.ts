import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { createPackageCluster, EVENTUALLY, type PackageCluster } from './support/package-cluster.ts';
import { hasProgram } from './support/runtime.ts';
import { processesWith } from './task-processes.ts';

/** Real nginx, asked through the gateway. */

const isRunnable = hasProgram('nginx', '-v');
if (!isRunnable) console.warn('nginx is not tested: there is no nginx');

let cluster: PackageCluster;
let folder: string;

const untilServed = (path: string, text: string): Promise<true> =>
  waitFor(
    `${path} is ${text}`,
    async () => (await cluster.ask('nginx', path)).text.trim() === text && true,
    EVENTUALLY,
  );

const masters = (): number[] => processesWith(`nginx -p ${cluster.home.folder}`);

describe.skipIf(!isRunnable)('nginx', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plenum-site-'));
    cluster = await createPackageCluster(1);
    await cluster.install('nginx', { nginx: { page: '<p>It\'s "first"</p>' } });
  });

  afterAll(async () => {
    await cluster?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('serves its page when package install --wait returns', async () => {
    expect((await cluster.ask('nginx', '/')).text.trim()).toBe('<p>It\'s "first"</p>');
    expect((await cluster.ask('nginx', '/page.html')).status).toBe(404);
    expect((await cluster.ask('nginx', '/conf/nginx.conf')).status).toBe(404);
  });

  it('serves again when it was killed with -9', async () => {
    await cluster.killTask('nginx', masters());
    await untilServed('/', '<p>It\'s "first"</p>');
  });

  it('serves a site that it fetches, with directives of its own, when its options are changed', async () => {
    const site = await siteOf({ 'index.html': 'home', 'more.txt': 'more' });
    try {
      const configuration = 'location = /own { return 200 own; }';
      await cluster.update('nginx', {
        service: { instances: 2 },
        nginx: { site: site.url, site_folder: 'public', configuration },
      });
      await untilServed('/', 'home');
      await untilServed('/more.txt', 'more');
      await untilServed('/own', 'own');
      expect(masters()).toHaveLength(2);
    } finally {
      site.server.close();
    }
  });

  it('leaves nothing when it is uninstalled', async () => {
    await cluster.uninstallLeavingNothing('nginx');
    expect(masters()).toEqual([]);
  });
});

/** Serves an archive with a folder public that has the files. */
const siteOf = async (files: Record<string, string>): Promise<{ url: string; server: Server }> => {
  await mkdir(join(folder, 'public'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'public', name), text);
  const archive = join(folder, 'site.tar.gz');
  await create({ gzip: true, cwd: folder, file: archive }, ['public']);
  const content = await readFile(archive);
  const server = createServer((_request, response) => response.end(content));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/site.tar.gz`, server };
};
