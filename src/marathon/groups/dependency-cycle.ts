import { type PathId, parentOf, ROOT } from '../definitions/path-id.ts';
import type { RootGroup } from './root-group.ts';

/**
 * Whether something waits for itself (marathon.md 3.3). What an app waits for: its dependencies, and whatever the groups
 * above it depend on; waiting for a group is waiting for everything in it. Groups get two nodes each, so that apps need
 * not be connected one by one: `in` stands for what is in the group, `of` for what the group depends on.
 */
export const hasDependencyCycle = (root: RootGroup): boolean => {
  const hasDependencies =
    [...root.apps.values()].some(({ dependencies }) => dependencies.length > 0) ||
    [...root.groups.values()].some(({ dependencies }) => dependencies.length > 0);
  return hasDependencies && hasCycle(edgesOf(root));
};

type Edges = ReadonlyMap<string, readonly string[]>;

const edgesOf = (root: RootGroup): Edges => {
  const edges = new Map<string, string[]>();
  const connect = (from: string, to: string): void => {
    const known = edges.get(from);
    if (known) known.push(to);
    else edges.set(from, [to]);
  };
  const targetOf = (id: PathId): string => (root.groups.has(id) ? `in ${id}` : `app ${id}`);
  for (const { id, dependencies } of root.apps.values()) {
    for (const dependency of dependencies) connect(`app ${id}`, targetOf(dependency));
    connect(`app ${id}`, `of ${parentOf(id)}`);
    connect(`in ${parentOf(id)}`, `app ${id}`);
  }
  for (const id of root.pods.keys()) {
    connect(`app ${id}`, `of ${parentOf(id)}`);
    connect(`in ${parentOf(id)}`, `app ${id}`);
  }
  for (const { id, dependencies } of root.groups.values()) {
    for (const dependency of dependencies) connect(`of ${id}`, targetOf(dependency));
    if (id === ROOT) continue;
    connect(`of ${id}`, `of ${parentOf(id)}`);
    connect(`in ${parentOf(id)}`, `in ${id}`);
  }
  return edges;
};

/** Depth-first without recursion: chains may be as long as there are apps. */
const hasCycle = (edges: Edges): boolean => {
  const state = new Map<string, 'open' | 'done'>();
  for (const start of edges.keys()) {
    if (state.has(start)) continue;
    const path = [{ node: start, next: 0 }];
    state.set(start, 'open');
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const target = edges.get(top.node)?.[top.next++];
      if (target === undefined) {
        state.set(top.node, 'done');
        path.pop();
      } else if (state.get(target) === 'open') {
        return true;
      } else if (!state.has(target)) {
        state.set(target, 'open');
        path.push({ node: target, next: 0 });
      }
    }
  }
  return false;
};
