import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DashboardPage, hasBrowser, openDashboard, taskOf } from './page-harness.ts';

const HOSTILE = '<img src=x onerror="document.title=1">';

describe.runIf(hasBrowser)('the page', () => {
  let dashboard: DashboardPage;

  beforeAll(async () => {
    dashboard = await openDashboard();
    const { marathon } = dashboard;
    marathon.answer('GET /v2/apps', {
      apps: [
        { id: '/web', instances: 1, cpus: 1, mem: 1, disk: 0, tasksRunning: 1, labels: { team: HOSTILE } },
      ],
    });
    marathon.answer('GET /v2/pods/::status', [
      {
        id: '/pair',
        spec: { scaling: { instances: 1 } },
        status: 'STABLE',
        instances: [{ status: 'STABLE' }],
      },
    ]);
  });

  afterAll(() => dashboard?.close());

  it('shows nodes, services and allocation, and says that it is live', async () => {
    const { page } = dashboard;
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('cell', { name: '/web app' }).waitFor();
    await page.getByRole('cell', { name: '/pair pod' }).waitFor();
    await page.getByRole('cell', { name: 'm-S0' }).waitFor();
    await page.getByText('1 of 4', { exact: true }).waitFor();
    await expect.poll(() => page.title()).toBe('testing · Plenum');
  });

  it('says which part of the cluster is ill, and why', async () => {
    const { page } = dashboard;
    await page.getByText('Job Service').waitFor();
    await page.getByText('healthy').first().waitFor();
  });

  it('shows a task as soon as an event tells of it', async () => {
    const { page, tell, show } = dashboard;
    await show('tasks');
    tell({ type: 'TASK_ADDED', task_added: { task: taskOf('web.2') } });
    await page.getByRole('link', { name: 'web.2' }).waitFor();
    await page.getByRole('link', { name: 'web.1' }).waitFor();
  });

  it('filters what it lists, and keeps the filter in its address', async () => {
    const { page } = dashboard;
    await page.getByLabel('Filter tasks').fill('WEB.2');
    await page.getByRole('link', { name: 'web.1' }).waitFor({ state: 'detached' });
    expect(page.url()).toContain('find=WEB.2');
    await page.reload();
    await page.getByLabel('Filter tasks').waitFor();
    expect(await page.getByLabel('Filter tasks').inputValue()).toBe('WEB.2');
  });

  it('tells what happened', async () => {
    const { page, tell, show } = dashboard;
    await show('events');
    await page.getByText('Nothing has happened since').waitFor();
    tell({ type: 'TASK_ADDED', task_added: { task: taskOf('web.3') } });
    await page.getByRole('cell', { name: 'TASK_ADDED' }).waitFor();
    await page.getByRole('link', { name: 'web.3' }).waitFor();
  });

  it('is led through by keys, and the focus is where the new place begins', async () => {
    const { page, show } = dashboard;
    await show('');
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByRole('heading', { level: 1, name: 'Services' }).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Filter services',
    );
  });

  it('leads to anything by a part of its name', async () => {
    const { page } = dashboard;
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('searchbox').fill('no such thing');
    await dialog.getByText('Nothing here is called so.').waitFor();
    await dialog.getByRole('searchbox').fill('web');
    await dialog.getByRole('button', { name: 'web.1' }).waitFor();
    await dialog.getByRole('button', { name: '/web', exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toMatch(/#\/services\/app\/%2Fweb$/);
    await dialog.waitFor({ state: 'detached' });
  });

  it('says of every place where one is, and of an unknown one that there is none', async () => {
    const { page, show } = dashboard;
    await show('nodes');
    await page
      .getByRole('link', { name: 'Nodes', exact: true })
      .and(page.locator('[aria-current=page]'))
      .waitFor();
    await show('nowhere');
    await page.getByText('There is no such place').waitFor();
  });

  it('switches its colours and keeps to them', async () => {
    const { page } = dashboard;
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    expect(await theme()).toBe('light');
    await page.getByLabel('Switch to dark colours').click();
    expect(await theme()).toBe('dark');
    await page.reload();
    await page.getByLabel('Switch to light colours').waitFor();
  });

  it('says so when the cluster is gone', async () => {
    const { page, complaints, master } = dashboard;
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
    await master.close();
    await page.getByText('The cluster does not answer').first().waitFor();
  });
});

describe.runIf(hasBrowser)('ten thousand tasks', () => {
  let dashboard: DashboardPage;

  beforeAll(async () => {
    dashboard = await openDashboard({
      tasks: Array.from({ length: 10_000 }, (_, index) => taskOf(`web.${index}`)),
    });
  });

  afterAll(() => dashboard?.close());

  it('are all there, and only those in sight are drawn', async () => {
    const { page, show } = dashboard;
    await show('tasks');
    await page.getByRole('heading', { name: 'Tasks 10000' }).waitFor();
    const table = page.getByRole('table', { name: 'Tasks' });
    expect(await table.getAttribute('aria-rowcount')).toBe('10001');
    expect(await table.getByRole('row').count()).toBeLessThan(200);
  });

  it('are found by scrolling and by the filter', async () => {
    const { page } = dashboard;
    await page.getByRole('region', { name: 'Tasks' }).evaluate((element) => {
      element.scrollTop = element.scrollHeight;
    });
    await page.getByRole('link', { name: 'web.0', exact: true }).waitFor();
    await page.getByLabel('Filter tasks').fill('web.7777');
    await page.getByRole('link', { name: 'web.7777' }).waitFor();
    await page.getByRole('link', { name: 'web.0', exact: true }).waitFor({ state: 'detached' });
  });
});
