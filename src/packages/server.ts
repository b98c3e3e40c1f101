import { HttpError } from '../http/http-error.ts';
import { send } from '../http/respond.ts';
import { Router } from '../http/router.ts';
import { type ErrorRenderer, startServer } from '../http/server.ts';
import { stringifyJson } from '../universe/json/stringify-json.ts';
import { type Endpoint, errorBodyOf, serve } from './api/endpoint.ts';
import { ERROR_TYPE } from './api/media-type.ts';
import { createClusterClients } from './cluster-clients.ts';
import { capabilities } from './endpoints/capabilities.ts';
import { describe, listVersions } from './endpoints/describe.ts';
import { install } from './endpoints/install.ts';
import { list } from './endpoints/list.ts';
import { listUninstalls } from './endpoints/list-uninstalls.ts';
import { asJson } from './endpoints/present-definition.ts';
import { render } from './endpoints/render.ts';
import { addRepository, deleteRepository, listRepositories } from './endpoints/repositories.ts';
import { resourceProxy } from './endpoints/resource-proxy.ts';
import { search } from './endpoints/search.ts';
import { describeService } from './endpoints/service-describe.ts';
import { historyOfService } from './endpoints/service-history.ts';
import { previewService, rollbackService, updateService } from './endpoints/service-update.ts';
import { uninstall } from './endpoints/uninstall.ts';
import { ServiceHistory } from './history/service-history.ts';
import type { PackageServices } from './package-services.ts';
import type { PackagesOptions } from './packages-options.ts';
import { fetchUrl } from './repositories/fetch-url.ts';
import { pullArtifact } from './repositories/pull-artifact.ts';
import { RepositoryCache } from './repositories/repository-cache.ts';
import { RepositoryList } from './repositories/repository-list.ts';
import { Uninstalls } from './uninstall/uninstalls.ts';

export interface RunningPackages {
  /** Such as http://127.0.0.1:7070, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** What servers of universes look for to choose the packages that a cluster can run (reference 1.10, 1.11). */
const DCOS_VERSION = '2.0';

/**
 * Starts the package service. Repositories are read in the background: it serves at once. Rejects with the system's
 * error when the port cannot be had.
 */
export const startPackages = async (options: PackagesOptions): Promise<RunningPackages> => {
  const services = createServices(options);
  const { cache, uninstalls } = services;
  await cache.prune();
  const server = await startServer({
    router: createRouter(services),
    log: options.log,
    host: options.host,
    port: options.port,
    hostnames: options.hostnames,
    access: options.access,
    renderError,
  });
  cache.warmUp();
  uninstalls.resume();
  return {
    url: server.url,
    port: server.port,
    close: async () => {
      await server.close();
      await cache.close();
      await uninstalls.close();
    },
  };
};

const createServices = (options: PackagesOptions): PackageServices => {
  const { store, log, clock, random, version, cacheDir, bundledUniverse } = options;
  const repositories = new RepositoryList(store, bundledUniverse);
  const clients = createClusterClients(options);
  const history = new ServiceHistory(store.within('history'), clock, log);
  const userAgent = `plenum/${version} cosmos/0.6.3 dcos/${DCOS_VERSION}`;
  return {
    repositories,
    clients,
    cache: new RepositoryCache({
      tools: { cacheDir, fetchUrl, pullArtifact, userAgent },
      clock,
      log,
      repositories: () => repositories.all(),
    }),
    history,
    uninstalls: new Uninstalls({
      store: store.within('uninstalls'),
      clients,
      clock,
      random,
      log,
      forget: (appId) => history.forget(appId),
    }),
  };
};

const createRouter = (services: PackageServices): Router => {
  const endpoints: Readonly<Record<string, (services: PackageServices) => Endpoint>> = {
    '/package/search': search,
    '/package/describe': describe,
    '/package/list-versions': listVersions,
    '/package/render': render,
    '/package/install': install,
    '/package/list': list,
    '/package/uninstall': uninstall,
    '/package/repository/list': listRepositories,
    '/package/repository/add': addRepository,
    '/package/repository/delete': deleteRepository,
    '/service/describe': describeService,
    '/service/update': updateService,
    '/service/preview': previewService,
    '/service/rollback': rollbackService,
    '/service/history': historyOfService,
  };
  const router = new Router();
  for (const [path, endpoint] of Object.entries(endpoints)) {
    const handler = serve(endpoint(services));
    router.on('POST', path, handler);
    // Where clusters show it, because /service is the way to services there.
    if (path.startsWith('/service/')) router.on('POST', `/cosmos${path}`, handler);
  }
  return router
    .on('GET', '/package/resource', resourceProxy(services))
    .on('GET', '/package/uninstalls', listUninstalls(services))
    .on('GET', '/capabilities', capabilities);
};

/** A path that there is, asked with another method, is as unknown to this API as any other. */
const renderError: ErrorRenderer = (error, _request, response) => {
  const known = error.status === 405 ? new HttpError(404, error.message) : error;
  send(response, known.status, stringifyJson(asJson(errorBodyOf(known))), {
    ...known.headers,
    'Content-Type': ERROR_TYPE,
  });
};
