/**
 * Ids of apps, groups and pods: absolute paths such as `/prod/web`, `/` being the root group (marathon.md 2.1).
 * Everything inside Marathon is absolute; relative ids exist in input only.
 */
export type PathId = string;

/** The id of an app or of a pod. */
export type RunSpecId = PathId;

export const ROOT: PathId = '/';

/** What a segment must look like; error messages quote it. */
export const SEGMENT_PATTERN =
  '^(([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\.)*([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])|(\\.|\\.\\.)$';

const SEGMENT = new RegExp(`^(?:${SEGMENT_PATTERN.slice(1, -1)})$`);

/** Whether a single segment, `.` and `..` included, is well formed. */
export const isSegment = (segment: string): boolean => SEGMENT.test(segment);

/** `/a/b` to `['a', 'b']`; empty segments (double and trailing slashes) are dropped. */
export const segmentsOf = (id: PathId): string[] => id.split('/').filter((segment) => segment !== '');

const pathOf = (segments: readonly string[]): PathId => `/${segments.join('/')}`;

/** Resolves an id, `.` and `..` included, against an absolute base: `../db` in `/g/web` is `/g/db`. */
export const resolvePath = (id: string, base: PathId = ROOT): PathId => {
  const resolved = id.startsWith('/') ? [] : segmentsOf(base);
  for (const segment of segmentsOf(id)) {
    if (segment === '..') resolved.pop();
    else if (segment !== '.') resolved.push(segment);
  }
  return pathOf(resolved);
};

/** The group that encloses an id; that of the root is the root. */
export const parentOf = (id: PathId): PathId => pathOf(segmentsOf(id).slice(0, -1));

/** All enclosing groups from the root down, without the id itself. */
export const ancestorsOf = (id: PathId): PathId[] => {
  const segments = segmentsOf(id);
  return segments.map((_, index) => pathOf(segments.slice(0, index)));
};

/** Whether `id` lies below `group`, at any depth. */
export const isBelow = (id: PathId, group: PathId): boolean =>
  group === ROOT ? id !== ROOT : id.startsWith(`${group}/`);

/** The first segment: the group that roles and enforceRole look at. `/top` for `/top/a/b`; undefined for the root. */
export const topLevelGroupOf = (id: PathId): PathId | undefined => {
  const [first] = segmentsOf(id);
  return first === undefined ? undefined : `/${first}`;
};

/** The id as instance and task ids begin with it: `/prod/web` to `prod_web`. */
export const safePath = (id: PathId): string => segmentsOf(id).join('_');
