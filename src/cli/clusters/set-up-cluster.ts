import { localClusterNames } from '../../cluster/cluster-folder.ts';
import { CliError } from '../errors/cli-error.ts';
import { connectionTo } from './cluster-clients.ts';
import { checkClusterName, findKnownCluster, type KnownCluster, saveKnownCluster } from './known-clusters.ts';
import { type ClusterFacts, probeCluster } from './probe-cluster.ts';

export interface SetUpOptions {
  readonly home: string;
  readonly url: string;
  readonly name?: string | undefined;
  readonly token?: string | undefined;
  readonly ca?: string | undefined;
  readonly isInsecure: boolean;
  readonly mesosUrl?: string | undefined;
  readonly marathonUrl?: string | undefined;
  readonly packagesUrl?: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal;
}

export interface SetUp {
  readonly cluster: KnownCluster;
  readonly facts: ClusterFacts;
}

/** Makes a cluster known, having asked it who it is. Throws CliError and ApiError; then nothing is kept. */
export const setUpCluster = async (options: SetUpOptions): Promise<SetUp> => {
  const { home, timeoutMs, signal } = options;
  const url = clusterUrl(options.url);
  const access = definedOnly({
    token: options.token,
    ca: options.ca,
    isInsecure: options.isInsecure || undefined,
  });
  const connection = connectionTo({ name: '', url, ...access }, { timeoutMs, signal });
  const facts = await probeCluster(connection);
  const name = options.name ?? nameFor(facts, url);
  checkClusterName(name);
  refuseTakenName(home, name, url);
  const { mesosUrl = facts.isBareMaster ? url : undefined, marathonUrl, packagesUrl } = options;
  const addresses = definedOnly({ mesosUrl, marathonUrl, packagesUrl });
  const cluster: KnownCluster = { name, url, ...definedOnly({ id: facts.id }), ...access, ...addresses };
  saveKnownCluster(home, cluster);
  return { cluster, facts };
};

const LOOPBACK = /^(localhost|127\.|\[::1\])/;

/** Without a scheme https is meant, and on this machine http. Throws CliError for what is no URL. */
export const clusterUrl = (text: string): string => {
  const withScheme = /^https?:\/\//.test(text) ? text : `${LOOPBACK.test(text) ? 'http' : 'https'}://${text}`;
  if (!URL.canParse(withScheme)) throw new CliError('usage', `"${text}" is no URL`);
  const { origin, pathname, username, password } = new URL(withScheme);
  if (username || password) {
    throw new CliError('usage', 'A URL of a cluster has no user and password', {
      hint: 'Give a token with --token-file',
    });
  }
  return `${origin}${pathname}`.replace(/\/+$/, '');
};

const nameFor = ({ name, id }: ClusterFacts, url: string): string => {
  const usual = name ?? id ?? new URL(url).hostname;
  return usual
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
    .slice(0, 63);
};

const refuseTakenName = (home: string, name: string, url: string): void => {
  const known = findKnownCluster(home, name);
  const isTaken = known ? known.url !== url : localClusterNames(home).includes(name);
  if (!isTaken) return;
  throw new CliError('conflict', `Another cluster is known as ${name}`, {
    hint: 'Give this one another name with --name NAME',
  });
};

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

const definedOnly = <T extends object>(fields: T): Defined<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
