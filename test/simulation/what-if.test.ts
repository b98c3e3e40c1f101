import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/simulation/load-scenario.ts';
import { runSimulation } from '../../src/simulation/run-simulation.ts';

type Json = Record<string, unknown>;

/** What a real Mesos answered while a task ran. */
const busyState = async (): Promise<{ slaves: Json[]; frameworks: { tasks: Json[] }[] } & Json> =>
  JSON.parse(await readFile(join(import.meta.dirname, '../master/fixtures/busy-master-state.json'), 'utf8'));

const ask = async (state: unknown, { kill, apps }: { kill?: string; apps?: unknown }) => {
  const scenario = await loadScenario({
    situation: { name: 'state.json', state, apps },
    strikes: kill === undefined ? [] : [{ type: 'kill', selector: kill }],
    readFile: async () => '',
  });
  return runSimulation(scenario);
};

describe('what if', () => {
  it('is answered from the state of a real Mesos: its only agent dies, its task has no place', async () => {
    const report = await ask(await busyState(), { kill: 'rack=r1' });
    expect(report.agents).toEqual({ planned: 1, registered: 0, unreachable: 1 });
    expect(report.left.unserved).toMatchObject([
      {
        framework: 'mesos-execute instance',
        app: 'sleeper',
        waiting: 1,
        displaced: 1,
        reason: 'there are no agents',
      },
    ]);
  });

  it('changes nothing when nothing dies', async () => {
    const report = await ask(await busyState(), {});
    expect(report.used).toMatchObject({ cpus: 1, mem: 128 });
    expect(report.left).toMatchObject({ unserved: [], free: { cpus: 3, mem: 8064 } });
    expect(report.apps).toMatchObject([{ app: 'sleeper', lost: 0, started: 0 }]);
  });

  it('says which tasks of which app move where, and heeds constraints that Marathon knows', async () => {
    const state = await busyState();
    const [slave] = state.slaves;
    const [framework] = state.frameworks;
    const [task] = framework?.tasks ?? [];
    const slaves = [1, 2, 3].map((number) => ({
      ...slave,
      id: `S${number}`,
      hostname: `host-${number}`,
      attributes: { rack: `r${number}` },
    }));
    const tasks = [1, 2, 3].flatMap((number) =>
      ['db.shop', 'web.shop'].map((name) => ({
        ...task,
        id: `${name}.${number}`,
        name,
        slave_id: `S${number}`,
      })),
    );
    const cluster = { ...state, slaves, frameworks: [{ ...framework, name: 'marathon', tasks }] };
    const apps = [{ id: '/shop/db', constraints: [['hostname', 'UNIQUE']] }];
    const report = await ask(cluster, { kill: 'hostname=host-1', apps });
    expect(report.moves).toMatchObject([{ app: '/shop/web', taskId: 'web.shop.1', from: 'host-1' }]);
    expect(report.left.unserved).toMatchObject([{ app: '/shop/db', waiting: 1, displaced: 1, room: 0 }]);
    expect(report.apps.map(({ app, lost, moved }) => [app, lost, moved])).toEqual([
      ['/shop/db', 1, 0],
      ['/shop/web', 1, 1],
    ]);
  });

  it.each([
    [[], "state.json: is no master's /state: it has no slaves and frameworks"],
    [{ slaves: [null], frameworks: [] }, 'state.json: /slaves/0: is no object'],
    [{ slaves: [{ id: 'S0' }], frameworks: [] }, 'state.json: /slaves/0/hostname: is missing, or no text'],
    [
      { slaves: [{ id: 'S0', hostname: 'h', resources: { cpus: -1 } }], frameworks: [] },
      'state.json: /slaves/0/resources/cpus: is no amount of a resource',
    ],
    [
      { slaves: [], frameworks: [{ id: 'F', tasks: [{}] }] },
      'state.json: /frameworks/0/tasks/0/slave_id: is missing, or no text',
    ],
  ])('refuses what is no state (%#)', async (state, message) => {
    await expect(ask(state, { kill: 'all' })).rejects.toThrow(message);
  });

  it('is refused for agents that are not there, with those that are', async () => {
    const state = await busyState();
    await expect(ask(state, { kill: 'rack=r9' })).rejects.toThrow(
      /--kill: "rack=r9" selects no agents: none is like that; there are .*rack=r1.*hostname=/,
    );
    await expect(ask(state, { kill: 'rack' })).rejects.toThrow(/write attribute=value or hostname=glob/);
  });
});
