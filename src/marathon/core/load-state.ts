import type { Store } from '../../store/store.ts';
import type { RunSpec } from '../definitions/run-spec.ts';
import type { EndedDeployment, TaskFailure } from '../engine.ts';
import {
  EPOCH,
  emptyRootGroup,
  type Group,
  putRunSpecs,
  type RootGroup,
  runSpecOf,
} from '../groups/root-group.ts';
import { emptyState } from './empty-state.ts';
import type { Instance } from './instance.ts';
import { appIdOfKey, appKey, appVersionsKey, FRAMEWORK_KEY, ROOT_KEY } from './keys.ts';
import type { PodEnding } from './pods/pod-ending.ts';
import { newQueueEntry } from './queue-entry.ts';
import type { Release } from './resident/release.ts';
import type { Deployment, MarathonState, RootHistoryEntry } from './state.ts';

/** Reads what an earlier life has left. The store holds only what this engine wrote. */
export const loadState = (store: Store, nowMs: number): MarathonState => {
  const state = emptyState();
  state.frameworkId = (store.get(FRAMEWORK_KEY) as { id: string } | undefined)?.id;
  state.root = loadRoot(store);
  state.rootHistory = values<RootHistoryEntry>(store, 'roots/');
  for (const { key } of store.range('apps/')) {
    const appId = appIdOfKey(key);
    const version = key.slice(appVersionsKey(appId).length);
    const versions = state.appVersions.get(appId);
    if (versions) versions.push(version);
    else state.appVersions.set(appId, [version]);
    state.overfullApps.add(appId);
  }
  for (const failure of values<TaskFailure>(store, 'failures/')) state.failures.set(failure.appId, failure);
  for (const { key, value } of store.range('pod-endings/')) {
    state.podEndings.set(appIdOfKey(key), value as readonly PodEnding[]);
  }
  for (const release of values<Release>(store, 'releases/')) state.releases.set(release.instanceId, release);
  const deployments = values<Deployment>(store, 'deployments/');
  deployments.sort((one, other) => (one.plan.version < other.plan.version ? -1 : 1));
  for (const deployment of deployments) state.deployments.set(deployment.plan.id, deployment);
  const ended = values<EndedDeployment>(store, 'ended-deployments/');
  ended.sort((one, other) => one.endedAtMs - other.endedAtMs);
  for (const deployment of ended) state.endedDeployments.set(deployment.id, deployment);
  for (const instance of values<Instance>(store, 'instances/')) {
    loadFormerApp(store, state, instance);
    state.instances.put(instance);
  }
  for (const appId of state.instances.appIds()) {
    if (state.instances.scheduled(appId).size > 0) state.queue.set(appId, newQueueEntry(nowMs));
  }
  return state;
};

const values = <Value>(store: Store, prefix: string): Value[] =>
  [...store.range(prefix)].map(({ value }) => value as Value);

const loadRoot = (store: Store): RootGroup => {
  const root = store.get(ROOT_KEY) as { version: string } | undefined;
  if (root === undefined) return emptyRootGroup(EPOCH);
  const groups = values<Group>(store, 'groups/');
  const specs = [...store.range('root-apps/')].map(({ key, value }) => {
    const id = appIdOfKey(key);
    return store.get(appKey(id, String(value))) as RunSpec;
  });
  const empty = emptyRootGroup();
  const kept = new Map([...empty.groups, ...groups.map((group) => [group.id, group] as const)]);
  return putRunSpecs({ ...empty, version: root.version, groups: kept }, specs);
};

/** The definition that an instance runs, when the app has another by now. */
const loadFormerApp = (store: Store, state: MarathonState, { appId, appVersion }: Instance): void => {
  if (runSpecOf(state.root, appId)?.version === appVersion) return;
  const definition = store.get(appKey(appId, appVersion)) as RunSpec | undefined;
  if (definition === undefined) return;
  const former = state.formerApps.get(appId) ?? new Map<string, RunSpec>();
  state.formerApps.set(appId, former.set(appVersion, definition));
};
