import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DashboardPage, hasBrowser, openDashboard } from './page-harness.ts';

const V1 = '2026-01-01T00:00:00.000Z';
const V2 = '2026-01-02T00:00:00.000Z';
const app = {
  id: '/shop/web',
  version: V2,
  cmd: 'serve',
  instances: 2,
  cpus: 1,
  mem: 64,
  disk: 0,
  tasksRunning: 2,
  deployments: [{ id: 'd1' }],
  tasks: [
    { id: 'web.1', state: 'TASK_RUNNING', host: 'h1', version: V2 },
    {
      id: 'web.2',
      state: 'TASK_RUNNING',
      host: 'h2',
      version: V1,
      healthCheckResults: [{ alive: false, lastFailureCause: 'answered 500' }],
    },
  ],
};
const deployment = {
  id: 'd1',
  version: V2,
  affectedApps: ['/shop/web'],
  affectedPods: [],
  steps: [],
  currentActions: [{ action: 'RestartApplication', app: '/shop/web' }],
  currentStep: 1,
  totalSteps: 1,
  rollouts: [{ id: '/shop/web', step: 1, totalSteps: 2, target: 2, ready: 1, paused: { since: V2 } }],
  deadline: { seconds: 60, onDeadline: 'rollback', at: '2126-01-01T00:00:00.000Z' },
  why: ['/shop/web: 1 running, without an answer of its health checks'],
};

describe.runIf(hasBrowser)('services', () => {
  let dashboard: DashboardPage;
  const lastChange = () => dashboard.marathon.changes.at(-1);
  const answer = (request: string, body: object): void => dashboard.marathon.answer(request, body);

  beforeAll(async () => {
    dashboard = await openDashboard();
    answer('GET /v2/apps', { apps: [app] });
    answer('GET /v2/apps/shop/web', { app });
    answer('GET /v2/apps/shop/web/versions', { versions: [V2, V1] });
    answer(`GET /v2/apps/shop/web/versions/${V1}`, {
      id: '/shop/web',
      cmd: 'old',
      instances: 2,
      version: V1,
    });
    answer(`GET /v2/apps/shop/web/versions/${V2}`, {
      id: '/shop/web',
      cmd: 'serve',
      instances: 2,
      version: V2,
    });
    answer('GET /v2/deployments', [deployment]);
    answer('GET /v2/deployments/d1', deployment);
    answer('GET /v2/queue', {
      queue: [
        {
          count: 2,
          app: { id: '/shop/web' },
          delay: { timeLeftSeconds: 90, overdue: false },
          why: ['3 of 3 agents: not enough cpus'],
          processedOffersSummary: {
            rejectSummaryLastOffers: [
              { reason: 'InsufficientCpus', declined: 3, processed: 3 },
              { reason: 'InsufficientGpus', declined: 0, processed: 0 },
            ],
          },
        },
      ],
    });
    for (const change of ['PUT /v2/apps/shop/web', 'DELETE /v2/apps/shop/web', 'POST /v2/tasks/delete']) {
      answer(change, { steps: [], diff: [] });
    }
    answer('POST /v2/deployments/d1/continue', {});
    answer('DELETE /v2/deployments/d1', {});
    answer('DELETE /v2/queue/shop/web/delay', {});
  });

  afterAll(() => dashboard?.close());

  describe('an app', () => {
    beforeEach(() => dashboard.show('services/app/%2Fshop%2Fweb'));

    it('says why its instances wait, and starts them at once when told to', async () => {
      const { page } = dashboard;
      await page.getByText('3 of 3 agents: not enough cpus').first().waitFor();
      await page.getByRole('row', { name: 'CPU 0 3' }).waitFor();
      expect(await page.getByRole('row', { name: /GPU/ }).count()).toBe(0);
      await page.getByRole('button', { name: 'Start now (90 s left)' }).click();
      await expect.poll(lastChange).toMatchObject({ method: 'DELETE', url: '/v2/queue/shop/web/delay' });
    });

    it('shows the stage of its upgrade, and continues it', async () => {
      const { page } = dashboard;
      await page.getByText('Stage 1 of 2').waitFor();
      const bar = page.getByRole('progressbar', { name: 'Stage 1 of /shop/web' });
      expect(await bar.getAttribute('aria-valuenow')).toBe('1');
      await page.getByText('until it is continued').waitFor();
      await page.getByRole('button', { name: 'Continue', exact: true }).click();
      await expect.poll(lastChange).toMatchObject({ method: 'POST', url: '/v2/deployments/d1/continue' });
      await page.getByRole('button', { name: 'Continue without further pauses' }).click();
      await expect.poll(lastChange).toMatchObject({ url: '/v2/deployments/d1/continue?all=true' });
    });

    it('is scaled', async () => {
      const { page } = dashboard;
      await page.getByRole('button', { name: 'Scale…' }).click();
      await page.getByRole('spinbutton', { name: 'Instances' }).fill('5');
      await page.getByRole('button', { name: 'Scale', exact: true }).click();
      await expect.poll(lastChange).toMatchObject({ method: 'PUT', body: { instances: 5 } });
    });

    it('keeps the question open with what Marathon has against it', async () => {
      const { page, marathon } = dashboard;
      marathon.refuse('PUT /v2/apps/shop/web', 409, {
        message: 'App is locked by one or more deployments.',
        deployments: [{ id: 'd1' }],
      });
      await page.getByRole('button', { name: 'Stop…' }).first().click();
      await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
      await page.getByRole('alert').getByText('App is locked by one or more deployments. (d1)').waitFor();
      answer('PUT /v2/apps/shop/web', { steps: [], diff: [] });
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    });

    it('says what is wrong with an instance', async () => {
      const { page } = dashboard;
      await page.getByRole('row', { name: /web\.2 unhealthy\s*answered 500 h2/ }).waitFor();
    });

    it('has an instance killed', async () => {
      const { page } = dashboard;
      await page.getByRole('button', { name: 'Kill web.1' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Kill' }).click();
      await expect.poll(lastChange).toMatchObject({ url: '/v2/tasks/delete', body: { ids: ['web.1'] } });
    });

    it('is changed after a look at what that does, undone when it makes no progress', async () => {
      const { page } = dashboard;
      answer('PUT /v2/apps/shop/web', {
        steps: [{ actions: [{ action: 'RestartApplication', app: '/shop/web' }] }],
        diff: [
          { id: '/shop/web', kind: 'update', changes: [{ path: '/cmd', before: 'serve', after: 'new' }] },
        ],
        lockedBy: ['d1'],
      });
      await page.getByRole('tab', { name: 'Configuration and versions' }).click();
      await page.getByRole('button', { name: 'Edit…' }).click();
      await page.getByLabel('Definition (JSON)').fill('{"id": "/shop/web", "cmd": "new"}');
      await page.getByLabel('Undo it when').fill('60');
      await page.getByRole('button', { name: 'Look at what changes' }).click();
      await page.getByText('RestartApplication /shop/web', { exact: true }).waitFor();
      await expect.poll(lastChange).toMatchObject({ url: '/v2/apps/shop/web?dryRun=true' });
      await page.getByRole('button', { name: 'Give up the other deployment, and deploy' }).click();
      await expect.poll(lastChange).toEqual({
        method: 'PUT',
        url: '/v2/apps/shop/web?force=true&deadlineSeconds=60&onDeadline=rollback',
        body: { id: '/shop/web', cmd: 'new' },
      });
      answer('PUT /v2/apps/shop/web', { steps: [], diff: [] });
    });

    it('goes back to a version before', async () => {
      const { page } = dashboard;
      await page.getByRole('tab', { name: 'Configuration and versions' }).click();
      await page.getByRole('combobox', { name: 'Version' }).selectOption(V1);
      await page.getByText('"cmd": "old"').waitFor();
      await page.getByRole('button', { name: 'Go back to this version…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Go back' }).click();
      await expect.poll(lastChange).toMatchObject({ url: '/v2/apps/shop/web', body: { version: V1 } });
    });
  });

  it('stand in their groups, which tell how what is below them is doing, and can be closed', async () => {
    const { page, show } = dashboard;
    const services = page.getByRole('table', { name: 'Services' });
    const group = services.getByRole('button', { name: '/shop' });
    const web = services.getByRole('link', { name: '/shop/web' });
    await show('services');
    await services.getByRole('row', { name: /\/shop group .*1 deploying.* 2 \/ 2/ }).waitFor();
    await web.waitFor();
    await group.focus();
    await page.keyboard.press('Enter');
    await web.waitFor({ state: 'detached' });
    expect(await group.getAttribute('aria-expanded')).toBe('false');
    expect(await group.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(page.url()).toContain('closed=%2Fshop');
    await page.getByLabel('Filter services').fill('web');
    await web.waitFor();
    await page.getByLabel('Filter services').fill('');
    await web.waitFor({ state: 'detached' });
    await page.getByLabel('in groups').uncheck();
    await web.waitFor();
    await services.getByRole('button', { name: 'Name' }).waitFor();
    expect(await group.count()).toBe(0);
  });

  it('have their deployments in one place: with what each waits for, undone or stopped', async () => {
    const { page, show } = dashboard;
    answer('GET /v2/deployments', [deployment]);
    await show('deployments');
    await page.getByText('without an answer of its health checks').waitFor();
    await page.getByText('Rolled back when it makes no progress for 60 s').waitFor();
    await page.getByRole('button', { name: 'Roll back…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
    await expect.poll(lastChange).toMatchObject({ method: 'DELETE', url: '/v2/deployments/d1' });
    await page.getByRole('button', { name: 'Stop…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
    await expect.poll(lastChange).toMatchObject({ method: 'DELETE', url: '/v2/deployments/d1?force=true' });
  });

  it('that are pods show their containers, and how instances ended', async () => {
    const { page, show } = dashboard;
    answer('GET /v2/pods/pair::status', {
      id: '/pair',
      spec: { version: V2, scaling: { instances: 1 } },
      status: 'DEGRADED',
      instances: [
        {
          id: 'pair.instance-1',
          status: 'DEGRADED',
          containers: [
            {
              name: 'one',
              status: 'TASK_RUNNING',
              containerId: 'pair.instance-1.one.1',
              conditions: [{ name: 'healthy', value: 'false', reason: 'health-reported-by-mesos' }],
            },
            {
              name: 'two',
              status: 'TASK_STARTING',
              containerId: 'pair.instance-1.two.1',
              message: 'pulls its image',
            },
          ],
        },
      ],
      terminationHistory: [{ instanceID: 'pair.instance-0', terminatedAt: V1, message: 'one failed' }],
    });
    await show('services/pod/%2Fpair');
    await page.getByRole('row', { name: /one unhealthy/ }).waitFor();
    await page.getByText('pulls its image').waitFor();
    await page.getByRole('link', { name: 'pair.instance-1.two.1' }).waitFor();
    await page.getByText('one failed').waitFor();
  });

  describe('a pod', () => {
    const definition = { id: '/pair', version: V2, scaling: { kind: 'fixed', instances: 1 } };

    beforeEach(async () => {
      answer('GET /v2/pods/pair', definition);
      answer('GET /v2/pods/pair::versions', [V1, V2]);
      answer(`GET /v2/pods/pair::versions/${V2}`, definition);
      answer(`GET /v2/pods/pair::versions/${V1}`, { ...definition, version: V1, labels: { team: 'old' } });
      answer('PUT /v2/pods/pair', { steps: [], diff: [] });
      answer('DELETE /v2/pods/pair', {});
      await dashboard.show('services/pod/%2Fpair');
    });

    it('is changed after a look at what that does, and what Marathon has against it is shown by its path', async () => {
      const { page, marathon } = dashboard;
      await page.getByRole('tab', { name: 'Configuration and versions' }).click();
      await page.getByRole('button', { name: 'Edit…' }).click();
      const field = page.getByLabel('Definition (JSON)');
      expect(JSON.parse(await field.inputValue())).toEqual({
        id: '/pair',
        scaling: { kind: 'fixed', instances: 1 },
      });
      await field.fill('{"id": "/pair",');
      await page.getByRole('button', { name: 'Look at what changes' }).click();
      await page.getByRole('alert').waitFor();
      await field.fill('{"id": "/pair", "containers": []}');
      marathon.refuse('PUT /v2/pods/pair', 422, {
        message: 'Object is not valid',
        details: [{ path: '/containers', errors: ['must not be empty'] }],
      });
      await page.getByRole('button', { name: 'Look at what changes' }).click();
      await page.getByRole('alert').getByText('must not be empty').waitFor();
      answer('PUT /v2/pods/pair', {
        steps: [{ actions: [{ action: 'RestartPod', pod: '/pair' }] }],
        diff: [{ id: '/pair', kind: 'update', changes: [{ path: '/labels/team', after: 'new' }] }],
      });
      await field.fill('{"id": "/pair", "labels": {"team": "new"}}');
      await page.getByRole('button', { name: 'Look at what changes' }).click();
      await page.getByText('RestartPod /pair', { exact: true }).waitFor();
      expect(lastChange()).toMatchObject({ method: 'PUT', url: '/v2/pods/pair?dryRun=true' });
      await page.getByRole('button', { name: 'Deploy' }).click();
      await expect
        .poll(lastChange)
        .toEqual({ method: 'PUT', url: '/v2/pods/pair', body: { id: '/pair', labels: { team: 'new' } } });
    });

    it('goes back to a version before by its definition', async () => {
      const { page } = dashboard;
      await page.getByRole('tab', { name: 'Configuration and versions' }).click();
      await page.getByRole('combobox', { name: 'Version' }).selectOption(V1);
      await page.getByText('"team": "old"').waitFor();
      await page.getByRole('button', { name: 'Go back to this version…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Go back' }).click();
      await expect.poll(lastChange).toEqual({
        method: 'PUT',
        url: '/v2/pods/pair',
        body: { id: '/pair', scaling: { kind: 'fixed', instances: 1 }, labels: { team: 'old' } },
      });
    });

    it('is scaled, and removed once its name is typed', async () => {
      const { page } = dashboard;
      await page.getByRole('button', { name: 'Scale…' }).click();
      await page.getByRole('spinbutton', { name: 'Instances' }).fill('4');
      await page.getByRole('button', { name: 'Scale', exact: true }).click();
      await expect
        .poll(lastChange)
        .toMatchObject({ method: 'PUT', body: { scaling: { kind: 'fixed', instances: 4 } } });
      await page.getByRole('button', { name: 'Remove…' }).click();
      await page.getByRole('dialog').getByRole('textbox').fill('/pair');
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await expect.poll(lastChange).toMatchObject({ method: 'DELETE', url: '/v2/pods/pair' });
    });
  });
});
