import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentOf, type DashboardPage, hasBrowser, openDashboard, taskOf } from './page-harness.ts';

const reserved = {
  name: 'mem',
  type: 'SCALAR',
  scalar: { value: 512 },
  reservations: [
    { type: 'DYNAMIC', role: 'kafka', principal: 'p', labels: { labels: [{ key: 'of', value: 'kafka-0' }] } },
  ],
};
const volume = {
  name: 'disk',
  type: 'SCALAR',
  scalar: { value: 2048 },
  reservations: [{ type: 'DYNAMIC', role: 'kafka', principal: 'p' }],
  disk: { persistence: { id: 'volume-1' }, volume: { mode: 'RW', container_path: 'data' } },
};

describe.runIf(hasBrowser)('nodes', () => {
  let dashboard: DashboardPage;
  const lastCall = () =>
    dashboard.master.changes.findLast(({ body }) => /_AGENT$/.test((body as { type: string }).type))?.body;

  beforeAll(async () => {
    dashboard = await openDashboard({
      tasks: [taskOf('web.1')],
      agents: [
        agentOf('m-S0', {
          agent_info: {
            id: { value: 'm-S0' },
            hostname: 'one.example',
            attributes: [{ name: 'rack', type: 'TEXT', text: { value: 'r1' } }],
            domain: { fault_domain: { region: { name: 'eu' }, zone: { name: 'a' } } },
          },
          total_resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 4 } }, reserved, volume],
        }),
        agentOf('m-S1', {
          agent_info: { id: { value: 'm-S1' }, hostname: 'two.example' },
          drain_info: { state: 'DRAINING', config: {} },
          deactivated: true,
        }),
      ],
    });
    dashboard.master.answer('GET /roles', {
      roles: [
        {
          name: 'dev',
          weight: 2,
          frameworks: ['f'],
          quota: { guarantee: { cpus: 1 }, limit: { cpus: 4, mem: 512 }, consumed: { cpus: 3 } },
        },
      ],
    });
  });

  afterAll(() => dashboard?.close());

  it('are listed with whether they are in use', async () => {
    const { page, show } = dashboard;
    await show('nodes');
    await page.getByRole('row', { name: /one\.example Active eu \/ a/ }).waitFor();
    await page.getByRole('row', { name: /two\.example Draining/ }).waitFor();
    await page.getByLabel('Filter nodes').fill('r1');
    await page.getByRole('row', { name: /two\.example/ }).waitFor({ state: 'detached' });
  });

  it('show their attributes, tasks, reservations and volumes', async () => {
    const { page, show } = dashboard;
    await show('nodes/m-S0');
    await page.getByText('rack=r1').waitFor();
    await page.getByRole('link', { name: 'web.1' }).waitFor();
    await page.getByRole('tab', { name: 'Reservations and volumes' }).click();
    await page.getByText('of=kafka-0').waitFor();
    await page.getByText('data: volume-1').waitFor();
  });

  it('are drained once that is confirmed, and taken back into use', async () => {
    const { page, show } = dashboard;
    await page.getByRole('button', { name: 'Drain…' }).click();
    await page.getByText('Its 1 tasks are killed').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Drain' }).click();
    await expect.poll(lastCall).toEqual({
      type: 'DRAIN_AGENT',
      drain_agent: { agent_id: { value: 'm-S0' }, mark_gone: false },
    });
    await show('nodes/m-S1');
    await page.getByRole('button', { name: 'Reactivate' }).click();
    await expect.poll(lastCall).toEqual({
      type: 'REACTIVATE_AGENT',
      reactivate_agent: { agent_id: { value: 'm-S1' } },
    });
  });

  it('hold what roles have, are guaranteed and may have at most', async () => {
    const { page, show } = dashboard;
    await show('roles');
    await page.getByText('3 used, 1 guaranteed, at most 4').waitFor();
    await page.getByText('0 MiB used, at most 512 MiB').waitFor();
    await page.getByRole('row', { name: /kafka one\.example volume/ }).waitFor();
  });

  it('have the quota of a role set, and removed when nothing is left of it', async () => {
    const { page, master } = dashboard;
    const lastQuota = () =>
      master.changes.findLast(({ body }) => /QUOTA/.test((body as { type: string }).type))?.body;
    await page.getByRole('button', { name: 'Set the quota of dev' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('CPU at most').fill('many');
    await dialog.getByRole('button', { name: 'Set' }).click();
    await dialog.getByRole('alert').getByText("'many' is no amount").waitFor();
    await dialog.getByLabel('CPU at most').fill('8');
    await dialog.getByRole('button', { name: 'Set' }).click();
    await expect.poll(lastQuota).toEqual({
      type: 'UPDATE_QUOTA',
      update_quota: {
        force: false,
        quota_configs: [
          {
            role: 'dev',
            guarantees: { cpus: { value: 1 } },
            limits: { cpus: { value: 8 }, mem: { value: 512 } },
          },
        ],
      },
    });
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Set the quota of dev' }).click();
    for (const label of ['CPU guaranteed', 'CPU at most', 'Memory (MiB) at most'])
      await dialog.getByLabel(label).fill('');
    await dialog.getByRole('button', { name: 'Set' }).click();
    await expect.poll(lastQuota).toEqual({ type: 'REMOVE_QUOTA', remove_quota: { role: 'dev' } });
  });
});
