import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { type ClientCluster, startClientCluster } from '../client-cluster.ts';
import { type InstalledPrograms, installPython } from '../installations.ts';
import { findPython } from '../runtimes.ts';
import { runProgram, startProgram } from '../start-program.ts';

/** The original command line of DC/OS, as it was published last for Python, which sees a cluster of DC/OS here. */

/** It was written when the abstract collections were in `collections` itself. */
const COLLECTIONS = `
import collections
import collections.abc

for name in collections.abc.__all__:
    if not hasattr(collections, name):
        setattr(collections, name, getattr(collections.abc, name))
`;

interface App {
  readonly tasksRunning: number;
  readonly deployments: readonly object[];
}

const python = findPython();

describe.skipIf(python === undefined)('the DC/OS command line', () => {
  let installed: InstalledPrograms;
  let cluster: ClientCluster;
  const toClose: (() => Promise<void>)[] = [];

  const settings = () => ({
    env: {
      HOME: installed.folder,
      DCOS_DIR: join(installed.folder, 'dcos-settings'),
      // It starts its subcommands from there.
      PATH: `${join(installed.folder, 'bin')}:${process.env.PATH}`,
      PYTHONWARNINGS: 'ignore',
    },
  });
  const dcos = async (...args: string[]): Promise<string> =>
    (await runProgram(installed.program('dcos'), args, settings())).stdout;
  const json = async <T>(...args: string[]): Promise<T> => JSON.parse(await dcos(...args, '--json'));
  const untilSaid = (text: string, ...args: string[]): Promise<string> =>
    waitFor(
      `dcos ${args.join(' ')} says ${text}`,
      async () => {
        const said = await dcos(...args);
        return said.includes(text) && said;
      },
      { timeoutMs: 60_000, everyMs: 200 },
    );
  const untilRuns = (app: string, count: number): Promise<true> =>
    waitFor(
      `${app} runs ${count} times`,
      async () => {
        const { tasksRunning, deployments } = JSON.parse(await dcos('marathon', 'app', 'show', app)) as App;
        return tasksRunning === count && deployments.length === 0;
      },
      { timeoutMs: 60_000, everyMs: 200 },
    );

  beforeAll(async () => {
    installed = await installPython(python ?? '', 'dcos-cli', {
      packages: [
        ...['setuptools==80.9.0', 'wheel==0.45.1', 'docopt==0.6.2', 'toml==0.10.2', 'jsonschema==2.6.0'],
        ...['prettytable==0.7.2', 'pygments==2.19.2', 'requests==2.32.5', 'six==1.17.0', 'PyJWT==1.4.2'],
        ...['cryptography>=45', 'retrying==1.3.3', 'pkginfo==1.12.1.2'],
      ],
      alone: ['dcos==0.6.1', 'dcoscli==0.6.1', 'sseclient==0.0.19', 'pager==3.3'],
      atStart: COLLECTIONS,
    });
    toClose.push(installed.remove);
    cluster = await startClientCluster();
    toClose.push(cluster.close);
    await dcos('cluster', 'setup', cluster.addresses.gateway, '--no-check');
  });
  afterAll(async () => {
    for (const close of toClose.reverse()) await close();
  });

  it('lists the nodes and the services', async () => {
    const nodes = await json<{ type: string; id: string }[]>('node');
    expect(nodes.map(({ type }) => type).sort()).toEqual(['agent', 'agent', 'master (leader)']);
    for (const { id } of cluster.addresses.agents) expect(nodes.map((node) => node.id)).toContain(id);
    // The job service may have registered too by now.
    expect(await json('service')).toContainEqual(expect.objectContaining({ name: 'marathon', active: true }));
  });

  it('adds an app, looks at its tasks and their output, changes it and removes it', async () => {
    const file = join(installed.folder, 'app.json');
    const app = { id: '/walk/web', cmd: 'echo it has begun; exec sleep 1000', cpus: 0.1, mem: 32 };
    await writeFile(file, JSON.stringify(app));
    expect(await dcos('marathon', 'app', 'add', file)).toMatch(/^Created deployment [0-9a-f-]{36}\n$/);
    await untilRuns('/walk/web', 1);

    const tasks = await json<{ id: string; name: string; state: string }[]>('task', 'walk_web');
    expect(tasks).toMatchObject([{ name: 'web.walk', state: 'TASK_RUNNING' }]);
    await untilSaid('it has begun', 'task', 'log', 'walk_web');
    expect(await dcos('task', 'ls', 'walk_web')).toContain('stdout');
    expect(await dcos('task', 'exec', 'walk_web', 'cat', 'stdout')).toBe('it has begun\n');
    const typed = await runProgram(
      installed.program('dcos'),
      ['task', 'exec', '--interactive', 'walk_web', 'tr', 'a-z', 'A-Z'],
      { ...settings(), input: 'typed here\n' },
    );
    expect(typed.stdout).toBe('TYPED HERE\n');

    await dcos('marathon', 'app', 'update', '/walk/web', 'instances=2');
    await untilRuns('/walk/web', 2);
    expect(await json<object[]>('marathon', 'task', 'list')).toHaveLength(2);
    expect(await json('marathon', 'group', 'list')).toMatchObject([{ id: '/walk' }]);

    await dcos('marathon', 'app', 'remove', '/walk/web');
    await waitFor('its tasks are gone', async () => (await json<object[]>('task', 'walk_web')).length === 0, {
      timeoutMs: 60_000,
      everyMs: 200,
    });
  });

  it('adds a pod, looks at it, kills an instance, changes it and removes it', async () => {
    interface Pod {
      readonly status: string;
      readonly spec: { readonly user?: string };
      readonly instances: readonly { readonly id: string; readonly containers: readonly object[] }[];
    }
    const exec = { command: { shell: 'sleep 1000' } };
    const resources = { cpus: 0.1, mem: 32 };
    const pod = {
      id: '/walk/pair',
      containers: ['one', 'two'].map((name) => ({ name, exec, resources })),
    };
    const show = async (): Promise<Pod> => JSON.parse(await dcos('marathon', 'pod', 'show', '/walk/pair'));
    const untilStable = (what: string, isSo: (shown: Pod) => boolean = () => true) =>
      waitFor(
        what,
        async () => {
          const shown = await show();
          return shown.status === 'STABLE' && isSo(shown) && shown;
        },
        { timeoutMs: 60_000, everyMs: 200 },
      );
    const file = join(installed.folder, 'pod.json');
    await writeFile(file, JSON.stringify(pod));
    const created = /^Created deployment [0-9a-f-]{36}\n$/;
    expect(await dcos('marathon', 'pod', 'add', file)).toMatch(created);
    const [instance] = (await untilStable('the pod is stable')).instances;
    expect(instance?.containers).toMatchObject([
      { name: 'one', status: 'TASK_RUNNING' },
      { name: 'two', status: 'TASK_RUNNING' },
    ]);
    const listed = await dcos('marathon', 'pod', 'list');
    expect(listed).toMatch(/^\/walk\/pair +1 +\S+Z +STABLE +\S+Z +False/m);
    expect(listed).toMatch(/^ \|-one *\n \|-two *$/m);

    const { id = '' } = instance ?? {};
    expect(await dcos('marathon', 'pod', 'kill', '/walk/pair', id)).toBe('');
    await untilStable('it has another incarnation', ({ instances }) =>
      JSON.stringify(instances).includes(`${id}.one.2`),
    );

    const changed = { ...pod, scaling: { kind: 'fixed', instances: 2 } };
    const update = await runProgram(installed.program('dcos'), ['marathon', 'pod', 'update', '/walk/pair'], {
      ...settings(),
      input: JSON.stringify(changed),
    });
    expect(update.stdout).toMatch(created);
    await untilStable('there are two instances', ({ instances }) => instances.length === 2);

    expect(await dcos('marathon', 'pod', 'remove', '/walk/pair')).toBe('');
    await waitFor('it is gone', async () => (await json<object[]>('marathon', 'pod', 'list')).length === 0, {
      timeoutMs: 60_000,
      everyMs: 200,
    });
  });

  it('finds a package, installs and uninstalls it', async () => {
    expect(await dcos('package', 'search', 'hello')).toContain('hello-world');
    expect(await dcos('package', 'install', 'hello-world', '--yes')).toContain(
      'Installing Marathon app for package [hello-world]',
    );
    expect(await json('package', 'list')).toMatchObject([{ name: 'hello-world', apps: ['/hello-world'] }]);
    await untilSaid('hello-world', 'service');
    await dcos('package', 'uninstall', 'hello-world', '--yes');
    await waitFor(
      'its service is gone',
      async () => !(await dcos('service')).includes('hello-world') && true,
      { timeoutMs: 60_000, everyMs: 200 },
    );
  });

  it('is told what does not exist', async () => {
    const { code, stderr } = await startProgram(
      installed.program('dcos'),
      ['marathon', 'app', 'show', '/nowhere'],
      settings(),
    ).ended;
    expect(code).toBe(1);
    expect(stderr).toContain("App '/nowhere' does not exist");
  });
});
