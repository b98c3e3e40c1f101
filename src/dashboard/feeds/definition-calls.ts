import type { DefinitionPreview } from '../model/marathon.ts';
import { MARATHON, pathOfId } from './marathon-path.ts';
import { ask } from './request.ts';

/** How a change of an app or a pod is carried out. */
export interface ChangeOptions {
  /** Gives up the deployment that holds it. */
  readonly force?: boolean;
  /** The deployment fails, and is undone, when it makes no progress for so long. */
  readonly deadlineSeconds?: number | undefined;
}

type Definition = Readonly<Record<string, unknown>>;

/** What can be asked of the definition of an app, and likewise of that of a pod. */
export interface DefinitionCalls {
  /** The latest is the first. */
  readonly versions: (id: string) => Promise<readonly string[]>;
  /** The definition as it was written, without what Marathon knows of its instances. */
  readonly read: (id: string, version: string) => Promise<Definition>;
  readonly preview: (id: string, change: unknown) => Promise<DefinitionPreview>;
  readonly change: (id: string, change: unknown, options?: ChangeOptions) => Promise<unknown>;
  /** The change that leads back to a version, which was defined so. */
  readonly returnTo: (version: string, definition: unknown) => unknown;
}

export const APP_DEFINITIONS: DefinitionCalls = {
  versions: async (id) => (await ask<{ versions: string[] }>(`${appPath(id)}/versions`)).versions,
  read: (id, version) => ask(`${appPath(id)}/versions/${encodeURIComponent(version)}`),
  preview: (id, change) => ask(`${appPath(id)}?dryRun=true`, { method: 'PUT', body: change }),
  change: (id, change, options) => ask(`${appPath(id)}${queryOf(options)}`, { method: 'PUT', body: change }),
  returnTo: (version) => ({ version }),
};

/** Marathon knows no way back of pods, so that an earlier definition is sent again. */
export const POD_DEFINITIONS: DefinitionCalls = {
  versions: async (id) => (await ask<string[]>(`${podPath(id)}::versions`)).toSorted().reverse(),
  read: (id, version) => ask(`${podPath(id)}::versions/${encodeURIComponent(version)}`),
  preview: (id, change) => ask(`${podPath(id)}?dryRun=true`, { method: 'PUT', body: change }),
  change: (id, change, options) => ask(`${podPath(id)}${queryOf(options)}`, { method: 'PUT', body: change }),
  returnTo: (_version, definition) => definition,
};

const appPath = (id: string): string => `${MARATHON}/apps/${pathOfId(id)}`;
const podPath = (id: string): string => `${MARATHON}/pods/${pathOfId(id)}`;

const queryOf = ({ force, deadlineSeconds }: ChangeOptions = {}): string => {
  const query = new URLSearchParams({
    ...(force ? { force: 'true' } : {}),
    ...(deadlineSeconds === undefined
      ? {}
      : { deadlineSeconds: String(deadlineSeconds), onDeadline: 'rollback' }),
  }).toString();
  return query === '' ? '' : `?${query}`;
};
