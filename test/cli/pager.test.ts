import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attach, saveKnownCluster } from '../../src/cli/clusters/known-clusters.ts';
import { type FakeCluster, startFakeCluster, task } from './fake-cluster.ts';

let cluster: FakeCluster;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plenum-pager-'));
  const tasks = Array.from({ length: 30 }, (_, index) => task(`web.${index}`));
  cluster = await startFakeCluster({
    'GET /mesos/tasks': { body: { tasks } },
    'GET /mesos/slaves': { body: { slaves: [] } },
    'POST /mesos/api/v1': { body: { get_frameworks: { frameworks: [] } } },
  });
});

afterEach(async () => {
  await cluster.close();
  await rm(folder, { recursive: true });
});

const run = (args: readonly string[], { rows = 10, isTty = true, env = {} } = {}) =>
  cluster.run(args, { isTty, rows, env: { PAGER: `cat > ${join(folder, 'paged')}`, ...env } });

/** What the pager was given; undefined when there was none. */
const paged = async (): Promise<string | undefined> => {
  try {
    return await readFile(join(folder, 'paged'), 'utf8');
  } catch {
    return undefined;
  }
};

describe('the pager', () => {
  it('shows what is longer than the window, with its colours', async () => {
    const { code, stdout } = await run(['task', 'list']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect((await paged())?.trimEnd().split('\n')).toHaveLength(31);
    expect(await paged()).toContain('\u001b[1mNAME');
  });

  it('shows guides', async () => {
    await run(['help', 'environment']);
    expect(await paged()).toContain('PLENUM_PAGER');
  });

  it.each<[string, Parameters<typeof run>]>([
    ['what fits', [['task', 'list'], { rows: 40 }]],
    ['scripts', [['task', 'list'], { isTty: false }]],
    ['--no-pager', [['task', 'list', '--no-pager']]],
    ['--no-pager before the command', [['--no-pager', 'task', 'list']]],
    ['an empty PLENUM_PAGER', [['task', 'list'], { env: { PLENUM_PAGER: '' } }]],
    ['a PAGER that is cat', [['task', 'list'], { env: { PAGER: 'cat' } }]],
    ['a terminal that is dumb', [['task', 'list'], { env: { TERM: 'dumb' } }]],
  ])('is not there for %s', async (_what, [args, options]) => {
    const { code, stdout } = await run(args, options);
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(31);
    expect(await paged()).toBeUndefined();
  });

  it('is done without where there is no such program', async () => {
    const { stdout } = await run(['task', 'list'], { env: { PAGER: 'no-such-pager 2>/dev/null' } });
    expect(stdout.trimEnd().split('\n')).toHaveLength(31);
  });

  it('is switched off by a setting of the cluster', async () => {
    const settings = { 'core.pagination': 'false' };
    saveKnownCluster(folder, { name: 'one', url: cluster.server.url, settings });
    attach(folder, 'one');
    const env = { PLENUM_HOME: folder, PLENUM_CLUSTER: '' };
    expect((await run(['task', 'list'], { env })).stdout.trimEnd().split('\n')).toHaveLength(31);
  });
});
