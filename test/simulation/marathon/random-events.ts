import { instanceIdOf } from '../../../src/marathon/core/ids.ts';
import { appKey } from '../../../src/marathon/core/keys.ts';
import type { RunSpec } from '../../../src/marathon/definitions/run-spec.ts';
import { refuseInvalid } from '../../../src/marathon/definitions/violation.ts';
import {
  putApp,
  putGroup,
  putRunSpecs,
  type RootGroup,
  removeGroup,
  removeRunSpecs,
  runSpecOf,
  runSpecsBelow,
  runSpecsOf,
} from '../../../src/marathon/groups/root-group.ts';
import { rootViolations } from '../../../src/marathon/groups/root-violations.ts';
import { markForRestart } from '../../../src/marathon/groups/stamp-versions.ts';
import { rootAt } from '../../../src/marathon/root-at.ts';
import type { MarathonWorld } from './marathon-world.ts';
import { pickFrom, randomApp, randomCount } from './random-app.ts';
import { randomPod } from './random-pod.ts';
import { randomResident } from './random-resident.ts';

const APP_IDS = ['/a', '/b', '/g/c', '/g/d', '/g/e', '/h/f'];
const POD_IDS = ['/p', '/g/q', '/h/r'];
const DEPENDENCIES: Readonly<Record<string, readonly string[]>> = { '/g/d': ['/g/c'] };
const GROUPS = ['/g', '/h'];
const MOST_EFFECTS = 12;

type Change = (root: RootGroup, version: string) => RootGroup;

/** What may happen, each with how often; the name is for those who look for the cause of a failure. */
const EVENTS: readonly (readonly [weight: number, name: string, happen: (world: MarathonWorld) => void])[] = [
  [10, 'an app is put', (world) => update(world, putRandomApp(world))],
  [6, 'a pod is put', (world) => update(world, putRandomPod(world))],
  [5, 'something with data is put', (world) => update(world, putRandomResident(world))],
  [10, 'an app or pod is scaled', (world) => update(world, scaleRandomly(world))],
  [6, 'an app or pod is restarted', (world) => update(world, restartRandomly(world))],
  [4, 'an app or pod is removed', (world) => update(world, removeRandomly(world))],
  [2, 'a group is removed', (world) => update(world, (root) => removeGroup(root, pick(world, GROUPS)))],
  [2, 'a group is scaled', (world) => update(world, scaleRandomGroup(world))],
  [1, 'a group gets dependencies', (world) => update(world, changeDependencies(world))],
  [2, 'an earlier root group is put back', (world) => update(world, rollBack(world))],
  [4, 'an instance is ended, and its app or pod scaled down', killAndScale],
  [4, 'an instance is ended', killInstance],
  [3, 'a deployment is cancelled', cancelDeployment],
  [4, 'a deployment is continued', continueDeployment],
  [
    2,
    'a delay is reset',
    (world) => void world.marathon.ask({ type: 'reset-delay', appId: pick(world, [...APP_IDS, ...POD_IDS]) }),
  ],
  [5, 'a task fails', failTask],
  [4, 'a task is sick', (world) => toggleSickness(world)],
  [
    2,
    'an app or pod keeps failing',
    (world) => void world.failing.add(safeName(pick(world, [...APP_IDS, ...POD_IDS]))),
  ],
  [3, 'nothing keeps failing', (world) => world.failing.clear()],
  [2, 'an agent dies', (world) => pick(world, world.agents).kill()],
  [2, 'a machine starts anew', (world) => pick(world, world.agents).reboot()],
  [6, 'an agent is back', (world) => pick(world, world.agents).start()],
  [2, 'an agent is cut off', (world) => pick(world, world.agents).cutOff()],
  [5, 'agents can be reached', (world) => reach(world)],
  [2, 'an agent loses its line', (world) => pick(world, world.agents).disconnect()],
  [2, 'the master dies', (world) => world.master.kill()],
  [6, 'the master is back', (world) => world.master.restart()],
  [2, 'Marathon loses its line', (world) => world.marathon.disconnect()],
  [1, 'Marathon is cut off', (world) => world.marathon.cutOff()],
  [2, 'Marathon dies', (world) => world.marathon.kill()],
  [
    5,
    'Marathon dies soon',
    (world) => world.marathon.killAfter(Math.floor(world.random.next() * MOST_EFFECTS)),
  ],
  [12, 'Marathon is back', (world) => world.marathon.restart()],
];
const TOTAL = EVENTS.reduce((sum, [weight]) => sum + weight, 0);

/** Something happens. Gives what it was. */
export const happen = (world: MarathonWorld): string => {
  let place = world.random.next() * TOTAL;
  for (const [weight, name, event] of EVENTS) {
    place -= weight;
    if (place >= 0) continue;
    event(world);
    return name;
  }
  return 'nothing';
};

const pick = <Item>({ random }: MarathonWorld, items: readonly Item[]): Item => pickFrom(random, items);

const safeName = (appId: string): string => appId.slice(1).replaceAll('/', '_');

/** As the API makes changes: what breaks a rule of the whole root group is refused. */
const update = (
  world: MarathonWorld,
  change: Change,
  toKill?: ReadonlyMap<string, readonly string[]>,
): void => {
  const checked: Change = (root, version) => {
    const after = change(root, version);
    refuseInvalid(rootViolations(root, after));
    return after;
  };
  const force = world.random.next() < 0.6;
  world.marathon.ask({
    type: 'update-root',
    update: { force, change: checked, ...(toKill ? { toKill } : {}) },
  });
};

const putRandomApp = (world: MarathonWorld): Change => {
  const id = pick(world, APP_IDS);
  const app = randomApp(world.random, id, DEPENDENCIES[id] ?? []);
  return (root) => putApp(root, app);
};

const putRandomPod = (world: MarathonWorld): Change => {
  const pod = randomPod(world.random, pick(world, POD_IDS));
  return (root) => putRunSpecs(root, [pod]);
};

const putRandomResident = (world: MarathonWorld): Change => {
  const spec = randomResident(world.random);
  return (root) => putRunSpecs(root, [spec]);
};

/** An app or a pod that is there changes; nothing does when there is none. */
const changeRandomly =
  (world: MarathonWorld, change: (spec: RunSpec, root: RootGroup, version: string) => RootGroup): Change =>
  (root, version) => {
    const specs = [...runSpecsOf(root)];
    return specs.length === 0 ? root : change(pick(world, specs), root, version);
  };

const scaleRandomly = (world: MarathonWorld): Change => {
  const instances = randomCount(world.random);
  return changeRandomly(world, (spec, root) => putRunSpecs(root, [{ ...spec, instances }]));
};

const restartRandomly = (world: MarathonWorld): Change =>
  changeRandomly(world, (spec, root, version) => putRunSpecs(root, [markForRestart(spec, version)]));

const removeRandomly = (world: MarathonWorld): Change =>
  changeRandomly(world, (spec, root) => removeRunSpecs(root, new Set([spec.id])));

const scaleRandomGroup = (world: MarathonWorld): Change => {
  const group = pick(world, GROUPS);
  const instances = randomCount(world.random);
  return (root) =>
    putRunSpecs(
      root,
      runSpecsBelow(root, group).map((spec) => ({ ...spec, instances })),
    );
};

const changeDependencies = (world: MarathonWorld): Change => {
  const dependencies = world.random.next() < 0.5 ? ['/g'] : [];
  return (root, version) => putGroup(root, { id: '/h', dependencies, version });
};

const rollBack = (world: MarathonWorld): Change => {
  const { state, store } = world.marathon;
  const version = state.rootHistory[Math.floor(world.random.next() * state.rootHistory.length)]?.version;
  const specAt = (id: string, at: string): RunSpec | undefined =>
    store.get(appKey(id, at)) as RunSpec | undefined;
  return (root) => (version === undefined ? root : (rootAt(state, version, specAt) ?? root));
};

function killAndScale(world: MarathonWorld): void {
  const { state } = world.marathon;
  const instance = [...state.instances.all()].find(
    ({ goal }) => goal === 'Running' && world.random.next() < 0.3,
  );
  const app = instance && runSpecOf(state.root, instance.appId);
  if (!app || app.instances === 0) return;
  update(
    world,
    (root) => putRunSpecs(root, [{ ...app, instances: app.instances - 1 }]),
    new Map([[app.id, [instance.id]]]),
  );
}

function killInstance(world: MarathonWorld): void {
  const instances = [...world.marathon.state.instances.all()];
  if (instances.length === 0) return;
  const instanceIds = [pick(world, instances).id];
  world.marathon.ask({ type: 'kill-instances', instanceIds, wipe: world.random.next() < 0.3 });
}

function cancelDeployment(world: MarathonWorld): void {
  const [id] = world.marathon.state.deployments.keys();
  if (id !== undefined) {
    world.marathon.ask({ type: 'cancel-deployment', id, force: world.random.next() < 0.5 });
  }
}

function continueDeployment(world: MarathonWorld): void {
  const chance = (probability: number): boolean => world.random.next() < probability;
  for (const { plan, rollouts } of world.marathon.state.deployments.values()) {
    if (rollouts === undefined) continue;
    world.marathon.ask({ type: 'continue-deployment', id: plan.id, all: chance(0.3), force: chance(0.3) });
  }
}

function failTask(world: MarathonWorld): void {
  const running = world.runningTasks();
  if (running.length === 0) return;
  const taskId = pick(world, running);
  for (const agent of world.agents) agent.fail(taskId);
}

const toggleSickness = (world: MarathonWorld): void => {
  const running = world.runningTasks().filter((id) => instanceIdOf(id) !== undefined);
  if (running.length === 0 || world.random.next() < 0.4) world.sick.clear();
  else world.sick.add(pick(world, running));
};

const reach = (world: MarathonWorld): void => {
  for (const agent of world.agents) agent.isCutOff = false;
};
