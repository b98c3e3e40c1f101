import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DashboardPage, hasBrowser, openDashboard } from './page-harness.ts';

describe.runIf(hasBrowser)('secrets', () => {
  let dashboard: DashboardPage;
  let isRead = false;

  beforeAll(async () => {
    dashboard = await openDashboard();
    const { marathon, show } = dashboard;
    marathon.answer('GET /secrets/v1/secret/default', { array: [] });
    marathon.answer('GET /secrets/v1/secret/default/shop/password', () => {
      isRead = true;
      return { value: 'geheim' };
    });
    await show('secrets');
  });

  afterAll(() => dashboard?.close());

  it('are said to be missing with what to do about it', async () => {
    await dashboard.page.getByText('plenum security secrets create NAME').waitFor();
  });

  it('are listed by name, and their values are not asked for', async () => {
    const { page, marathon } = dashboard;
    marathon.answer('GET /secrets/v1/secret/default', { array: ['shop/password', 'shop/token'] });
    await page.reload();
    await page.getByRole('cell', { name: 'shop/password', exact: true }).waitFor();
    await page.getByLabel('Filter secrets').fill('token');
    await page.getByRole('cell', { name: 'shop/password', exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('cell', { name: 'shop/token', exact: true }).waitFor();
    expect(isRead).toBe(false);
  });

  it('that may not be seen are refused in the words of the server', async () => {
    const { page, marathon } = dashboard;
    marathon.refuse('GET /secrets/v1/secret/default', 403, { message: 'you may not see secrets' });
    await page.reload();
    await page.getByRole('alert').getByText('you may not see secrets').waitFor();
  });
});
