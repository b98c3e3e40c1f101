import { randomUUID } from 'node:crypto';
import { isNotFound } from '../../clients/api-error.ts';
import type { DiagnosticsBundle, DiagnosticsClient } from '../../clients/diagnostics-client.ts';
import { CliError } from '../errors/cli-error.ts';
import { formatAgo, formatBytes } from '../output/format.ts';
import type { Column } from '../output/table.ts';
import { type WaitOptions, waitUntil } from '../waiting.ts';

const OVER = new Set(['Done', 'Deleted', 'Canceled', 'Failed']);

/** The columns of `dcos diagnostics list` (cli.md 11). */
export const bundleColumns = (nowMs: number): readonly Column<DiagnosticsBundle>[] => [
  { heading: 'ID', value: ({ id }) => id },
  {
    heading: 'STATUS',
    value: ({ status }) => status,
    style: ({ status }, paint) => {
      if (status === 'Done') return paint.good;
      return OVER.has(status) ? paint.bad : paint.busy;
    },
  },
  { heading: 'CREATED', value: ({ started_at: started }) => formatAgo(Date.parse(started), nowMs) },
  { heading: 'SIZE', value: ({ size }) => formatBytes(size), isNumber: true },
];

/** Those of the whole cluster; single nodes make some of their own. */
export const clusterBundles = (bundles: readonly DiagnosticsBundle[]): DiagnosticsBundle[] =>
  bundles.filter(({ type }) => type !== 'Local');

/** Has one made under a new id. Throws CliError where the cluster makes none. */
export const beginBundle = async (
  client: DiagnosticsClient,
  scope: Parameters<DiagnosticsClient['create']>[1],
): Promise<DiagnosticsBundle> => {
  try {
    return await client.create(randomUUID(), scope);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new CliError('not-found', 'This cluster makes no bundles of diagnostics', { cause: error });
  }
};

/** The id that was given, else that of the newest bundle. Throws CliError when there is none. */
export const bundleId = async (client: DiagnosticsClient, given: string | undefined): Promise<string> => {
  if (given !== undefined) return given;
  const [newest] = clusterBundles(await client.list())
    .filter(({ status }) => status !== 'Deleted')
    .sort((one, other) => Date.parse(other.started_at) - Date.parse(one.started_at));
  if (newest) return newest.id;
  throw new CliError('not-found', 'There is no bundle', { hint: 'plenum diagnostics create makes one' });
};

/** Waits until a bundle is made, until a time on the clock of `performance.now()`. Throws CliError when it never will be. */
export const waitForBundle = async (
  client: DiagnosticsClient,
  id: string,
  wait: WaitOptions,
): Promise<DiagnosticsBundle> => {
  const goesOn = `The bundle goes on being made: plenum diagnostics wait ${id}, or plenum diagnostics delete ${id}`;
  const made = await waitUntil(
    async () => {
      const bundle = await client.get(id);
      if (bundle.status === 'Done') return bundle;
      if (!OVER.has(bundle.status)) return undefined;
      throw new CliError('failed', `Bundle ${id} was not made: it is ${bundle.status}`, {
        details: bundle.errors ?? [],
      });
    },
    { ...wait, goesOn },
  );
  if (made) return made;
  throw new CliError('timed-out', `Bundle ${id} is still being made`);
};

/** What could not be collected, for people. */
export const incompleteNote = ({ errors }: DiagnosticsBundle): string | undefined => {
  const [first, ...others] = errors ?? [];
  if (first === undefined) return undefined;
  return `Not collected: ${first}${others.length > 0 ? `, and ${others.length} more, listed in errors.txt` : ''}`;
};

/** Throws CliError that says what to do where the cluster makes no bundles. */
export const explainMissing = (error: unknown, id: string): unknown =>
  isNotFound(error)
    ? new CliError('not-found', `There is no bundle ${id}`, {
        hint: 'plenum diagnostics list shows them',
        cause: error,
      })
    : error;
