import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { type ClientCluster, startClientCluster } from '../client-cluster.ts';
import { type InstalledPrograms, installPython } from '../installations.ts';
import { findPython } from '../runtimes.ts';
import { runProgram } from '../start-program.ts';

/** Mesos' own command line, in the form in which it is still kept up. */

const python = findPython();

describe.skipIf(python === undefined)('the Mesos command line', () => {
  let installed: InstalledPrograms;
  let cluster: ClientCluster;
  const toClose: (() => Promise<void>)[] = [];

  const mesos = async (...args: string[]): Promise<string> => {
    const { stdout } = await runProgram(
      installed.program('python'),
      ['-m', 'avmesos.cli.mesos-cli', ...args],
      { env: { HOME: installed.folder } },
    );
    return stdout;
  };

  beforeAll(async () => {
    installed = await installPython(python ?? '', 'mesos-cli', {
      packages: [
        ...['setuptools==80.9.0', 'wheel==0.45.1', 'docopt==0.6.2', 'toml==0.10.2', 'kazoo==2.10.0'],
        ...['requests==2.32.5', 'tenacity==9.1.2', 'ujson>=5.10'],
      ],
      alone: ['avmesos-cli==1.3.0'],
    });
    toClose.push(installed.remove);
    cluster = await startClientCluster();
    toClose.push(cluster.close);
    await mkdir(join(installed.folder, '.mesos'));
    await writeFile(
      join(installed.folder, '.mesos', 'config.toml'),
      `[master]\n  address = "${cluster.master}"\n`,
    );
  });
  afterAll(async () => {
    for (const close of toClose.reverse()) await close();
  });

  it('lists agents, frameworks and tasks', async () => {
    const agents = await mesos('agent', 'list');
    for (const { id } of cluster.addresses.agents) expect(agents).toMatch(new RegExp(`^${id} .* True`, 'm'));
    expect(await mesos('framework', 'list')).toMatch(/ True +\S+ +marathon/);

    const file = join(installed.folder, 'app.json');
    const app = { id: '/listed', cmd: 'exec sleep 1000', cpus: 0.1, mem: 32 };
    await writeFile(file, JSON.stringify(app));
    await cluster.home.must('marathon', 'app', 'add', file, '--wait', '--timeout', '60');
    const [task] = await cluster.home.json<{ id: string }[]>('task', 'list', 'listed');
    expect(await mesos('task', 'list')).toContain(task?.id);
    const inspected = JSON.parse(await mesos('task', 'inspect', task?.id ?? '')) as object;
    expect(inspected).toMatchObject({ id: task?.id, state: 'TASK_RUNNING' });

    await cluster.home.must('marathon', 'app', 'remove', '/listed', '--wait', '--timeout', '60');
    await waitFor('it has ended', async () => /TASK_KILLED/.test(await mesos('task', 'list', '--all')), {
      timeoutMs: 60_000,
      everyMs: 200,
    });
  });
});
