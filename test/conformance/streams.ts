import type { Json, JsonObject } from './captures.ts';
import { type Bindings, compare, type Mismatch } from './compare.ts';

/** What comes when the allocator or a clock likes: how often says nothing. Offers are compared where they are taken. */
const UNCOUNTED = new Set(['HEARTBEAT', 'OFFERS', 'RESCIND', 'INVERSE_OFFERS', 'RESCIND_INVERSE_OFFER']);

/** Whom an event is about: a task, an operation, a framework, an agent; else its type. */
export const subjectOf = (event: JsonObject): string => {
  const body = event[String(event.type).toLowerCase()];
  const find = (value: Json, ...path: readonly string[]): Json =>
    path.reduce<Json>((part, name) => (part as JsonObject | undefined)?.[name], value);
  const found =
    find(body, 'status', 'task_id', 'value') ??
    find(body, 'status', 'operation_id', 'value') ??
    find(body, 'task', 'task_id', 'value') ??
    find(body, 'task_id', 'value') ??
    find(body, 'framework', 'framework_info', 'id', 'value') ??
    find(body, 'framework_info', 'id', 'value');
  return typeof found === 'string' ? found : String(event.type);
};

/**
 * Where the events of a stream differ from the captured ones. Those about the same are compared one by one, in their
 * order; how the tasks' events lie between each other depends on how fast who was.
 */
export const compareStreams = (
  golden: readonly JsonObject[],
  ours: readonly JsonObject[],
  bindings: Bindings,
): Mismatch[] => {
  const theirs = bySubject(golden);
  const mine = bySubject(ours);
  const subjects = new Set([...theirs.keys(), ...mine.keys()]);
  return [...subjects].flatMap((subject) => {
    const sent = theirs.get(subject) ?? [];
    const got = mine.get(subject) ?? [];
    const length = Math.max(sent.length, got.length);
    return Array.from({ length }, (_none, index) =>
      compare(sent[index], got[index], bindings, `events ${subject} ${index}`),
    ).flat();
  });
};

const bySubject = (events: readonly JsonObject[]): Map<string, JsonObject[]> => {
  const groups = new Map<string, JsonObject[]>();
  for (const event of events) {
    if (UNCOUNTED.has(String(event.type))) continue;
    const subject = subjectOf(event);
    const group = groups.get(subject);
    if (group) group.push(event);
    else groups.set(subject, [event]);
  }
  return groups;
};
