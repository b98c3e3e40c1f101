import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeUpstream, type Received, startFakeUpstream } from './fake-upstream.ts';
import { type DashboardPage, hasBrowser, openDashboard } from './page-harness.ts';

const ROOT = '/frameworks/f/executors/web.1/runs/latest';
const statuses = [
  { state: 'TASK_STARTING', timestamp: 1 },
  {
    state: 'TASK_RUNNING',
    timestamp: 2,
    container_status: { container_id: { value: 'c1' } },
    message: 'it runs',
  },
];
const task = {
  id: 'web.1',
  name: 'web',
  framework_id: 'f',
  executor_id: '',
  slave_id: 'm-S0',
  state: 'TASK_RUNNING',
  resources: { cpus: 1, mem: 64, disk: 0 },
  statuses,
  labels: [{ key: 'team', value: '<b>x</b>' }],
};

describe.runIf(hasBrowser)('a task', () => {
  let dashboard: DashboardPage;
  let agent: FakeUpstream;
  let cpuSeconds = 0;
  let stdout = 'first line\nsecond <script>window.isHit=true</script>\n';

  beforeAll(async () => {
    dashboard = await openDashboard();
    const read = ({ body }: Received) => {
      const { offset, length = 65_536 } = (body as { read_file: { offset: number; length?: number } })
        .read_file;
      const data = Buffer.from(stdout)
        .subarray(offset, offset + length)
        .toString('base64');
      return { type: 'READ_FILE', read_file: { data, size: stdout.length } };
    };
    agent = await startFakeUpstream({
      'GET /files/debug': { [ROOT]: '/files/somewhere' },
      'POST /api/v1': read,
      'GET /files/read': () => ({ data: '', offset: stdout.length }),
      'GET /containers': () => {
        cpuSeconds += 100;
        const statistics = {
          cpus_user_time_secs: cpuSeconds,
          mem_rss_bytes: 2 ** 20,
          mem_limit_bytes: 2 ** 26,
          processes: 3,
        };
        return [{ container_id: 'c1', statistics }];
      },
      'GET /files/browse': ({ url }: Received) => {
        const path = new URL(url, 'http://agent').searchParams.get('path') ?? '';
        return path.endsWith('/logs')
          ? [
              {
                path: `${path}/inner.txt`,
                size: 3,
                mode: '-rw-r--r--',
                mtime: 1,
                nlink: 1,
                uid: 'a',
                gid: 'a',
              },
            ]
          : [
              {
                path: `${path}/logs`,
                size: 4096,
                mode: 'drwxr-xr-x',
                mtime: 1,
                nlink: 1,
                uid: 'a',
                gid: 'a',
              },
              {
                path: `${path}/stdout`,
                size: 2048,
                mode: '-rw-r--r--',
                mtime: 1,
                nlink: 1,
                uid: 'a',
                gid: 'a',
              },
            ];
      },
    });
    const { master } = dashboard;
    const { hostname, port } = new URL(agent.url);
    master.answer('GET /slaves', {
      slaves: [{ id: 'm-S0', hostname, port: Number(port), pid: `slave(1)@${hostname}:${port}` }],
    });
    master.answer('GET /tasks', { tasks: [task] });
    await dashboard.show('tasks/web.1');
  });

  afterAll(async () => {
    await dashboard?.close();
    await agent?.close();
  });

  it('shows where it runs and what it says', async () => {
    const { page } = dashboard;
    await page.getByText('it runs').waitFor();
    await page.getByText('team=<b>x</b>').waitFor();
    await page.getByText('cpus 1, mem 64 MiB').waitFor();
  });

  it('shows what it prints as it comes, as text', async () => {
    const { page } = dashboard;
    const log = page.getByRole('log');
    await log.getByText('first line').waitFor();
    stdout += 'third line\n';
    await log.getByText('third line').waitFor();
    expect(await page.evaluate(() => 'isHit' in window)).toBe(false);
  });

  it('shows only the lines that are looked for', async () => {
    const { page } = dashboard;
    await page.getByLabel('Only lines with').fill('THIRD');
    await expect.poll(() => page.getByRole('log').textContent()).toBe('third line');
    await page.getByLabel('Only lines with').fill('');
  });

  it('has its files listed folder by folder, each to be downloaded', async () => {
    const { page } = dashboard;
    await page.getByRole('tab', { name: 'Files' }).click();
    const link = page.getByRole('link', { name: 'stdout' });
    expect(await link.getAttribute('href')).toBe(
      `/agent/m-S0/files/download?path=${encodeURIComponent(`${ROOT}/stdout`)}`,
    );
    await page.getByRole('button', { name: 'logs/' }).click();
    await page.getByRole('link', { name: 'inner.txt' }).waitFor();
    await page.getByRole('button', { name: 'sandbox' }).click();
    await link.waitFor();
  });

  it('shows what it uses of what it was given', async () => {
    const { page } = dashboard;
    await page.getByRole('tab', { name: 'Usage' }).click();
    await page.getByText('1 MiB / 64 MiB').waitFor();
    // A hundred seconds of a processor in the few between two looks.
    await page.getByText(/^\d[\d.,]* \/ 1$/).waitFor();
    await page
      .getByRole('img', { name: 'Memory over the last five minutes: 1 MiB at last, 1 MiB at most' })
      .waitFor();
    await page.getByRole('img', { name: /^Processors over the last five minutes: \d/ }).waitFor();
  });

  it('tells its states', async () => {
    const { page } = dashboard;
    await page.getByRole('tab', { name: 'States' }).click();
    await page.getByRole('row', { name: /starting/ }).waitFor();
  });

  it('that the master has forgotten is said to be unknown, and what its log is refused with is shown', async () => {
    const { page, master, show } = dashboard;
    await show('tasks/web.2');
    await page.getByText('The master does not know this task').waitFor();
    master.answer('GET /tasks', { tasks: [{ ...task, id: 'web.3', slave_id: 'gone' }] });
    await show('tasks/web.3');
    await page.getByRole('alert').getByText(/gone/).first().waitFor();
  });
});
