import type { HttpStream } from '../http/client.ts';
import { type Api, sendForJson, sendForStream } from './call.ts';
import type { Connection } from './connection.ts';
import type {
  FoundPackage,
  InstalledPackage,
  InstallResult,
  PackageDescription,
  PackageRepository,
  RollbackRequest,
  ServiceDescription,
  ServiceHistoryEntry,
  ServicePreview,
  ServiceUpdate,
  UninstalledPackage,
  UpdateRequest,
} from './cosmos-types.ts';
import { ERROR_MEDIA_TYPE, mediaType, readCosmosError } from './cosmos-wire.ts';

export interface RenderRequest {
  readonly packageName: string;
  readonly packageVersion?: string | undefined;
  readonly appId?: string | undefined;
  readonly options?: object | undefined;
}

export interface InstallRequest extends RenderRequest {
  /** Installs nothing unless the definition has this digest; only Plenum's own service heeds it. */
  readonly definitionDigest?: string | undefined;
}

export interface UninstallRequest {
  readonly packageName: string;
  /** Which one, when several are installed. */
  readonly appId?: string | undefined;
  readonly all?: boolean | undefined;
  /** Whether volumes and reservations stay; only Plenum's own service heeds it. */
  readonly keepData?: boolean | undefined;
}

/** The package service's API (universe.md 2). Every call throws ApiError, whose type is the service's own. */
export interface CosmosClient {
  /** Selected packages first; where the service can do it, what fits best first. */
  search(query?: string): Promise<{ readonly packages: readonly FoundPackage[] }>;
  describe(packageName: string, packageVersion?: string): Promise<PackageDescription>;
  /** The same with the repository that it comes from, where the service tells. */
  describeWithSource(packageName: string, packageVersion?: string): Promise<PackageDescription>;
  /** What stands at a web address that a package names, fetched by the cluster. */
  openResource(url: string): Promise<HttpStream>;
  /** Release versions by version. */
  listVersions(packageName: string): Promise<Readonly<Record<string, string>>>;
  /** The app definition that an installation would send to Marathon. */
  render(request: RenderRequest): Promise<object>;
  install(request: InstallRequest): Promise<InstallResult>;
  list(query?: {
    readonly packageName?: string;
    readonly appId?: string;
  }): Promise<readonly InstalledPackage[]>;
  uninstall(request: UninstallRequest): Promise<readonly UninstalledPackage[]>;
  /** Uninstallations under way and the last that ended; an addition of Plenum's, elsewhere a 404. */
  getUninstalls(): Promise<readonly UninstalledPackage[]>;
  /** What a service runs as, and which versions may follow. */
  describeService(appId: string): Promise<ServiceDescription>;
  updateService(request: UpdateRequest): Promise<ServiceUpdate>;
  /** What an update or a rollback would do; an addition of Plenum's, elsewhere a 404. */
  previewService(request: UpdateRequest | (RollbackRequest & { rollback: true })): Promise<ServicePreview>;
  /** The oldest first; an addition of Plenum's, elsewhere a 404. */
  getServiceHistory(appId: string): Promise<readonly ServiceHistoryEntry[]>;
  /** Runs a service as an entry of its history says; an addition of Plenum's, elsewhere a 404. */
  rollbackService(request: RollbackRequest): Promise<ServiceUpdate>;
  listRepositories(): Promise<readonly PackageRepository[]>;
  /** The index counts from 0, the highest priority; without it the repository comes last. */
  addRepository(repository: {
    readonly name: string;
    readonly uri: string;
    readonly index?: number | undefined;
    /** The public key of minisign by which it must be signed; an addition of Plenum's. */
    readonly key?: string | undefined;
  }): Promise<readonly PackageRepository[]>;
  deleteRepository(name: string): Promise<readonly PackageRepository[]>;
}

const API: Api = { name: 'the package service', readError: readCosmosError };

/** Operations that change nothing. */
const READS: ReadonlySet<string> = new Set([
  'describe',
  'list',
  'list-versions',
  'render',
  'repository.list',
  'search',
]);

export const createCosmosClient = (connection: Connection): CosmosClient => {
  const call = <T extends object>(operation: string, request: object, responseVersion = 1): Promise<T> =>
    sendForJson(API, connection, {
      method: 'POST',
      isRead: READS.has(operation),
      path: `/package/${operation.replace('.', '/')}`,
      headers: {
        'Content-Type': mediaType(`${operation}-request`, 1),
        Accept: `${mediaType(`${operation}-response`, responseVersion)}, ${ERROR_MEDIA_TYPE}`,
      },
      body: JSON.stringify(request),
    });
  // Below /service itself clusters have the services' own APIs.
  const callService = <T extends object>(operation: string, request: object): Promise<T> =>
    sendForJson(API, connection, {
      method: 'POST',
      path: `/cosmos/service/${operation}`,
      headers: {
        'Content-Type': mediaType(`${operation}-request`, 1, 'service'),
        Accept: `${mediaType(`${operation}-response`, 1, 'service')}, ${ERROR_MEDIA_TYPE}`,
      },
      body: JSON.stringify(request),
    });
  const repositories = async (operation: string, request: object): Promise<readonly PackageRepository[]> =>
    (await call<{ repositories: PackageRepository[] }>(`repository.${operation}`, request)).repositories;

  return {
    // The order is Plenum's own; others answer in that of names.
    search: (query) => call('search', { query, order: 'fit' }),
    describe: (packageName, packageVersion) => call('describe', { packageName, packageVersion }, 3),
    describeWithSource: (packageName, packageVersion) =>
      call('describe', { packageName, packageVersion, withRepository: true }, 3),
    openResource: (url) => sendForStream(API, connection, { path: '/package/resource', query: { url } }),
    listVersions: async (packageName) => {
      const request = { packageName, includePackageVersions: true };
      return (await call<{ results: Record<string, string> }>('list-versions', request)).results;
    },
    render: async (request) => (await call<{ marathonJson: object }>('render', request)).marathonJson,
    install: (request) => call('install', request),
    list: async (query = {}) => (await call<{ packages: InstalledPackage[] }>('list', query)).packages,
    uninstall: async (request) =>
      (await call<{ results: UninstalledPackage[] }>('uninstall', request)).results,
    getUninstalls: async () => {
      const path = '/package/uninstalls';
      return (await sendForJson<{ uninstalls: UninstalledPackage[] }>(API, connection, { path })).uninstalls;
    },
    describeService: (appId) => callService('describe', { appId }),
    updateService: (request) => callService('update', request),
    previewService: (request) => callService('preview', request),
    getServiceHistory: async (appId) =>
      (await callService<{ entries: ServiceHistoryEntry[] }>('history', { appId })).entries,
    rollbackService: (request) => callService('rollback', request),
    listRepositories: () => repositories('list', {}),
    addRepository: (request) => repositories('add', request),
    deleteRepository: (name) => repositories('delete', { name }),
  };
};
