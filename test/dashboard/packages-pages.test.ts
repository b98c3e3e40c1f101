import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DashboardPage, hasBrowser, openDashboard } from './page-harness.ts';

const HOSTILE = '<img src=x onerror="window.isHit=true"><script>window.isHit=true</script>';

const definition = {
  name: 'db',
  version: '1.0',
  description: HOSTILE,
  website: 'javascript:window.isHit=true',
  maintainer: HOSTILE,
  preInstallNotes: HOSTILE,
  postInstallNotes: 'Enjoy it',
  resource: { images: { 'icon-medium': 'http://127.0.0.1:1/elsewhere.png' } },
  config: {
    type: 'object',
    properties: {
      service: {
        type: 'object',
        properties: {
          name: { type: 'string', description: 'Its name.', default: 'db' },
          count: { type: 'integer', minimum: 1, default: 3 },
          password: { type: 'string', format: 'password', default: '' },
        },
      },
    },
  },
};

const app = {
  id: '/db',
  version: 'v2',
  instances: 1,
  cpus: 1,
  mem: 64,
  disk: 0,
  tasksRunning: 1,
  labels: { DCOS_PACKAGE_NAME: 'db' },
  healthChecks: [{}],
  tasks: [{ id: 'db.1', state: 'TASK_RUNNING', version: 'v2', healthCheckResults: [{ alive: true }] }],
};

describe.runIf(hasBrowser)('packages', () => {
  let dashboard: DashboardPage;
  const lastOf = (url: string) => dashboard.packages.changes.findLast((change) => change.url === url);

  beforeAll(async () => {
    dashboard = await openDashboard();
    const { packages, marathon } = dashboard;
    marathon.answer('GET /v2/apps', { apps: [app] });
    marathon.answer('GET /v2/apps//db', { app });
    marathon.answer('GET /v2/apps/db', { app });
    marathon.answer('PUT /v2/apps/db', {
      steps: [],
      diff: [
        {
          id: '/db',
          kind: 'update',
          changes: [
            { path: '/env/PASSWORD', before: '', after: 'geheim' },
            { path: '/labels/DCOS_PACKAGE_OPTIONS', after: 'xyz' },
          ],
        },
      ],
    });
    packages.answer('GET /package/uninstalls', {
      uninstalls: [
        {
          packageName: 'old',
          appId: '/old',
          uninstall: { id: 'u', state: 'UNDER_WAY', phase: 'FREEING_RESOURCES', problem: 'an agent is away' },
        },
      ],
    });
    packages.answer('POST /package/search', {
      packages: [{ name: 'db', currentVersion: '1.0', description: HOSTILE, tags: ['a'], selected: true }],
    });
    packages.answer('POST /package/list', {
      packages: [{ appId: '/db', packageInformation: { packageDefinition: definition } }],
    });
    packages.answer('POST /package/repository/list', {
      repositories: [
        { name: 'Broken', uri: 'https://broken', state: 'stale', problem: 'it is away', packages: 3 },
      ],
    });
    packages.answer('POST /package/list-versions', { results: { '1.0': '0', '2.0': '1' } });
    packages.answer('POST /package/describe', { package: definition });
    packages.answer('POST /package/render', { marathonJson: { id: '/db' } });
    packages.answer('POST /package/install', { appId: '/db' });
    packages.answer('POST /service/describe', {
      package: definition,
      upgradesTo: ['2.0'],
      downgradesTo: [],
      userProvidedOptions: { service: { count: 4 } },
    });
    packages.answer('POST /service/preview', {
      package: definition,
      currentVersion: '1.0',
      currentOptions: { service: { count: 4, password: '' } },
      resolvedOptions: { service: { count: 5, password: 'geheim' } },
      marathonJson: { id: '/db' },
    });
    packages.answer('POST /service/update', {});
    packages.answer('POST /service/rollback', {});
    packages.answer('POST /service/history', {
      entries: [
        {
          id: 1,
          action: 'INSTALLED',
          at: '2026-01-01T00:00:00Z',
          packageVersion: '1.0',
          options: {},
          current: false,
        },
        {
          id: 2,
          action: 'UPDATED',
          at: '2026-01-02T00:00:00Z',
          packageVersion: '1.0',
          options: {},
          current: true,
        },
      ],
    });
    packages.answer('POST /package/uninstall', { results: [] });
    await dashboard.show('packages');
  });

  afterAll(() => dashboard?.close());

  it('are listed: what is installed, what can be, what is being uninstalled, and which repository is away', async () => {
    const { page } = dashboard;
    await page
      .getByRole('table', { name: 'Installed packages' })
      .getByRole('link', { name: '/db' })
      .waitFor();
    await page.getByRole('link', { name: 'db', exact: true }).waitFor();
    await page.getByText('selected', { exact: true }).waitFor();
    await page.getByText('freeing resources').waitFor();
    await page.getByText('an agent is away').waitFor();
    await page.getByText('it is away').waitFor();
  });

  it('come from repositories, which are added once the service could read them', async () => {
    const { page, packages } = dashboard;
    await page.getByRole('button', { name: 'Add a repository…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Mine');
    await dialog.getByLabel(/^URI/).fill('https://mine/repo.json ');
    packages.refuse('POST /package/repository/add', 400, {
      type: 'UniverseClientHttpError',
      message: 'Repository [Mine]: it answers 404',
    });
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.getByRole('alert').getByText('Repository [Mine]: it answers 404').waitFor();
    packages.answer('POST /package/repository/add', { repositories: [] });
    await dialog.getByLabel('before all others').check();
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(lastOf('/package/repository/add')?.body).toEqual({
      name: 'Mine',
      uri: 'https://mine/repo.json',
      index: 0,
    });
  });

  it('leave with their repository, after a question', async () => {
    const { page, packages } = dashboard;
    packages.answer('POST /package/repository/delete', () => {
      packages.answer('POST /package/repository/list', { repositories: [] });
      return { repositories: [] };
    });
    await page.getByRole('button', { name: 'Remove Broken' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('There is none, so no package can be found').waitFor();
    expect(lastOf('/package/repository/delete')?.body).toEqual({ name: 'Broken' });
  });

  it('are searched for by the service', async () => {
    await dashboard.page.getByLabel('Search packages').fill('kaf');
    await expect.poll(() => lastOf('/package/search')?.body).toEqual({ query: 'kaf', order: 'fit' });
  });

  it('say what they say as text, and their links and images lead nowhere else', async () => {
    const { page, show } = dashboard;
    await show('packages/catalog/db');
    await page.getByText(HOSTILE).first().waitFor();
    expect(await page.evaluate(() => 'isHit' in window)).toBe(false);
    expect(await page.locator('a[href^=javascript]').count()).toBe(0);
    expect(await page.locator('main img').getAttribute('src')).toBe(
      '/package/resource?url=http%3A%2F%2F127.0.0.1%3A1%2Felsewhere.png',
    );
  });

  it('have what is wrong with an option said at its field, by the page and by the service', async () => {
    const { page, packages } = dashboard;
    const count = page.getByLabel('count');
    await count.fill('0');
    await page.getByText('is less than 1').waitFor();
    expect(await page.getByRole('button', { name: 'Review and install…' }).isDisabled()).toBe(true);
    await count.fill('2');
    packages.refuse('POST /package/render', 400, {
      type: 'JsonSchemaMismatch',
      message: 'Options JSON failed validation',
      data: { errors: [{ instance: { pointer: '/service/name' }, message: 'does not match its pattern' }] },
    });
    await page.getByRole('button', { name: 'Review and install…' }).click();
    await page.getByRole('alert').getByText('Options JSON failed validation').waitFor();
    const name = page.getByLabel('name');
    await expect.poll(() => name.getAttribute('aria-invalid')).toBe('true');
    const help = await name.getAttribute('aria-describedby');
    expect(await page.locator(`[id="${help}"]`).textContent()).toContain('does not match its pattern');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('option-/service/name');
    await name.fill('other');
    await expect.poll(() => name.getAttribute('aria-invalid')).toBe('false');
    await name.fill('db');
    packages.answer('POST /package/render', { marathonJson: { id: '/db' } });
  });

  it('are installed with what differs from the defaults, after a look', async () => {
    const { page } = dashboard;
    await page.getByRole('button', { name: 'Review and install…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Install' }).click();
    await expect
      .poll(() => lastOf('/package/install')?.body)
      .toEqual({ packageName: 'db', packageVersion: '1.0', options: { service: { count: 2, name: 'db' } } });
    await page.getByText('Enjoy it').waitFor();
    await page.getByText('it can be used').waitFor();
  });

  it('are updated after a look at what changes, which shows no password', async () => {
    const { page, packages } = dashboard;
    expect(await page.getByLabel('count').inputValue()).toBe('4');
    expect(await page.getByLabel('password').getAttribute('type')).toBe('password');
    await page.getByLabel('count').fill('5');
    await page.getByRole('button', { name: 'Look at what changes…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('service.count').waitFor();
    await dialog.getByText('/env/PASSWORD').waitFor();
    expect(await dialog.textContent()).not.toContain('geheim');
    expect(await dialog.textContent()).not.toContain('DCOS_PACKAGE_OPTIONS');
    await dialog.getByRole('button', { name: 'Update' }).click();
    await expect
      .poll(() => lastOf('/service/update')?.body)
      .toMatchObject({
        appId: '/db',
        packageVersion: '1.0',
        options: { service: { count: 5 } },
        replace: true,
      });
    await dialog.waitFor({ state: 'detached' });
    const looks = packages.changes.filter(({ url }) => url === '/service/preview');
    expect(looks).toHaveLength(1);
  });

  it('go back to how they ran before', async () => {
    const { page } = dashboard;
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('runs so now').waitFor();
    await page.getByRole('button', { name: 'Go back to 2026-01-01T00:00:00Z' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Go back' }).click();
    await expect.poll(() => lastOf('/service/rollback')?.body).toEqual({ appId: '/db', to: 1 });
  });

  it('are uninstalled only when their name is typed, and keep their data when told to', async () => {
    const { page } = dashboard;
    await page.getByRole('button', { name: 'Uninstall…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('keep its data').check();
    expect(await dialog.getByRole('button', { name: 'Uninstall' }).isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('/db');
    await dialog.getByRole('button', { name: 'Uninstall' }).click();
    await expect
      .poll(() => lastOf('/package/uninstall')?.body)
      .toEqual({ packageName: 'db', appId: '/db', keepData: true });
    await page.getByRole('heading', { level: 1, name: 'Packages' }).waitFor();
  });
});
