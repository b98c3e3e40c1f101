import { isDeepStrictEqual } from 'node:util';
import { assess } from '../../../src/marathon/core/assess.ts';
import { definitionOf } from '../../../src/marathon/core/definition-of.ts';
import { InstanceIndex } from '../../../src/marathon/core/instance-index.ts';
import { loadState } from '../../../src/marathon/core/load-state.ts';
import { affectedSpecs } from '../../../src/marathon/core/planner.ts';
import type { MarathonState } from '../../../src/marathon/core/state.ts';
import { runSpecOf } from '../../../src/marathon/groups/root-group.ts';
import type { Store } from '../../../src/store/store.ts';
import { insist } from './insist.ts';

/** What must hold after every turn, whatever happened: what is kept beside the records agrees with the records. */
export const checkState = (state: MarathonState): void => {
  checkCounts(state);
  checkQueue(state);
  checkLocks(state);
};

/** A recount of everything gives what the index counted along the way. */
const checkCounts = (state: MarathonState): void => {
  const recount = new InstanceIndex((instance) => assess(state, instance));
  for (const instance of state.instances.all()) recount.put(instance);
  const { instances } = state;
  const ids = new Set([...specIds(state), ...instances.appIds(), ...recount.appIds()]);
  for (const id of ids) {
    const [kept, real] = [instances.counts(id), recount.counts(id)];
    insist(isDeepStrictEqual(kept, real), () => `${id} is counted as ${text(kept)}, and has ${text(real)}`);
    expectSame(instances.scheduled(id), recount.scheduled(id), `instances of ${id} that wait`);
  }
  expectSame(instances.launching, recount.launching, 'launches');
  expectSame(instances.unreachable, recount.unreachable, 'unreachable instances');
};

const specIds = ({ root }: MarathonState): string[] => [...root.apps.keys(), ...root.pods.keys()];

const checkQueue = (state: MarathonState): void => {
  const { queue, instances, health, readiness } = state;
  for (const id of new Set([...specIds(state), ...instances.appIds()])) {
    const isWaiting = instances.scheduled(id).size > 0;
    insist(queue.has(id) === isWaiting, () => `${id} is ${isWaiting ? 'missing in' : 'left in'} the queue`);
  }
  for (const id of [...health.keys(), ...readiness.keys()]) {
    insist(instances.get(id) !== undefined, () => `something is still known of ${id}, which is gone`);
  }
};

const checkLocks = ({ deployments, locks, openActions }: MarathonState): void => {
  for (const [app, id] of locks) {
    const plan = deployments.get(id)?.plan;
    insist(plan !== undefined, () => `${app} is locked by ${id}, which is over`);
  }
  const locked = new Set<string>();
  for (const { plan } of deployments.values()) {
    insist((openActions.get(plan.id)?.size ?? 0) > 0, () => `${plan.id} has nothing left to do, and goes on`);
    for (const app of affectedSpecs(plan.steps)) {
      insist(!locked.has(app), () => `${app} is changed by two deployments`);
      insist(locks.get(app) === plan.id, () => `${app} is not locked by ${plan.id}, which changes it`);
      locked.add(app);
    }
  }
  insist(openActions.size === deployments.size, () => 'actions of deployments that are over are still open');
};

/** An engine that started from the store now would know the same. */
export const checkReload = (state: MarathonState, store: Store): void => {
  const reloaded = loadState(store, 0);
  const facts = durable(state);
  const found = durable(reloaded);
  for (const [name, value] of Object.entries(facts)) {
    insist(
      isDeepStrictEqual(value, found[name]),
      () => `${name} in the store: ${text(found[name])}, in memory: ${text(value)}`,
    );
  }
  for (const instance of state.instances.all()) {
    insist(
      isDeepStrictEqual(plain(definitionOf(state, instance)), definitionOf(reloaded, instance)),
      () => `${instance.id} would have another definition after a restart`,
    );
  }
};

/** After a change of the root group no more is kept of the past than should be, but for what instances still run. */
export const checkBounds = (state: MarathonState, maxVersions: number): void => {
  insist(state.rootHistory.length <= maxVersions, () => `${state.rootHistory.length} root groups are kept`);
  for (const [id, versions] of state.appVersions) {
    const inUse = new Set(state.instances.ofApp(id).map(({ appVersion }) => appVersion));
    const bound = maxVersions + inUse.size;
    insist(versions.length <= bound, () => `${versions.length} versions of ${id} are kept`);
    const isRemembered =
      runSpecOf(state.root, id) !== undefined ||
      inUse.size > 0 ||
      state.rootHistory.some(({ apps }) => id in apps);
    insist(isRemembered, () => `versions of ${id} are kept for nobody`);
  }
};

const durable = (state: MarathonState): Record<string, unknown> => ({
  frameworkId: state.frameworkId,
  'the root group': {
    version: state.root.version,
    apps: sorted(state.root.apps),
    pods: sorted(state.root.pods),
    groups: sorted(state.root.groups),
  },
  'versions of apps': sorted(state.appVersions),
  'the history': plain(state.rootHistory),
  instances: plain([...state.instances.all()].sort((one, other) => (one.id < other.id ? -1 : 1))),
  deployments: sorted(state.deployments),
  'ended deployments': sorted(state.endedDeployments),
  releases: sorted(state.releases),
  failures: sorted(state.failures),
  'endings of pods': sorted(state.podEndings),
});

/** As JSON keeps it: without what is undefined, and in the order of keys. */
const sorted = (values: ReadonlyMap<string, unknown>): unknown[] =>
  [...values].sort(([one], [other]) => (one < other ? -1 : 1)).map(plain);

const plain = <Value>(value: Value): Value =>
  value === undefined ? value : (JSON.parse(JSON.stringify(value)) as Value);

const expectSame = (kept: ReadonlySet<string>, real: ReadonlySet<string>, what: string): void =>
  insist(
    isDeepStrictEqual(new Set(kept), new Set(real)),
    () => `${what}: ${text([...kept])}, not ${text([...real])}`,
  );

const text = (value: unknown): string => JSON.stringify(value);
