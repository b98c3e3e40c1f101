import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../runtime/error-message.ts';
import { ClusterError } from './cluster-error.ts';

/** Where the files of one local cluster lie. */
export interface ClusterFolder {
  readonly name: string;
  readonly path: string;
  /** What the cluster is: durable, survives `down`. */
  readonly recordFile: string;
  readonly lockFile: string;
  /** One file per living process. */
  readonly runFolder: string;
  readonly logFolder: string;
  readonly stateFolder: string;
  readonly controlPlaneFolder: string;
  /** The cluster's authority, certificates and join token. */
  readonly securityFolder: string;
  readonly agentFolder: (agentName: string) => string;
}

/** The part that holds master, marathon, packages and gateway; every other part is an agent. */
export const CONTROL_PLANE = 'control-plane';

/** The name of the cluster when none is given. */
export const DEFAULT_CLUSTER_NAME = 'local';

const NAME_PATTERN = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

const localFolder = (home: string): string => join(home, 'local');

/** The folder of the cluster of that name below PLENUM_HOME. Throws ClusterError for a name that cannot be one. */
export const clusterFolder = (home: string, name: string): ClusterFolder => {
  if (!NAME_PATTERN.test(name)) {
    throw new ClusterError('usage', `"${name}" cannot name a cluster`, {
      hint: 'Use up to 63 letters, digits, dots, dashes and underscores, beginning and ending with a letter or digit',
    });
  }
  const path = join(localFolder(home), name);
  const stateFolder = join(path, 'state');
  return {
    name,
    path,
    recordFile: join(path, 'cluster.json'),
    lockFile: join(path, 'lock'),
    runFolder: join(path, 'run'),
    logFolder: join(path, 'logs'),
    stateFolder,
    controlPlaneFolder: join(stateFolder, CONTROL_PLANE),
    securityFolder: join(stateFolder, CONTROL_PLANE, 'security'),
    agentFolder: (agentName) => join(stateFolder, agentName),
  };
};

/** Names of the local clusters that exist, running or not. */
export const localClusterNames = (home: string): string[] => {
  try {
    return readdirSync(localFolder(home), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && NAME_PATTERN.test(entry.name))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
};
