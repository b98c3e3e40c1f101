import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DashboardPage, hasBrowser, openDashboard } from './page-harness.ts';

const JOBS = '/v1/jobs';
const job = {
  id: 'nightly',
  description: 'Cleans <b>up</b>',
  run: { cmd: 'true', cpus: 1, mem: 32 },
  schedules: [
    {
      id: 'nights',
      cron: '30 2 * * *',
      timeZone: 'Europe/Berlin',
      concurrencyPolicy: 'FORBID',
      enabled: true,
      nextRunAt: '2126-01-01T00:00:00.000+0000',
    },
  ],
  activeRuns: [
    {
      id: 'run-1',
      status: 'ACTIVE',
      createdAt: '2026-01-01T00:00:00.000+0000',
      tasks: [{ id: 'nightly_run-1.1' }],
    },
  ],
};
const history = {
  successCount: 1,
  failureCount: 1,
  lastSuccessAt: '2026-01-01T00:00:10.000+0000',
  lastFailureAt: '2026-01-02T00:00:10.000+0000',
  successfulFinishedRuns: [
    { id: 'good', createdAt: '2026-01-01T00:00:00.000+0000', finishedAt: '2026-01-01T00:00:10.000+0000' },
  ],
  failedFinishedRuns: [
    { id: 'bad', createdAt: '2026-01-02T00:00:00.000+0000', finishedAt: '2026-01-02T00:00:10.000+0000' },
  ],
};

describe.runIf(hasBrowser)('jobs', () => {
  let dashboard: DashboardPage;

  beforeAll(async () => {
    dashboard = await openDashboard();
    const { jobs } = dashboard;
    jobs.answer(`GET ${JOBS}`, [{ ...job, historySummary: history }]);
    jobs.answer(`GET ${JOBS}/nightly`, { ...job, history });
    jobs.answer(`POST ${JOBS}/nightly/runs`, { id: 'run-2' });
    jobs.answer(`POST ${JOBS}/nightly/runs/run-1/actions/stop`, {});
    jobs.answer(`PUT ${JOBS}/nightly/schedules/nights`, {});
    await dashboard.show('jobs');
  });

  afterAll(() => dashboard?.close());

  const lastChange = () => dashboard.jobs.changes.at(-1);

  it('are listed with their schedules, the next and the last run; what they say of themselves is text', async () => {
    const { page } = dashboard;
    const row = page.getByRole('row', { name: /nightly/ });
    await row.getByText('30 2 * * *').waitFor();
    await row.getByText('Running').waitFor();
    await row.getByText('failed').waitFor();
    await row.getByText('Cleans <b>up</b>').waitFor();
  });

  it('are run by a click', async () => {
    await dashboard.page.getByRole('button', { name: 'Run nightly now' }).click();
    await expect.poll(lastChange).toMatchObject({ method: 'POST', url: `${JOBS}/nightly/runs` });
  });

  it('show their history, the latest first', async () => {
    const { page, show } = dashboard;
    await show('jobs/nightly');
    const rows = page.getByRole('table', { name: 'History of nightly' }).getByRole('row');
    await rows.nth(1).getByText('bad').waitFor();
    await rows.nth(2).getByText('good').waitFor();
  });

  it('have a run stopped once that is confirmed', async () => {
    const { page } = dashboard;
    const before = dashboard.jobs.changes.length;
    await page.getByRole('button', { name: 'Stop run run-1' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(dashboard.jobs.changes.length).toBe(before);
    await page.getByRole('button', { name: 'Stop run run-1' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
    await expect.poll(lastChange).toMatchObject({ url: `${JOBS}/nightly/runs/run-1/actions/stop` });
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('have a schedule switched off, with all else as it was', async () => {
    await dashboard.page.getByLabel('Schedule nights is on').click();
    await expect.poll(lastChange).toMatchObject({
      method: 'PUT',
      body: {
        id: 'nights',
        cron: '30 2 * * *',
        timeZone: 'Europe/Berlin',
        concurrencyPolicy: 'FORBID',
        enabled: false,
      },
    });
  });

  it('say what the service has against a new one, by its place', async () => {
    const { page, show, jobs } = dashboard;
    jobs.refuse('POST /v0/scheduled-jobs', 422, {
      message: 'Object is not valid',
      details: [{ path: '/run/cpus', errors: ['must be >= 0.01'] }],
    });
    await show('jobs');
    await page.getByRole('button', { name: 'New job…' }).click();
    await page.getByLabel('Definition (JSON)').fill('{');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('alert').getByText('This is no JSON').waitFor();
    await page.getByLabel('Definition (JSON)').fill('{"id": "x", "run": {"cpus": 0}}');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('alert').getByText('must be >= 0.01').waitFor();
    await page.getByRole('alert').getByText('/run/cpus').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('are removed only when their name is typed', async () => {
    const { page, show, jobs } = dashboard;
    jobs.answer(`DELETE ${JOBS}/nightly`, {});
    await show('jobs/nightly');
    await page.getByRole('button', { name: 'Remove…', exact: true }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Remove' }).isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('nightly');
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await expect
      .poll(lastChange)
      .toMatchObject({ method: 'DELETE', url: `${JOBS}/nightly?stopCurrentJobRuns=true` });
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
  });
});
