import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { createPackageCluster, EVENTUALLY, type PackageCluster } from './support/package-cluster.ts';

/** The smallest service, which needs nothing but a shell, used as its notes say: by the commands alone. */

let cluster: PackageCluster;

/** Lines that the task hello has written into its volume, in all of its lives. */
const greetings = async (): Promise<string[]> => {
  const text = await cluster.home.must('task', 'exec', 'hello-0-server', 'cat', 'hello-data/output');
  return text.trimEnd().split('\n');
};

const untilGreeted = (...lines: string[]): Promise<true> =>
  waitFor(
    lines.join(', '),
    async () => JSON.stringify(await greetings()) === JSON.stringify(lines),
    EVENTUALLY,
  );

const GREETING = 'hello from hello-0-server';

describe('hello-world', () => {
  beforeAll(async () => {
    cluster = await createPackageCluster(1);
    await cluster.install('hello-world');
  });

  afterAll(() => cluster?.remove());

  it('runs both of its pods when package install --wait returns', async () => {
    expect([...(await cluster.tasks()).keys()].sort()).toEqual([
      'hello-0-server',
      'hello-world',
      'world-0-server',
      'world-1-server',
    ]);
    await untilGreeted(GREETING);
    const plan = await cluster.home.json<{ status: string }[]>('service', 'plan', 'hello-world');
    expect(plan.map(({ status }) => status)).toEqual(['COMPLETE', 'COMPLETE', 'COMPLETE']);
  });

  it('keeps what it wrote when it is killed with -9', async () => {
    await cluster.killTask('hello-0-server');
    await untilGreeted(GREETING, GREETING);
  });

  it('greets otherwise, and keeps what it wrote, when its options are changed', async () => {
    const change = ['--set', 'hello.greeting=good day', '--set', 'world.count=3', '--yes', '--wait'];
    await cluster.home.must('package', 'update', 'hello-world', ...change);
    await untilGreeted(GREETING, GREETING, 'good day from hello-0-server');
    expect((await cluster.tasks('world-')).size).toBe(3);
  });

  it('leaves nothing when it is uninstalled', () => cluster.uninstallLeavingNothing('hello-world'));
});
