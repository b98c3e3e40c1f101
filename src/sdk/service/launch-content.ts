import { createHash } from 'node:crypto';
import { ownVariables, placeValues } from './known-values.ts';
import { fillReferences } from './references.ts';
import type { ServiceSpec } from './spec.ts';
import type { InstanceRecord } from './state.ts';
import type { Target } from './turn.ts';

/** What a task is launched with, everything filled in. */
export interface LaunchContent {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Changes when anything of the task does. */
  readonly fingerprint: string;
}

/** The names that a task refers to and nobody knows yet. */
export interface MissingReferences {
  readonly missing: readonly string[];
}

export interface ContentContext {
  readonly spec: ServiceSpec;
  /** What is known of all tasks (known-values.ts). */
  readonly peers: ReadonlyMap<string, string>;
}

/** What a task is launched with in its instance's place. */
export const launchContent = (
  { spec, peers }: ContentContext,
  target: Target,
  record: InstanceRecord,
): LaunchContent | MissingReferences => {
  const { task } = target;
  const missing: string[] = [];
  const fill = (text: string, values: ReadonlyMap<string, string>): string => {
    const filled = fillReferences(text, values);
    if ('text' in filled) return filled.text;
    missing.push(...filled.unknown);
    return '';
  };
  const own = ownVariables(spec.name, target, record);
  const known = new Map([...peers, ...placeValues(target, record), ...Object.entries(own)]);
  const given = Object.entries(task.environment).map(([name, value]) => [name, fill(value, known)] as const);
  const environment = { ...own, ...Object.fromEntries(given) };
  const all = new Map([...known, ...given]);
  const files = task.configs.map(({ template, destination }) => ({ destination, text: fill(template, all) }));
  if (missing.length > 0) return { missing: [...new Set(missing)] };
  const command = [...files.map(writeFileCommand), task.command].join('\n');
  const { image, uris, cpus, memMiB, volumes, health, readiness, killGraceMs } = task;
  const parts = [
    command,
    environment,
    uris,
    cpus,
    memMiB,
    volumes,
    health,
    readiness,
    killGraceMs,
    spec.user,
    // Nothing changes for tasks without an image.
    ...(image === undefined ? [] : [image]),
  ];
  const fingerprint = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 10);
  return { command, environment, fingerprint };
};

/** A here-document: the shell changes nothing in it, and it needs neither a download nor another program. */
const writeFileCommand = ({ destination, text }: { destination: string; text: string }): string => {
  const lines = new Set(text.split('\n'));
  let end = 'PLENUM_END_OF_FILE';
  while (lines.has(end)) end += '_';
  const folder = destination.includes('/') ? destination.slice(0, destination.lastIndexOf('/')) : '.';
  const body = text.endsWith('\n') || text === '' ? text : `${text}\n`;
  return `mkdir -p '${folder}' && cat > '${destination}' <<'${end}' || exit 1\n${body}${end}`;
};
