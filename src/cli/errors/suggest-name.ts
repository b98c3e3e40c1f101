import { isNotFound } from '../../clients/api-error.ts';
import { nearestName } from '../../universe/options/nearest-name.ts';
import type { ClusterClients } from '../clusters/cluster-clients.ts';
import { CliError } from './cli-error.ts';

/** What servers say that there is not, with whom to ask what there is. */
const KINDS: readonly {
  readonly pattern: RegExp;
  readonly names: (clients: ClusterClients) => Promise<readonly string[]>;
}[] = [
  {
    pattern: /^App '([^']+)' does not exist/i,
    names: async ({ marathon }) => (await marathon.getApps()).map(({ id }) => id),
  },
  {
    pattern: /^Group '([^']+)' does not exist/i,
    names: async ({ groups }) => groupIds((await groups.getGroup()).groups ?? []),
  },
  {
    pattern: /^Job '([^']+)' does not exist/i,
    names: async ({ jobs }) => (await jobs.getJobs()).map(({ id }) => id),
  },
];

interface Group {
  readonly id: string;
  readonly groups?: readonly Group[];
}

const groupIds = (groups: readonly Group[]): string[] =>
  groups.flatMap(({ id, groups: below = [] }) => [id, ...groupIds(below)]);

/** The same error, with the name that was probably meant where a server knows no such app, group or job. */
export const withSuggestion = async (error: unknown, clients: ClusterClients): Promise<unknown> => {
  if (!isNotFound(error)) return error;
  for (const { pattern, names } of KINDS) {
    const [, wanted] = pattern.exec(error.message) ?? [];
    if (wanted === undefined) continue;
    // What there is cannot be told: then it stays unsaid.
    const near = nearestName(wanted, await names(clients).catch(() => []));
    if (near === undefined) return error;
    return new CliError('not-found', error.message, { hint: `Did you mean ${near}?`, cause: error });
  }
  return error;
};

/** How an error's hint names what was probably meant, and else where to look. */
export const hintOfNearest = (wanted: string, known: readonly string[], otherwise: string): string => {
  const near = nearestName(wanted, known);
  return near === undefined ? otherwise : `Did you mean ${near}?`;
};
