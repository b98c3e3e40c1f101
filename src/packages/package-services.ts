import type { ClusterClients } from './cluster-clients.ts';
import type { ServiceHistory } from './history/service-history.ts';
import type { RepositoryCache } from './repositories/repository-cache.ts';
import type { RepositoryList } from './repositories/repository-list.ts';
import type { Uninstalls } from './uninstall/uninstalls.ts';

/** What the endpoints work with. */
export interface PackageServices {
  readonly repositories: RepositoryList;
  readonly cache: RepositoryCache;
  readonly clients: ClusterClients;
  readonly uninstalls: Uninstalls;
  readonly history: ServiceHistory;
}
