import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { type ClientCluster, endsOf, startClientCluster } from '../client-cluster.ts';
import { type InstalledPrograms, installPython } from '../installations.ts';
import { findPython } from '../runtimes.ts';
import { startProgram } from '../start-program.ts';

/** pymesos: JSON over raw sockets, a scheduler, an executor, operators, and commands run elsewhere. */

/**
 * What the setup of http-parser asks for: `imp`, which is gone since Python 3.12, and whether this is PyPy. If it were,
 * it would leave its C part out, which today's compilers refuse, and which pymesos does not need.
 */
const IMP = `
import sys
from importlib.util import module_from_spec, spec_from_file_location

sys.pypy_version_info = sys.version_info

def load_source(name, path):
    spec = spec_from_file_location(name, path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
`;

const python = findPython();

/** What the programs beside this file say; see said.py. */
interface Said {
  readonly event: string;
  readonly [detail: string]: unknown;
}

const sayings = (stdout: string): Said[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Said);

describe.skipIf(python === undefined)('pymesos', () => {
  let installed: InstalledPrograms;
  let cluster: ClientCluster;
  const toClose: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    installed = await installPython(python ?? '', 'pymesos', {
      packages: ['setuptools==80.9.0', 'wheel==0.45.1', 'addict==2.4.0', 'six==1.17.0', 'kazoo==2.10.0'],
      alone: ['http-parser==0.9.0', 'pymesos==0.3.15'],
      whileBuilding: { imp: IMP },
    });
    toClose.push(installed.remove);
    cluster = await startClientCluster();
    toClose.push(cluster.close);
  });
  afterAll(async () => {
    for (const close of toClose.reverse()) await close();
  });

  const file = (name: string): string => join(import.meta.dirname, name);
  const start = (name: string, args: readonly string[], env: Record<string, string> = {}) =>
    startProgram(installed.program('python'), [file(name), ...args], {
      env: { PYTHONDONTWRITEBYTECODE: '1', ...env },
    });
  const run = async (
    name: string,
    args: readonly string[],
    env?: Record<string, string>,
  ): Promise<Said[]> => {
    const { code, stdout, stderr } = await start(name, args, env).ended;
    expect(code, stdout + stderr).toBe(0);
    return sayings(stdout);
  };
  const fates = (name: string): readonly string[] => [
    cluster.master,
    `PYTHONDONTWRITEBYTECODE=1 exec '${installed.program('python')}' '${file('executor.py')}'`,
    name,
  ];

  it('runs a scheduler and an executor that talk to each other', async () => {
    const said = await run('scheduler.py', fates('fates'));
    const updates = (task: string) =>
      said.filter((one) => one.task === task).map(({ event: _, task: __, ...update }) => update);
    const running = { state: 'TASK_RUNNING', message: null, reason: null, data: null };

    expect(updates('finish')).toEqual([running, { ...running, state: 'TASK_FINISHED', data: 'the result' }]);
    expect(updates('fail')).toEqual([
      running,
      { ...running, state: 'TASK_FAILED', message: 'as it was told to' },
    ]);
    expect(updates('talk')).toEqual([running, { ...running, state: 'TASK_FINISHED' }]);
    expect(updates('wait')).toEqual([running, { ...running, state: 'TASK_KILLED' }]);
    expect(updates('never was')).toMatchObject([{ state: 'TASK_LOST', reason: 'REASON_RECONCILIATION' }]);
    expect(said.filter(({ event }) => event === 'message')).toEqual([
      { event: 'message', executor: 'fates', text: 'desserts' },
    ]);
    expect(endsOf(await cluster.until('fates', 'is torn down', ({ active }) => !active))).toEqual({
      finish: 'TASK_FINISHED',
      fail: 'TASK_FAILED',
      talk: 'TASK_FINISHED',
      wait: 'TASK_KILLED',
    });
  });

  it('takes a scheduler back, which finds its task as it left it', async () => {
    const before = await run('returning.py', [cluster.master, 'returning']);
    expect(before.at(-1)).toMatchObject({ event: 'update', state: 'TASK_RUNNING' });
    const gone = await cluster.until('returning', 'is disconnected', ({ active }) => !active);
    expect(gone.tasks.map(({ id, state }) => [id, state])).toEqual([['stays', 'TASK_RUNNING']]);

    const after = await run('returning.py', [cluster.master, 'returning', gone.id]);
    expect(after[0]).toEqual({ event: 'reregistered' });
    expect(after).toContainEqual({ event: 'update', state: 'TASK_RUNNING', reason: 'REASON_RECONCILIATION' });
    expect(after.at(-1)).toMatchObject({ event: 'update', state: 'TASK_KILLED' });
    const ended = await cluster.until('returning', 'is torn down', ({ tasks }) => tasks.length === 0);
    expect(endsOf(ended)).toEqual({ stays: 'TASK_KILLED' });
  });

  it("answers an operator's calls to the master and to an agent", async () => {
    const [agent] = cluster.addresses.agents;
    const said = await run('operator_calls.py', [
      cluster.master,
      new URL(agent?.url ?? '').host,
      agent?.id ?? '',
    ]);
    const about = Object.fromEntries(said.map(({ event, ...details }) => [event, details]));
    const disk = { mib: 64, is_volume: false };
    expect(about).toMatchObject({
      health: { healthy: true },
      version: { version: '1.11.0' },
      master: { port: Number(new URL(cluster.addresses.master).port) },
      metrics: { agents: [2] },
      weights: { weights: [{ role: 'operated', weight: 2.5 }] },
      reserveResources: { disks: [disk] },
      createVolumes: { disks: [{ ...disk, is_volume: true }] },
      destroyVolumes: { disks: [disk] },
      unreserveResources: { disks: [] },
      maintenance: { machines: [{ hostname: 'elsewhere', ip: '192.0.2.1' }] },
      'agent health': { healthy: true },
      containers: {},
      logging: { level: 1 },
    });
  });

  it('tells an operator all that happens', async () => {
    const operator = start('operator_events.py', [cluster.master, 'watched']);
    await waitFor('the operator is subscribed', () => operator.output.stdout.includes('\n'), {
      timeoutMs: 60_000,
    });
    await run('scheduler.py', fates('watched'));
    const { code, stdout, stderr } = await operator.ended;
    expect(code, stderr).toBe(0);

    const [subscribed, ...events] = sayings(stdout);
    expect(subscribed).toEqual({ event: 'subscribed', agents: 2 });
    expect(events.find(({ event }) => event === 'framework_added')).toEqual({
      event: 'framework_added',
      name: 'watched',
    });
    const of = (task: string) => events.filter((one) => one.task === task).map(({ state }) => state);
    expect(of('finish')).toEqual(['TASK_STAGING', 'TASK_RUNNING', 'TASK_FINISHED']);
    expect(of('fail')).toEqual(['TASK_STAGING', 'TASK_RUNNING', 'TASK_FAILED']);
    expect(of('talk')).toEqual(['TASK_STAGING', 'TASK_RUNNING', 'TASK_FINISHED']);
    expect(of('wait')).toEqual(['TASK_STAGING', 'TASK_RUNNING', 'TASK_KILLED']);
    expect(events.at(-1)).toEqual({ event: 'framework_removed', name: 'watched' });
  });

  it('runs commands on agents as if they were processes of their own', async () => {
    const said = await run('remote_commands.py', [], { MESOS_MASTER: cluster.master });
    expect(said).toEqual([
      { event: 'output', text: 'hello\n/\n' },
      { event: 'code', code: 3 },
      { event: 'error', code: 1 },
      { event: 'ended', code: -15 },
    ]);
  });
});
