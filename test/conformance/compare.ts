import type { Json, JsonObject } from './captures.ts';

/** A place where Plenum did not answer as Mesos did. */
export interface Mismatch {
  /** Names from the outermost to the innermost, `[]` for any element of a list: `slaves[].resources.cpus`. */
  readonly at: string;
  readonly golden: string;
  readonly ours: string;
}

/** Ids by what they stand for: a captured one stands for the same thing wherever it is met. */
export type Bindings = Map<string, string>;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Sixteen bytes in base64: the uuid of an update. */
const UUID_BYTES = /^[A-Za-z0-9+/]{22}==$/;
const OFFER_ID = /-O\d+\b/g;

/** What measures the machine or the moment, of which only the type can be compared. */
const MEASURED =
  /(^|[._])(avg_load_1min|avg_load_5min|avg_load_15min|mem_free_bytes|mem_total_bytes|cpus_total|timestamp|start_time|elected_time|build_time|mtime|nlink|size|executor_pid|processes|threads|(cpus|mem)_\w+_(secs|bytes))$/;
/** Metrics that measure too: all but those that count agents, frameworks, tasks and resources. */
const METRIC = /^body\.(get_metrics\.metrics\.)?([a-z_]+\/.*)$/;
const COUNTING_METRIC =
  /^(master|slave)\/(tasks?_|slaves_(?!conn)|frameworks_|executors_|(cpus|gpus|mem|disk)_(total|used)$)/;
const YEAR_2020_SECONDS = 1.6e9;
const YEAR_2020_NANOSECONDS = 1.6e18;

/** Lists whose order says something. Elsewhere Mesos writes in the order of a hash map. */
const ORDERED = /(^|\.)(statuses|arguments|argv)$/;

/** Where an answer differs from the captured one. Empty when it says the same. */
export const compare = (golden: Json, ours: Json, bindings: Bindings, at = ''): Mismatch[] => {
  if (Array.isArray(golden) && Array.isArray(ours)) return compareLists(golden, ours, bindings, at);
  if (isObject(golden) && isObject(ours)) {
    const renamed = withNamesOf(golden, ours, bindings);
    const names = new Set([...Object.keys(golden), ...Object.keys(renamed)]);
    return [...names].flatMap((name) =>
      compare(golden[name], renamed[name], bindings, at === '' ? name : `${at}.${name}`),
    );
  }
  return isSame(golden, ours, bindings, at) ? [] : [{ at, golden: show(golden), ours: show(ours) }];
};

/** Our object with the captured names where they differ in nothing but ids. */
const withNamesOf = (golden: JsonObject, ours: JsonObject, bindings: Bindings): JsonObject => {
  const missing = Object.keys(golden).filter((name) => !(name in ours));
  if (missing.length === 0) return ours;
  return Object.fromEntries(
    Object.entries(ours).map(([name, value]) => {
      const theirs =
        name in golden ? undefined : missing.find((one) => isSameText(one, name, new Map(bindings)));
      if (theirs !== undefined) isSameText(theirs, name, bindings);
      return [theirs ?? name, value];
    }),
  );
};

const isSame = (golden: Json, ours: Json, bindings: Bindings, at: string): boolean => {
  if (typeof golden === 'number' && typeof ours === 'number') {
    if (golden === ours || isMeasured(at)) return true;
    if (golden > YEAR_2020_NANOSECONDS) return ours > YEAR_2020_NANOSECONDS;
    return golden > YEAR_2020_SECONDS && ours > YEAR_2020_SECONDS;
  }
  if (typeof golden === 'string' && typeof ours === 'string') return isSameText(golden, ours, bindings);
  return golden === ours;
};

const isMeasured = (at: string): boolean => {
  const metric = METRIC.exec(at)?.[2];
  return metric === undefined ? MEASURED.test(at) : !COUNTING_METRIC.test(metric);
};

const isSameText = (golden: string, ours: string, bindings: Bindings): boolean => {
  if (UUID_BYTES.test(golden)) return UUID_BYTES.test(ours);
  if (withoutIds(golden) !== withoutIds(ours)) return false;
  const mine = ours.match(UUID) ?? [];
  return (golden.match(UUID) ?? []).every((id, index) => {
    const known = bindings.get(id);
    if (known === undefined) bindings.set(id, mine[index] ?? '');
    return known === undefined || known === mine[index];
  });
};

const withoutIds = (text: string): string => text.replaceAll(OFFER_ID, '-<offer>').replaceAll(UUID, '<uuid>');

const compareLists = (
  golden: readonly Json[],
  ours: readonly Json[],
  bindings: Bindings,
  at: string,
): Mismatch[] => {
  if (ORDERED.test(at)) {
    const length = Math.max(golden.length, ours.length);
    return Array.from({ length }, (_none, index) => index).flatMap((index) =>
      compare(golden[index], ours[index], bindings, `${at}[]`),
    );
  }
  const pairs = [pairsOf(golden), pairsOf(ours)];
  if (pairs[0] !== undefined && pairs[1] !== undefined) return compare(pairs[0], pairs[1], bindings, at);
  const left = groupByIdentity(ours);
  return groupByIdentity(golden)
    .map(({ identity, element }) => {
      const index = left.findIndex((other) => other.identity === identity);
      const [partner] = index < 0 ? [] : left.splice(index, 1);
      return { element, partner };
    })
    .flatMap(({ element, partner }) => compare(element, partner?.element, bindings, `${at}[]`))
    .concat(left.flatMap(({ element }) => compare(undefined, element, bindings, `${at}[]`)));
};

/** A list of nothing but names with values, as an object. */
const pairsOf = (elements: readonly Json[]): JsonObject | undefined => {
  const pairs = elements
    .filter(isObject)
    .filter(({ name, type }) => typeof name === 'string' && type === undefined);
  if (pairs.length < elements.length || pairs.some(({ value }) => value === undefined)) return undefined;
  return Object.fromEntries(pairs.map(({ name, value }) => [String(name), value]));
};

const IDENTIFYING = [
  'id',
  'name',
  'task_id',
  'executor_id',
  'framework_id',
  'executor_info',
  'framework_info',
  'agent_info',
  'path',
  'key',
  'role',
  'type',
  'capability',
  'reservations',
  'reservation',
  'disk',
] as const;

/** Elements beside what tells them from the others of their list; the innermost ids of unlike things count as alike. */
const groupByIdentity = (elements: readonly Json[]) =>
  elements
    .map((element) => ({ element, identity: withoutIds(identityOf(element)) }))
    .sort((one, other) => (one.identity < other.identity ? -1 : 1));

const identityOf = (element: Json): string => {
  if (!isObject(element)) return JSON.stringify(element) ?? '';
  return IDENTIFYING.map((name) => {
    const part = element[name];
    if (!isObject(part)) return JSON.stringify(part) ?? '';
    const inner = part.value ?? part.id ?? part.executor_id ?? part.persistence ?? '';
    return JSON.stringify(isObject(inner) ? (inner.value ?? inner.id ?? inner) : inner);
  }).join('|');
};

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How a mismatch shows what is not there. */
export const NOTHING = 'nothing';

const LONGEST_SHOWN = 300;

const show = (value: Json): string => {
  const text = value === undefined ? NOTHING : JSON.stringify(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
};
