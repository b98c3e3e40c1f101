import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditPage } from './page-audit.ts';
import { type DashboardPage, hasBrowser, openDashboard } from './page-harness.ts';

const VERSION = '2026-01-01T00:00:00.000Z';
const app = {
  id: '/web',
  version: VERSION,
  cmd: 'serve',
  instances: 2,
  cpus: 1,
  mem: 64,
  disk: 0,
  tasksRunning: 1,
  tasks: [{ id: 'web.1', state: 'TASK_RUNNING', host: 'h1', version: VERSION }],
};
const pod = {
  id: '/pair',
  spec: { id: '/pair', scaling: { kind: 'fixed', instances: 1 } },
  status: 'STABLE',
};
const deployment = {
  id: 'd1',
  version: VERSION,
  affectedApps: ['/web'],
  currentActions: [{ action: 'ScaleApplication', app: '/web' }],
  currentStep: 1,
  totalSteps: 1,
  why: ['/web: 1 of its instances waits to be launched'],
};
const definition = {
  name: 'db',
  version: '1.0',
  description: 'keeps rows',
  website: 'https://example.org',
  preInstallNotes: 'see https://example.org',
  config: {
    type: 'object',
    properties: { service: { type: 'object', properties: { name: { type: 'string', default: 'db' } } } },
  },
};

/** An address of each place, and a heading that says that it is there. */
const PLACES = [
  ['', 'Services'],
  ['services', 'Services'],
  ['services/app/%2Fweb', '/web'],
  ['services/app/%2Fweb?tab=configuration', '/web'],
  ['services/pod/%2Fpair', '/pair'],
  ['services/pod/%2Fpair?tab=configuration', '/pair'],
  ['tasks', 'Tasks'],
  ['tasks/web.1', 'web.1'],
  ['tasks/web.1?tab=usage', 'web.1'],
  ['deployments', 'Deployments'],
  ['jobs', 'Jobs'],
  ['packages', 'Packages'],
  ['packages/catalog/db', 'db'],
  ['nodes', 'Nodes'],
  ['nodes/m-S0', '127.0.0.1'],
  ['roles', 'Roles and quota'],
  ['secrets', 'Secrets'],
  ['events', 'Events'],
] as const;

describe('the colours', () => {
  const styles = readFileSync(join(process.cwd(), 'src/dashboard/styles/theme.css'), 'utf8');
  const themes = [...styles.matchAll(/\{([^}]*)\}/g)].map(
    ([, block = '']) =>
      new Map(
        [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', hex = '']) => [name, hex]),
      ),
  );

  const luminance = (hex: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (left = '', right = ''): number => {
    const [dark = 0, light = 0] = [luminance(left), luminance(right)].sort((one, other) => one - other);
    return (light + 0.05) / (dark + 0.05);
  };

  const PAIRS = [
    ...['background', 'surface', 'track', 'raised'].flatMap((ground) => [
      { front: 'text', ground, least: 4.5 },
      { front: 'dim', ground, least: 4.5 },
      { front: 'accent', ground, least: 4.5 },
    ]),
    ...['background', 'surface', 'raised'].flatMap((ground) => [
      { front: 'bad', ground, least: 4.5 },
      { front: 'edge', ground, least: 3 },
    ]),
    ...['good', 'busy', 'cpu', 'memory', 'disk'].map((front) => ({ front, ground: 'surface', least: 3 })),
    ...['accent', 'bad'].map((front) => ({ front, ground: 'track', least: 3 })),
    { front: 'on-accent', ground: 'accent', least: 4.5 },
  ];

  it.each([
    ['light', 0],
    ['dark', 1],
  ])('of the %s theme can be told from what is behind them', (_name, index) => {
    const theme = themes[index] ?? new Map<string, string>();
    const low = PAIRS.map((pair) => ({
      ...pair,
      ratio: contrast(theme.get(pair.front), theme.get(pair.ground)),
    })).filter(({ ratio, least }) => !(ratio >= least));
    expect(low).toEqual([]);
  });

  it('are the same in both themes, by name', () => {
    expect(themes).toHaveLength(2);
    expect([...(themes[1]?.keys() ?? [])]).toEqual([...(themes[0]?.keys() ?? [])]);
  });
});

describe.runIf(hasBrowser)('somebody who sees badly, or hears the page', () => {
  let dashboard: DashboardPage;

  beforeAll(async () => {
    dashboard = await openDashboard();
    const { marathon, packages, master, jobs } = dashboard;
    marathon.answer('GET /v2/apps', { apps: [app] });
    marathon.answer('GET /v2/apps/web', { app });
    marathon.answer('GET /v2/apps/web/versions', { versions: [VERSION] });
    marathon.answer(`GET /v2/apps/web/versions/${VERSION}`, { id: '/web', cmd: 'serve', version: VERSION });
    marathon.answer('GET /v2/pods/::status', [pod]);
    marathon.answer('GET /v2/pods/pair::status', pod);
    marathon.answer('GET /v2/pods/pair::versions', [VERSION]);
    marathon.answer(`GET /v2/pods/pair::versions/${VERSION}`, pod.spec);
    marathon.answer('GET /v2/deployments', [deployment]);
    marathon.answer('GET /v2/deployments/d1', deployment);
    marathon.answer('GET /v2/queue', {
      queue: [
        {
          count: 1,
          app: { id: '/web' },
          why: ['no offer fits'],
          processedOffersSummary: {
            rejectSummaryLastOffers: [{ reason: 'InsufficientCpus', declined: 1, processed: 1 }],
          },
        },
      ],
    });
    packages.answer('POST /package/search', {
      packages: [{ name: 'db', currentVersion: '1.0', description: 'rows', tags: ['a'], selected: true }],
    });
    packages.answer('POST /package/list', {
      packages: [{ appId: '/db', packageInformation: { packageDefinition: definition } }],
    });
    packages.answer('POST /package/repository/list', {
      repositories: [
        { name: 'Here', uri: 'https://here', state: 'stale', problem: 'it is away', packages: 3 },
      ],
    });
    packages.answer('POST /package/list-versions', { results: { '1.0': '0' } });
    packages.answer('POST /package/describe', { package: definition });
    packages.answer('GET /package/uninstalls', { uninstalls: [] });
    master.answer('GET /tasks', {
      tasks: [
        {
          id: 'web.1',
          name: 'web',
          framework_id: 'f',
          executor_id: '',
          slave_id: 'm-S0',
          state: 'TASK_RUNNING',
          resources: { cpus: 1, mem: 64 },
          statuses: [{ state: 'TASK_RUNNING', timestamp: 1 }],
        },
      ],
    });
    master.answer('GET /roles', { roles: [{ name: '*', weight: 1, frameworks: [], resources: {} }] });
    jobs.answer('GET /v1/jobs', []);
    marathon.answer('GET /secrets/v1/secret/default', { array: ['shop/password'] });
  });

  afterAll(() => dashboard?.close());

  for (const theme of ['light', 'dark'] as const) {
    it(`is shut out of no place in ${theme} colours`, async () => {
      const { page, show } = dashboard;
      await page.emulateMedia({ colorScheme: theme });
      await page.reload();
      const faults: string[] = [];
      for (const [place, heading] of PLACES) {
        await show(place);
        await page.getByRole('heading', { name: heading }).first().waitFor();
        await expect.poll(() => page.getByText(/^(Looking|Measuring)/).count()).toBe(0);
        faults.push(...(await page.evaluate(auditPage)).map((fault) => `${place} ${fault}`));
      }
      expect(faults).toEqual([]);
    }, 120_000);
  }

  it('hears when the cluster no longer answers, and what a server refuses', async () => {
    const { page, marathon, show } = dashboard;
    await page.locator('header [role=status]', { hasText: 'Live' }).waitFor();
    marathon.refuse('POST /v2/apps/web/restart', 409, { message: 'App is locked' });
    await show('services/app/%2Fweb');
    await page.getByRole('button', { name: 'Restart…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restart' }).click();
    await page.getByRole('alert').getByText('App is locked').waitFor();
  });

  it('is given the focus back where a question was asked, and keeps it while the page is drawn anew', async () => {
    const { page, marathon, show } = dashboard;
    await page.keyboard.press('Escape');
    await show('services/app/%2Fweb');
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    const scale = page.getByRole('button', { name: 'Scale…' });
    await scale.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBe('Scale…');
    marathon.answer('GET /v2/apps/web', { app: { ...app, tasks: [{ ...app.tasks[0], id: 'web.2' }] } });
    await page.getByRole('link', { name: 'web.2' }).waitFor();
    expect(await focused()).toBe('Scale…');
  });

  it('gets by keys to everything, and sees where the focus is', async () => {
    const { page, show } = dashboard;
    await show('services');
    await page.getByRole('heading', { level: 1, name: 'Services' }).waitFor();
    const wanted = await page.evaluate(
      () =>
        [...document.querySelectorAll('button, a[href], input')].filter((one) => one.checkVisibility())
          .length,
    );
    await page.evaluate(() => {
      (document.activeElement as HTMLElement | null)?.blur();
    });
    const reached = new Set<string>();
    const unseen: string[] = [];
    for (let step = 0; step < wanted + 10; step += 1) {
      await page.keyboard.press('Tab');
      const { text, isSeen, isControl } = await page.evaluate(() => {
        const element = document.activeElement ?? document.body;
        return {
          text: element.outerHTML,
          isSeen: getComputedStyle(element).outlineStyle !== 'none',
          isControl: element.matches('button, a[href], input'),
        };
      });
      if (isControl) reached.add(text);
      if (isControl && !isSeen) unseen.push(text);
    }
    expect(unseen).toEqual([]);
    expect(reached.size).toBe(wanted);
  });
});
