import { describe, expect, it } from 'vitest';
import { type Random, seededRandom } from '../../src/runtime/random.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { readSpec } from '../../src/sdk/service/read-spec.ts';
import type { ServiceSpec } from '../../src/sdk/service/spec.ts';
import { SimulatedCluster } from './simulated-cluster.ts';
import { SimulatedService } from './simulated-service.ts';

/** Services on virtual time, with everything dying at any moment: nothing may be lost, nothing be there twice. */

const DESCRIPTION = `
name: test
scheduler: { role: test-role }
templates:
  conf: "master={{NAME_0_NODE_HOST}}:{{NAME_0_NODE_PORT_RPC}}"
pods:
  name:
    volumes: [{ path: store, size: 100 }]
    tasks:
      format:
        goal: ONCE
        cmd: format
        cpus: 0.5
        memory: 100
        configs: { conf: { template: conf, dest: conf/it } }
      node:
        goal: RUNNING
        cmd: run
        cpus: 0.5
        memory: 128
        ports: { rpc: {}, http: {} }
        readiness-check: { http: { port: http }, interval: 1 }
  data:
    count: \${COUNT:-3}
    volumes: [{ path: blocks, size: 200 }]
    tasks:
      node:
        goal: RUNNING
        cmd: run
        cpus: 0.3
        memory: 64
        env: { COLOUR: "\${COLOUR:-red}" }
        ports: { data: {} }
        configs: { conf: { template: conf, dest: conf/it } }
  web:
    count: 2
    tasks:
      server: { goal: RUNNING, cmd: serve, cpus: 0.1, memory: 32 }
      helper: { goal: RUNNING, cmd: help, cpus: 0.1, memory: 32 }
plans:
  deploy:
    strategy: serial
    phases:
      name: { pod: name }
      data: { pod: data, strategy: parallel }
      web: { pod: web, strategy: parallel }
`;

const spec = (variables: Record<string, string> = {}): ServiceSpec =>
  readSpec({ name: 'test.yml', text: DESCRIPTION, variables, defaultUser: 'me' });

const RUNNING = [
  'data-0-node',
  'data-1-node',
  'data-2-node',
  'name-0-node',
  'web-0-helper',
  'web-0-server',
  'web-1-helper',
  'web-1-server',
];

interface World {
  clock: VirtualClock;
  random: Random;
  cluster: SimulatedCluster;
  service: SimulatedService;
}

const createWorld = (seed: number, description = spec()): World => {
  const clock = new VirtualClock();
  const random = seededRandom(seed);
  const cluster = new SimulatedCluster({ clock, random, agents: 3 });
  cluster.behave = ({ command }) => (command?.value?.endsWith('format') ? 'finish' : 'run');
  const service = new SimulatedService({ spec: description, cluster, clock, random });
  return { clock, random, cluster, service };
};

const names = ({ cluster }: World): string[] =>
  cluster
    .live()
    .map(({ info }) => info.name)
    .sort();

const until = (world: World, what: string, isTrue: () => boolean, longestMs = 10 * 60_000): void => {
  const { clock } = world;
  const deadline = clock.now() + longestMs;
  while (!isTrue()) {
    if (clock.now() > deadline) throw new Error(`Not in time: ${what}; ${storyOf(world)}`);
    clock.advance(100);
  }
};

/** What there is, for whoever reads why a test failed. */
const storyOf = ({ service, clock, cluster }: World): string => {
  const steps = service.core.plan(clock.now()).phases.flatMap(({ steps: all }) => all);
  const open = steps.filter(({ status }) => status !== 'COMPLETE');
  return JSON.stringify({
    open: open.map(({ target, status, message }) => [target.name, status, message]),
    rejections: [...service.core.rejections],
    instances: [...service.core.state.instances],
    isConnected: cluster.isConnected,
    interest: service.core.state.interest,
    live: cluster.live().map(({ info }) => info.name),
  });
};

const isDeployed = ({ service, clock }: World): boolean =>
  service.core.plan(clock.now()).status === 'COMPLETE';

const deployed = (world: World): World => {
  until(world, 'it is deployed', () => isDeployed(world));
  return world;
};

const volumes = ({ cluster }: World): Record<string, string> =>
  Object.fromEntries(
    cluster.volumes().map(({ id, agentId }) => [id.replace(/_[0-9a-f-]{36}$/, ''), `${agentId} ${id}`]),
  );

describe('a deployment', () => {
  it.each([
    ['as it was', false],
    ['without its memory', true],
  ])(
    'that is rolling renews what runs one after another, then what is new, by a scheduler %s',
    (_title, losesStore) => {
      const rolling = (variables: Record<string, string>): ServiceSpec => {
        const description = spec(variables);
        const phases = description.plan.phases.map((phase) => ({ ...phase, strategy: 'rolling' as const }));
        return { ...description, plan: { ...description.plan, phases } };
      };
      const world = deployed(createWorld(5, rolling({ COUNT: '2' })));
      const isData = (name: string): boolean => name.startsWith('data-');
      const begun = new Set(world.cluster.tasks.keys());
      world.service.die({ spec: rolling({ COUNT: '4', COLOUR: 'blue' }), losesStore });
      let fewest = 2;
      for (let passedMs = 0; !isDeployed(world) && passedMs < 60_000; passedMs++) {
        world.clock.advance(1);
        fewest = Math.min(fewest, names(world).filter(isData).length);
      }
      expect(isDeployed(world)).toBe(true);
      expect(fewest).toBe(1);
      const launches = [...world.cluster.tasks]
        .filter(([id]) => !begun.has(id))
        .map(([, { info }]) => info.name);
      expect(launches.slice(0, 2)).toEqual(['data-0-node', 'data-1-node']);
      expect(launches.slice(2).toSorted()).toEqual(['data-2-node', 'data-3-node']);
    },
  );

  it('goes in the order of the plan, and every instance has its volumes and ports', () => {
    const world = deployed(createWorld(1));
    expect(names(world)).toEqual(RUNNING);
    const launches = [...world.cluster.tasks.values()].map(({ info }) => info.name);
    expect(launches.slice(0, 2)).toEqual(['name-0-format', 'name-0-node']);
    expect(launches.slice(2, 5).toSorted()).toEqual(['data-0-node', 'data-1-node', 'data-2-node']);
    expect(Object.keys(volumes(world)).sort()).toEqual([
      'test_data-0_blocks',
      'test_data-1_blocks',
      'test_data-2_blocks',
      'test_name-0_store',
    ]);
    expect(world.cluster.problems).toEqual([]);
  });

  it('spreads the instances of a pod over the agents', () => {
    const { cluster } = deployed(createWorld(2));
    const agents = cluster
      .live()
      .filter(({ info }) => info.name.startsWith('data-'))
      .map(({ agentId }) => agentId);
    expect(new Set(agents).size).toBe(3);
  });

  it('tells tasks where the others are', () => {
    const { cluster, service } = deployed(createWorld(3));
    const command = cluster.live().find(({ info }) => info.name === 'data-0-node')?.info.command?.value;
    const place = service.core.state.instances.get('name-0');
    expect(command).toContain(`master=${place?.hostname}:${place?.ports['node.rpc']}`);
  });

  it('asks for no more offers when nothing is wanted', () => {
    const world = deployed(createWorld(4));
    world.clock.advance(1_000);
    expect(world.service.core.state.interest).toBe('suppressed');
  });
});

describe('a task that ends', () => {
  it('is started again in its place, on the same volume and ports', () => {
    const world = deployed(createWorld(5));
    const before = world.cluster.live().find(({ info }) => info.name === 'data-1-node');
    const volumesBefore = volumes(world);
    world.cluster.endTask(before?.info.task_id.value ?? '');
    until(world, 'it runs again', () => names(world).includes('data-1-node'));
    const after = world.cluster.live().find(({ info }) => info.name === 'data-1-node');
    expect(after?.info.task_id).not.toEqual(before?.info.task_id);
    expect(after?.agentId).toBe(before?.agentId);
    expect(after?.info.discovery).toEqual(before?.info.discovery);
    expect(volumes(world)).toEqual(volumesBefore);
  });

  it('is started again later and later when it ends at once', () => {
    const world = createWorld(6);
    world.cluster.behave = ({ name }) => (name === 'name-0-format' ? 'finish' : 'run');
    deployed(world);
    world.cluster.behave = () => 'finish';
    const [first] = world.cluster.live().filter(({ info }) => info.name === 'web-0-server');
    world.cluster.endTask(first?.info.task_id.value ?? '');
    world.clock.advance(5 * 60_000);
    const runs = [...world.cluster.tasks.values()].filter(({ info }) => info.name === 'web-0-server').length;
    expect(runs).toBeGreaterThan(5);
    expect(runs).toBeLessThan(16);
  });
});

describe('a changed description', () => {
  it('has the tasks that it changes started again, one after the other phase, with their volumes', () => {
    const world = deployed(createWorld(7));
    const kept = world.cluster.live().find(({ info }) => info.name === 'name-0-node');
    const volumesBefore = volumes(world);
    world.service.die({ spec: spec({ COLOUR: 'blue' }) });
    until(world, 'it is connected', () => world.cluster.isConnected);
    until(world, 'all are blue', () => {
      const data = world.cluster.live().filter(({ info }) => info.name.startsWith('data-'));
      const isBlue = ({ info }: (typeof data)[number]): boolean =>
        JSON.stringify(info.command?.environment).includes('"blue"');
      return data.length === 3 && data.every(isBlue) && isDeployed(world);
    });
    expect(world.cluster.live()).toContain(kept);
    expect(volumes(world)).toEqual(volumesBefore);
    expect(world.cluster.problems).toEqual([]);
  });

  it('may have more instances', () => {
    const world = deployed(createWorld(8));
    world.service.die({ spec: spec({ COUNT: '5' }) });
    until(
      world,
      'there are five',
      () => names(world).filter((name) => name.startsWith('data-')).length === 5,
    );
    deployed(world);
    expect(world.cluster.problems).toEqual([]);
  });
});

describe('an instance that is replaced', () => {
  it('starts again without its data, and what it had is given back', () => {
    const world = deployed(createWorld(9));
    const before = volumes(world);
    world.service.handle({ type: 'replace', instance: 'data-2' });
    until(world, 'it has another volume', () => {
      const id = volumes(world)['test_data-2_blocks'];
      return id !== undefined && id !== before['test_data-2_blocks'] && isDeployed(world);
    });
    until(world, 'the old one is gone', () => world.cluster.volumes().length === 4);
    const { 'test_data-2_blocks': _old, ...others } = before;
    expect(volumes(world)).toMatchObject(others);
    until(world, 'nothing is left to be destroyed', () => world.service.core.state.abandoned.size === 0);
    expect(world.cluster.problems).toEqual([]);
  });
});

const FAULTS: Record<string, (world: World) => void> = {
  'the scheduler dies': ({ service }) => service.die(),
  'the scheduler dies and forgets': ({ service }) => service.die({ losesStore: true }),
  'the connection breaks': ({ service }) => service.loseConnection(),
  'the master dies': ({ cluster, service }) => {
    cluster.failOver();
    service.loseConnection();
  },
  'a task dies': ({ cluster, random }) => {
    const live = cluster.live();
    const task = live[Math.floor(random.next() * live.length)];
    if (task) cluster.endTask(task.info.task_id.value);
  },
  'all dies': (world) => {
    for (const { info } of world.cluster.live()) world.cluster.endTask(info.task_id.value);
    world.cluster.failOver();
    world.service.die({ losesStore: world.random.next() < 0.5 });
  },
};

describe('whatever dies when', () => {
  it.each(Array.from({ length: 20 }, (_unused, seed) => seed + 100))(
    'no task is lost or there twice, and every volume is the one it was (seed %i)',
    (seed) => {
      const world = createWorld(seed);
      const { clock, random, cluster } = world;
      const seen = new Map<string, string>();
      const check = (): void => {
        const live = names(world);
        expect(new Set(live).size, `twice: ${live}`).toBe(live.length);
        for (const [name, id] of Object.entries(volumes(world))) {
          expect(id, `the volume ${name} is another one`).toBe(seen.get(name) ?? id);
          seen.set(name, id);
        }
        expect(cluster.volumes().length).toBe(seen.size);
        expect(cluster.problems).toEqual([]);
      };
      const faults = Object.values(FAULTS);
      const end = clock.now() + 5 * 60_000;
      while (clock.now() < end) {
        const quietUntil = clock.now() + random.next() * 20_000;
        while (clock.now() < quietUntil) {
          clock.advance(100);
          check();
        }
        faults[Math.floor(random.next() * faults.length)]?.(world);
      }
      until(world, 'all is well again', () => {
        check();
        return isDeployed(world) && names(world).join() === RUNNING.join();
      });
    },
  );
});
