import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { PlenumResult } from '../run-plenum.ts';
import type { RecordedRequest, Recording } from './recordings.ts';
import type { StandInRequest } from './stand-in.ts';

/** In what a call differs from that of the original. */
export type Aspect = 'code' | 'stdout' | 'reads' | 'changes';

export interface Observed {
  readonly result: PlenumResult;
  readonly requests: readonly StandInRequest[];
  /** Of the stand-in. */
  readonly url: string;
}

/**
 * Holds a call against the original's. Failures may have other codes than 1 (the original had no other), tables other
 * widths, and JSON may hold more than the original let through (cli.md 14.3, 19.7).
 */
export const compareCalls = (recorded: Recording, { result, requests, url }: Observed): Aspect[] => {
  const theirs = sorted(recorded.requests.filter((request) => !isVersionProbe(request)));
  const ours = sorted(requests);
  const isSame: Readonly<Record<Aspect, boolean>> = {
    code: isSameCode(recorded.code, result.code),
    stdout: isSameOutput(recorded, withoutNew(result.stdout.replaceAll(url, '@URL@'))),
    reads: isDeepStrictEqual(theirs.filter(isRead).map(lineOf), ours.filter(isRead).map(lineOf)),
    changes: areSameChanges(
      theirs.filter((request) => !isRead(request)),
      ours.filter((request) => !isRead(request)),
    ),
  };
  return ASPECTS.filter((aspect) => !isSame[aspect]);
};

const ASPECTS: readonly Aspect[] = ['code', 'stdout', 'reads', 'changes'];

const isSameCode = (theirs: number | undefined, ours: number): boolean =>
  theirs === undefined || (theirs === 1 ? ours !== 0 : ours === theirs);

/** The Python half asked for the version before every command (cli.md 4). */
const isVersionProbe = ({ target }: { readonly target: string }): boolean =>
  target === '/dcos-metadata/dcos-version.json';

interface Line {
  readonly method: string;
  readonly target: string;
  readonly body: string;
}

/** Of the calls of Cosmos and Mesos, all POSTs, some only ask; the numbers are those of GET_AGENTS and GET_FRAMEWORKS. */
export const isRead = ({ method, target, body }: Line): boolean =>
  method === 'GET' ||
  method === 'HEAD' ||
  /^\/package\/(describe|list|list-versions|render|search|repository\/list)$/.test(target) ||
  (target === '/mesos/api/v1' && (body.startsWith('{"type":"GET_') || body === '\\x08'));

const sorted = <Request extends Line>(requests: readonly Request[]): Request[] =>
  [...requests].sort((one, other) => (lineOf(one) < lineOf(other) ? -1 : 1));

const lineOf = ({ method, target }: Line): string => withoutNew(`${method} ${decodeURIComponent(target)}`);

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const known = new Set(
  readFileSync(new URL('../fixtures/dcos/answers.json', import.meta.url), 'utf8').match(UUID),
);

/** Ids that either program made up are alike. */
const withoutNew = (text: string): string => text.replace(UUID, (id) => (known.has(id) ? id : 'NEW-ID'));

const isSameOutput = ({ stdout, isCut }: Recording, ours: string): boolean => {
  const text = withoutNew(stdout);
  const theirJson = parsed(text) ?? parsed(closed(text));
  const ourJson = parsed(ours);
  if (typeof theirJson === 'object' && theirJson !== null && ourJson !== undefined) {
    return holds(ourJson, theirJson);
  }
  const lines = linesOf(text);
  const ourLines = linesOf(ours);
  if (isTable(lines) && lines.length === ourLines.length) {
    // Columns may have been added behind theirs.
    return lines.every((line, index) => `${ourLines[index]} `.startsWith(`${line} `));
  }
  if (!isCut) return isDeepStrictEqual(lines, ourLines);
  const last = lines.pop() ?? '';
  return (
    isDeepStrictEqual(lines, ourLines.slice(0, lines.length)) &&
    (ourLines[lines.length] ?? '').startsWith(last)
  );
};

const linesOf = (text: string): string[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim());

const isTable = ([heading = '']: readonly string[]): boolean => /^[A-Z][A-Z ()-]+$/.test(heading);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What is whole of JSON that ends somewhere. */
const closed = (text: string): string => {
  const lines = text.split('\n');
  if (!/[[{},\]]$/.test(lines.at(-1) ?? '')) lines.pop();
  const missing = missingEnds(lines);
  return missing === undefined ? text : `${lines.join('\n').replace(/,\s*$/, '')}${missing}`;
};

const missingEnds = (lines: readonly string[]): string | undefined => {
  const open: string[] = [];
  for (const line of lines) {
    if (/[[{]$/.test(line)) open.push(line.endsWith('[') ? ']' : '}');
    else if (/^\s*[\]}],?$/.test(line)) open.pop();
  }
  return open.length === 0 ? undefined : open.reverse().join('');
};

/** Whether a value has everything that the original told; what is empty there may have been made up. */
const holds = (ours: unknown, theirs: unknown): boolean => {
  if (isEmpty(theirs)) return ours === undefined || isEmpty(ours);
  if (typeof theirs !== 'object' || theirs === null) return ours === theirs;
  if (typeof ours !== 'object' || ours === null) return false;
  const mine = ours as Record<string, unknown>;
  return Object.entries(theirs).every(([key, value]) => isEmpty(value) || holds(mine[key], value));
};

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === '' ||
  value === 0 ||
  value === false ||
  (typeof value === 'object' && Object.values(value).every(isEmpty));

const areSameChanges = (theirs: readonly RecordedRequest[], ours: readonly StandInRequest[]): boolean =>
  isDeepStrictEqual(theirs.map(lineOf), ours.map(lineOf)) &&
  theirs.every((request, index) => isSameChange(request, ours[index]));

const isSameChange = (theirs: RecordedRequest, ours: StandInRequest | undefined): boolean => {
  if (!ours) return false;
  const [theirBody, ourBody] = [parsed(theirs.body) ?? {}, parsed(ours.body) ?? {}];
  // Only Cosmos looks at the types: they name the operation and its version (cli.md 5).
  const isSameType =
    !ours.target.startsWith('/package/') ||
    (theirs.headers['Content-Type'] === ours.headers['content-type'] &&
      mediaTypes(theirs.headers.Accept).every((type) => mediaTypes(ours.headers.accept).includes(type)));
  const isAuthorized =
    ours.target.startsWith('/acs/') ||
    ours.target.startsWith('/__plugin/') ||
    ours.headers.authorization === 'token=tok123';
  return holds(ourBody, theirBody) && holds(theirBody, ourBody) && isSameType && isAuthorized;
};

const mediaTypes = (accept = ''): string[] => accept.split(',').map((type) => type.trim());
