import type { JsonObject } from '../../universe/json/json.ts';
import type {
  FoundPackage,
  InstalledPackage,
  PackageDefinition,
  Repository,
  ServiceDescription,
  ServiceHistoryEntry,
  ServicePreview,
  Uninstall,
} from '../model/packages.ts';
import { ask } from './request.ts';

/** What to run a service as: a version, and options in place of those that it has. */
export interface ServiceChange {
  readonly appId: string;
  readonly packageVersion?: string | undefined;
  readonly options?: JsonObject | undefined;
  readonly replace: boolean;
}

/** An entry of the history to go back to. */
export interface ServiceReturn {
  readonly appId: string;
  readonly to: number;
}

export const searchPackages = async (query: string): Promise<readonly FoundPackage[]> =>
  (await call<{ packages: FoundPackage[] }>('search', { query, order: 'fit' })).packages;

export const describePackage = async (name: string, version?: string): Promise<PackageDefinition> =>
  (await call<{ package: PackageDefinition }>('describe', { packageName: name, packageVersion: version }, 3))
    .package;

export const listVersions = async (name: string): Promise<readonly string[]> => {
  const request = { packageName: name, includePackageVersions: true };
  const { results } = await call<{ results: Record<string, string> }>('list-versions', request);
  return Object.entries(results)
    .sort(([, left], [, right]) => Number(right) - Number(left))
    .map(([version]) => version);
};

interface InstallRequest {
  readonly packageName: string;
  readonly packageVersion: string;
  readonly options: JsonObject;
}

/** The app that an installation would start. */
export const renderPackage = async (request: InstallRequest): Promise<object> =>
  (await call<{ marathonJson: object }>('render', request)).marathonJson;

export const installPackage = (request: InstallRequest): Promise<{ appId: string }> =>
  call('install', request);

export const listInstalled = async (): Promise<readonly InstalledPackage[]> =>
  (await call<{ packages: InstalledPackage[] }>('list', {})).packages;

export const uninstallPackage = (request: {
  readonly packageName: string;
  readonly appId: string;
  readonly keepData: boolean;
}): Promise<unknown> => {
  const { keepData, ...rest } = request;
  return call('uninstall', keepData ? { ...rest, keepData } : rest);
};

/** Uninstallations under way, and the last that ended; none where the service does not tell. */
export const getUninstalls = async (): Promise<readonly Uninstall[]> =>
  (await ask<{ uninstalls: Uninstall[] }>('/package/uninstalls')).uninstalls;

export const listRepositories = async (): Promise<readonly Repository[]> =>
  (await call<{ repositories: Repository[] }>('repository.list', {})).repositories;

/** Refused where it cannot be read. `index` is its place among the others, from 0; without one it is the last. */
export const addRepository = (repository: {
  readonly name: string;
  readonly uri: string;
  readonly index?: number;
}): Promise<unknown> => call('repository.add', repository);

export const removeRepository = (name: string): Promise<unknown> => call('repository.delete', { name });

export const describeService = (appId: string): Promise<ServiceDescription> =>
  callService('describe', { appId });

export const previewUpdate = (change: ServiceChange): Promise<ServicePreview> =>
  callService('preview', change);

export const updateService = (change: ServiceChange): Promise<unknown> => callService('update', change);

export const getServiceHistory = async (appId: string): Promise<readonly ServiceHistoryEntry[]> =>
  (await callService<{ entries: ServiceHistoryEntry[] }>('history', { appId })).entries;

export const previewReturn = (request: ServiceReturn): Promise<ServicePreview> =>
  callService('preview', { ...request, rollback: true });

export const rollBack = (request: ServiceReturn): Promise<unknown> => callService('rollback', request);

const mediaType = (about: 'package' | 'service', name: string, version: number): string =>
  `application/vnd.dcos.${about}.${name}+json;charset=utf-8;version=v${version}`;

const headersOf = (about: 'package' | 'service', operation: string, version: number) => ({
  'Content-Type': mediaType(about, `${operation}-request`, 1),
  Accept: `${mediaType(about, `${operation}-response`, version)}, ${mediaType('package', 'error', 1)}`,
});

const call = <Answer>(operation: string, body: object, version = 1): Promise<Answer> =>
  ask(`/package/${operation.replace('.', '/')}`, {
    method: 'POST',
    body,
    headers: headersOf('package', operation, version),
  });

/** Below /service itself there are the services' own pages. */
const callService = <Answer>(operation: string, body: object): Promise<Answer> =>
  ask(`/cosmos/service/${operation}`, { method: 'POST', body, headers: headersOf('service', operation, 1) });
