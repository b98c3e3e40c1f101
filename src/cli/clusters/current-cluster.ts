import { clusterFolder, localClusterNames } from '../../cluster/cluster-folder.ts';
import { localAccess } from '../../cluster/local-access.ts';
import { type ClusterStatus, clusterStatus } from '../../cluster/status.ts';
import { nearestName } from '../../universe/options/nearest-name.ts';
import { CliError } from '../errors/cli-error.ts';
import { attachedName, findKnownCluster, type KnownCluster, knownClusters } from './known-clusters.ts';
import { readCertificates } from './secret-files.ts';

/** A cluster that can be asked. */
export interface CurrentCluster extends KnownCluster {
  readonly isLocal: boolean;
}

export interface Choice {
  readonly home: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Of --cluster: a name, an id or its beginning, or a URL. */
  readonly asked?: string | undefined;
}

/**
 * The cluster that a command means: that of --cluster, else of PLENUM_CLUSTER, DCOS_CLUSTER or DCOS_URL, else the attached
 * one, else the only one there is. PLENUM_TOKEN, else DCOS_ACS_TOKEN, stands in for the token; DCOS_SSL_VERIFY says which
 * certificates are trusted. Throws CliError when none is chosen or the chosen one is not up.
 */
export const currentCluster = (choice: Choice): CurrentCluster => {
  const cluster = { ...chosen(choice), ...trustOf(choice.env) };
  const token = choice.env.PLENUM_TOKEN || choice.env.DCOS_ACS_TOKEN;
  return token ? { ...cluster, token } : cluster;
};

/** A word for yes or no, or a file of authorities (cli.md 13.7). Throws CliError. */
const trustOf = ({ DCOS_SSL_VERIFY: verify = '' }: Readonly<NodeJS.ProcessEnv>): Partial<KnownCluster> => {
  if (verify === '' || /^(true|t|1)$/i.test(verify)) return {};
  return /^(false|f|0)$/i.test(verify) ? { isInsecure: true } : { ca: readCertificates(verify) };
};

/** The name of the cluster that is meant, whether it is up or not; undefined when none is chosen. */
export const currentClusterName = (choice: Choice): string | undefined => {
  try {
    const wanted = wantedName(choice);
    return byUrl(wanted)?.name ?? findClusterName(choice.home, wanted);
  } catch (error) {
    if (error instanceof CliError) return undefined;
    throw error;
  }
};

const chosen = (choice: Choice): CurrentCluster => {
  const wanted = wantedName(choice);
  return byUrl(wanted) ?? usable(choice.home, findClusterName(choice.home, wanted));
};

/** A name, the beginning of an id, or a URL. */
const wantedName = ({ home, env, asked }: Choice): string => {
  const wanted = asked ?? (env.PLENUM_CLUSTER || env.DCOS_CLUSTER || env.DCOS_URL);
  if (wanted) return wanted;
  const attached = attachedName(home);
  if (attached !== undefined && exists(home, attached)) return attached;
  const [only, ...others] = allNames(home);
  if (only !== undefined && others.length === 0) return only;
  throw only === undefined
    ? new CliError(
        'no-cluster',
        'There is no cluster yet: plenum up starts one here, plenum cluster setup URL connects to another',
      )
    : new CliError(
        'no-cluster',
        `No cluster is attached: plenum cluster attach ${[only, ...others].join('|')}`,
      );
};

const byUrl = (text: string): CurrentCluster | undefined =>
  /^https?:\/\//.test(text) && URL.canParse(text)
    ? { name: new URL(text).host, url: text.replace(/\/+$/, ''), isLocal: false }
    : undefined;

const allNames = (home: string): string[] => [
  ...localClusterNames(home),
  ...knownClusters(home).map(({ name }) => name),
];

const exists = (home: string, name: string): boolean =>
  localClusterNames(home).includes(name) || findKnownCluster(home, name) !== undefined;

/** The name that a name, an id or the beginning of an id stands for. Throws CliError when it is none or not one alone. */
export const findClusterName = (home: string, wanted: string): string => {
  if (exists(home, wanted)) return wanted;
  const local = localClusterNames(home).map((name) => ({ name, id: idOfLocal(home, name) }));
  const matches = [...local, ...knownClusters(home)].filter(({ id }) => id?.startsWith(wanted));
  const [match, ...others] = matches;
  if (match && others.length === 0) return match.name;
  if (match) {
    const names = matches.map(({ name }) => name).join(', ');
    throw new CliError('usage', `Several clusters begin with ${wanted}: ${names}`);
  }
  const near = nearestName(wanted, allNames(home));
  throw new CliError('not-found', `There is no cluster ${wanted}`, {
    hint: near === undefined ? 'plenum cluster list shows those there are' : `Did you mean ${near}?`,
  });
};

const idOfLocal = (home: string, name: string): string | undefined => {
  try {
    return clusterStatus(home, name).id;
  } catch {
    // A damaged record is told of where that cluster itself is meant.
    return undefined;
  }
};

const usable = (home: string, name: string): CurrentCluster => {
  if (!localClusterNames(home).includes(name)) {
    const known = findKnownCluster(home, name);
    if (known) return { ...known, isLocal: false };
  }
  return reachable(home, clusterStatus(home, name));
};

const reachable = (home: string, { name, id, pid, addresses, isSecured }: ClusterStatus): CurrentCluster => {
  if (pid === undefined || addresses.gateway === undefined) {
    throw new CliError('no-cluster', `Cluster ${name} is not up`, {
      hint: `plenum up --name ${name} starts it as it was`,
    });
  }
  const access = isSecured ? localAccess(clusterFolder(home, name)) : {};
  return { name, id, url: addresses.gateway, isLocal: true, ...access };
};
