import { readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { errorCode, errorMessage } from '../../runtime/error-message.ts';
import { CliError } from '../errors/cli-error.ts';
import type { KnownCluster } from './known-clusters.ts';
import { clusterUrl } from './set-up-cluster.ts';

/** A cluster that the command line of DC/OS was set up for (cli.md 13.1). */
export interface DcosCluster {
  readonly cluster: KnownCluster;
  readonly isAttached: boolean;
}

/** Where that command line keeps its files: DCOS_DIR, else ~/.dcos. */
export const dcosFolder = (env: Readonly<NodeJS.ProcessEnv>): string =>
  env.DCOS_DIR ? resolve(env.DCOS_DIR) : join(homedir(), '.dcos');

/** The clusters of a folder, in the order of their names; one without an address is left out. Throws CliError. */
export const readDcosClusters = (folder: string): DcosCluster[] => {
  const clusters = join(folder, 'clusters');
  let ids: string[];
  try {
    ids = readdirSync(clusters);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw unreadable(clusters, error);
    throw new CliError('not-found', `${folder} holds no clusters of the DC/OS command line`, {
      hint: 'Name the folder, or set DCOS_DIR',
    });
  }
  return ids
    .flatMap((id) => readCluster(join(clusters, id), id))
    .sort((one, other) => (one.cluster.name < other.cluster.name ? -1 : 1));
};

const readCluster = (folder: string, id: string): DcosCluster[] => {
  const file = join(folder, 'dcos.toml');
  const text = readIfThere(file);
  if (text === undefined) return [];
  const settings = parseSettings(text);
  const { 'cluster.name': name = id, 'core.dcos_url': url, 'core.dcos_acs_token': token } = settings;
  if (url === undefined) return [];
  const ca = certificates(settings['core.ssl_verify'], file);
  const others = Object.entries(settings).filter(([key]) => !TAKEN.test(key));
  const cluster: KnownCluster = {
    name: name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '') || id,
    url: clusterUrl(url),
    id,
    ...addressesOf(settings),
    ...(token ? { token } : {}),
    ...(ca === undefined ? {} : { ca }),
    ...(/^(false|f|0)$/i.test(settings['core.ssl_verify'] ?? '') ? { isInsecure: true } : {}),
    ...(others.length === 0 ? {} : { settings: Object.fromEntries(others) }),
  };
  return [{ cluster, isAttached: readIfThere(join(folder, 'attached')) !== undefined }];
};

const ADDRESSES = [
  ['mesosUrl', 'core.mesos_master_url'],
  ['marathonUrl', 'marathon.url'],
  ['packagesUrl', 'package.cosmos_url'],
  ['jobsUrl', 'job.url'],
] as const;

const addressesOf = (settings: Readonly<Record<string, string>>): Partial<KnownCluster> =>
  Object.fromEntries(
    ADDRESSES.flatMap(([field, key]) => {
      const value = settings[key];
      return value ? [[field, clusterUrl(value)]] : [];
    }),
  );

/** Keys that have a place of their own, or that nothing reads. */
const TAKEN =
  /^(cluster\.name|core\.(dcos_url|dcos_acs_token|ssl_verify|mesos_master_url|prompt_login|reporting)|marathon\.url|package\.cosmos_url|job\.(url|service_name))$/;

/** The authorities of a file, if it names one. */
const certificates = (verify: string | undefined, file: string): string | undefined => {
  if (verify === undefined || /^(true|t|1|false|f|0|)$/i.test(verify)) return undefined;
  const path = resolve(dirname(file), verify);
  const text = readIfThere(path);
  if (text !== undefined) return text;
  throw new CliError('failed', `${path} is not there, which ${file} names as the authority to trust`);
};

/** Of TOML what that command line writes: `[section]`, and `key = value` with texts, numbers and words. */
const parseSettings = (text: string): Record<string, string> => {
  const settings: Record<string, string> = {};
  let section = '';
  for (const line of text.split('\n')) {
    const [, name] = /^\s*\[([\w.-]+)\]\s*(?:#.*)?$/.exec(line) ?? [];
    const [, key, quoted, plain] = /^\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s#"]+))/.exec(line) ?? [];
    if (name !== undefined) section = name;
    else if (key !== undefined)
      settings[`${section}.${key}`] = quoted === undefined ? (plain ?? '') : unquoted(quoted);
  }
  return settings;
};

const unquoted = (text: string): string => text.replace(/\\(["\\])/g, '$1');

const readIfThere = (file: string): string | undefined => {
  try {
    return statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw unreadable(file, error);
  }
};

const unreadable = (file: string, error: unknown): CliError =>
  new CliError('failed', `${file} cannot be read: ${errorMessage(error)}`, { cause: error });
