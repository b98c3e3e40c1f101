import type { RunSpec } from '../definitions/run-spec.ts';
import { type Group, type RootGroup, runSpecOf, runSpecsOf } from '../groups/root-group.ts';
import { appKey, groupKey, ROOT_KEY, rootAppKey, rootHistoryKey } from './keys.ts';
import type { MarathonState, RootHistoryEntry } from './state.ts';
import type { Turn } from './turn.ts';

/**
 * Makes a new root group the present one. What is written is what has changed, not the whole: definitions lie by app and
 * version, and a history of what each change replaced lets earlier root groups be put together again.
 */
export const keepRoot = (
  turn: Turn,
  after: RootGroup,
  formerGroups: Readonly<Record<string, Group | null>>,
): void => {
  const { state } = turn;
  const before = state.root;
  const changed: Record<string, string | null> = {};
  for (const spec of runSpecsOf(after)) {
    const { id } = spec;
    const former = runSpecOf(before, id);
    if (former === spec) continue;
    changed[id] = former?.version ?? null;
    turn.save(rootAppKey(id), spec.version);
    keepVersion(turn, spec);
    if (former) keepFormer(turn, former);
  }
  for (const former of runSpecsOf(before)) {
    const { id } = former;
    if (runSpecOf(after, id)) continue;
    changed[id] = former.version;
    turn.save(rootAppKey(id), undefined);
    keepFormer(turn, former);
  }
  for (const id of Object.keys(formerGroups)) turn.save(groupKey(id), after.groups.get(id));
  turn.save(ROOT_KEY, { version: after.version });
  state.root = after;
  addHistory(turn, { version: after.version, apps: changed, groups: formerGroups });
};

const keepVersion = (turn: Turn, app: RunSpec): void => {
  const { state, settings } = turn;
  turn.save(appKey(app.id, app.version), app);
  const versions = state.appVersions.get(app.id) ?? [];
  if (!versions.includes(app.version)) versions.push(app.version);
  state.appVersions.set(app.id, versions);
  if (versions.length > settings.maxVersions) state.overfullApps.add(app.id);
};

/**
 * Forgets versions of an app that are too many, or all when no root group knows it any more. Those that instances still
 * run stay; for their sake it is tried again with the next change.
 */
const forgetVersions = (turn: Turn, id: string): void => {
  const { state, settings } = turn;
  const versions = state.appVersions.get(id) ?? [];
  const keepsMost = isRemembered(state, id) ? settings.maxVersions : 0;
  const inUse = new Set(state.instances.ofApp(id).map(({ appVersion }) => appVersion));
  const kept = versions.filter(
    (version, index) => index >= versions.length - keepsMost || inUse.has(version),
  );
  for (const version of versions) if (!kept.includes(version)) turn.save(appKey(id, version), undefined);
  if (kept.length > 0) state.appVersions.set(id, kept);
  else state.appVersions.delete(id);
  if (kept.length <= keepsMost) state.overfullApps.delete(id);
};

/** Instances of a definition that was replaced still need it; those that nobody needs are let go. */
const keepFormer = ({ state }: Turn, former: RunSpec): void => {
  const inUse = new Set(state.instances.ofApp(former.id).map(({ appVersion }) => appVersion));
  const kept = state.formerApps.get(former.id) ?? new Map<string, RunSpec>();
  kept.set(former.version, former);
  for (const version of kept.keys()) if (!inUse.has(version)) kept.delete(version);
  if (kept.size > 0) state.formerApps.set(former.id, kept);
  else state.formerApps.delete(former.id);
};

/** An instance is about to be of a definition that was replaced. */
export const rememberFormer = ({ formerApps }: MarathonState, former: RunSpec): void => {
  const kept = formerApps.get(former.id) ?? new Map<string, RunSpec>();
  formerApps.set(former.id, kept.set(former.version, former));
};

const addHistory = (turn: Turn, entry: RootHistoryEntry): void => {
  const { state, settings } = turn;
  turn.save(rootHistoryKey(entry.version), entry);
  const history = [...state.rootHistory, entry];
  const dropped = history.splice(0, Math.max(0, history.length - settings.maxVersions));
  state.rootHistory = history;
  for (const { version, apps } of dropped) {
    turn.save(rootHistoryKey(version), undefined);
    for (const id of Object.keys(apps)) if (!isRemembered(state, id)) state.overfullApps.add(id);
  }
  for (const id of state.overfullApps) forgetVersions(turn, id);
};

/** An app that was removed is kept as long as an earlier root group has it. */
const isRemembered = ({ root, rootHistory }: MarathonState, id: string): boolean =>
  runSpecOf(root, id) !== undefined || rootHistory.some(({ apps }) => id in apps);
