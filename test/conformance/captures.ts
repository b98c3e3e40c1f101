import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Json = string | number | boolean | null | undefined | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** One request to a real Mesos 1.11.1 and what it answered. */
export interface Capture {
  readonly name: string;
  readonly to: 'master' | 'agent';
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The messages of the call and of its answer, when both go over the wire in protobuf; here they stand in JSON. */
  readonly protobuf?: { readonly call: string; readonly answer: string };
  readonly status: number;
  /** Its headers, under lower-case names, without Date and Content-Length. */
  readonly answer: Readonly<Record<string, string>>;
  /** What it said: one of these, or nothing. */
  readonly json?: Json;
  readonly text?: string;
  readonly base64?: string;
  /** The records of an answer that is a stream. */
  readonly events?: readonly JsonObject[];
}

/** What stood in the captured cluster for what only the one under test knows: addresses, ids, folders, commands. */
export interface Rewriting {
  /** Replaced wherever they stand in a text. */
  readonly texts: readonly (readonly [from: string, to: string])[];
  readonly ports: ReadonlyMap<number, number>;
  /** Who runs the tasks; the captured cluster was root's. */
  readonly user: string;
}

/** The captures of a file in test/conformance/golden, by name. */
export const readCaptures = (file: string): ReadonlyMap<string, Capture> => {
  const text = readFileSync(join(import.meta.dirname, 'golden', file), 'utf8');
  const captures = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Capture);
  return new Map(captures.map((capture) => [capture.name, capture]));
};

const USER_KEYS = new Set(['user', 'uid']);
const PORT_KEYS = new Set(['port']);

/** A captured value as it should read here. */
export const rewrite = <Value>(value: Value, rewriting: Rewriting, key = ''): Value => {
  const rewritten = (): unknown => {
    if (typeof value === 'string') {
      if (value === 'root' && USER_KEYS.has(key)) return rewriting.user;
      if (PORT_KEYS.has(key)) return String(rewriting.ports.get(Number(value)) ?? value);
      return rewriteText(value, rewriting);
    }
    if (typeof value === 'number') {
      return PORT_KEYS.has(key) ? (rewriting.ports.get(value) ?? value) : value;
    }
    if (Array.isArray(value)) return value.map((element) => rewrite(element, rewriting, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [
        rewriteText(name, rewriting),
        rewrite(part, rewriting, name),
      ]),
    );
  };
  return rewritten() as Value;
};

const rewriteText = (text: string, { texts, user }: Rewriting): string =>
  texts
    .reduce((result, [from, to]) => result.replaceAll(from, to), text)
    .replaceAll(/("user": ?)"root"/g, (_all, start: string) => `${start}"${user}"`);
