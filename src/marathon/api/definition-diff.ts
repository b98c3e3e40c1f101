import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../definitions/json-schema.ts';
import type { PathId } from '../definitions/path-id.ts';
import { isPod, type RunSpec } from '../definitions/run-spec.ts';
import { type RootGroup, runSpecOf } from '../groups/root-group.ts';
import { appJson } from './json/app-json.ts';
import { podJson } from './json/pod-json.ts';

/** What a change does to one app or pod. */
export interface AppDiff {
  readonly id: string;
  readonly kind: 'create' | 'update' | 'delete';
  /** Of an update: what differs, by JSON pointer into the definition. Nothing does when it is only restarted. */
  readonly changes: readonly FieldDiff[];
}

/** What is missing was not there, or is not there any more. */
export interface FieldDiff {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Compares all apps and pods of two root groups whose versions are stamped, in the order of their ids. */
export const diffRoots = (before: RootGroup, after: RootGroup): AppDiff[] =>
  [...new Set([...idsOf(before), ...idsOf(after)])].sort().flatMap((id): AppDiff[] => {
    const former = runSpecOf(before, id);
    const next = runSpecOf(after, id);
    if (former === next) return [];
    if (former === undefined) return [{ id, kind: 'create', changes: [] }];
    if (next === undefined) return [{ id, kind: 'delete', changes: [] }];
    const changes = diffValues(definition(former), definition(next));
    return [{ id, kind: 'update', changes }];
  });

const idsOf = (root: RootGroup): PathId[] => [...root.apps.keys(), ...root.pods.keys()];

/** Without what Marathon itself counts on with every change. */
const definition = (spec: RunSpec): object => {
  const { version, versionInfo, ...rest } = isPod(spec) ? podJson(spec) : appJson(spec);
  return rest;
};

/** Objects are compared field by field, lists as a whole. */
const diffValues = (before: unknown, after: unknown, path = ''): FieldDiff[] => {
  if (isObject(before) && isObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .sort()
      .flatMap((key) => diffValues(before[key], after[key], `${path}/${escapeKey(key)}`));
  }
  if (isDeepStrictEqual(before, after)) return [];
  return [{ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
};

const escapeKey = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
