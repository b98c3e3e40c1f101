import { nearestName } from '../../universe/options/nearest-name.ts';
import type { KnownCluster } from '../clusters/known-clusters.ts';
import { readCertificates } from '../clusters/secret-files.ts';
import { clusterUrl } from '../clusters/set-up-cluster.ts';
import { CliError } from '../errors/cli-error.ts';

/** What is kept of a cluster, under the names that the DC/OS command line has for it (cli.md 13.3). */
export interface Setting {
  readonly key: string;
  readonly meaning: string;
  /** It is shown as stars among others. */
  readonly isSecret?: boolean;
  /** The variable that stands in for it where it is set. */
  readonly variable?: string;
  readonly read: (cluster: KnownCluster) => string | undefined;
  /** Undefined takes it away. Throws CliError for what cannot be. */
  readonly write: (cluster: KnownCluster, value: string | undefined) => KnownCluster;
}

type OptionalField = Exclude<keyof KnownCluster, 'name' | 'url'>;

const without = (cluster: KnownCluster, ...fields: OptionalField[]): KnownCluster => {
  const rest: Record<string, unknown> & KnownCluster = { ...cluster };
  for (const field of fields) delete rest[field];
  return rest;
};

const address = (
  key: string,
  field: 'mesosUrl' | 'marathonUrl' | 'packagesUrl' | 'jobsUrl',
  meaning: string,
): Setting => ({
  key,
  meaning,
  read: (cluster) => cluster[field],
  write: (cluster, value) =>
    value === undefined ? without(cluster, field) : { ...cluster, [field]: clusterUrl(value) },
});

/** What is kept as it was typed, once it was checked. */
const plain = (
  key: string,
  meaning: string,
  { check = () => undefined, variable }: { check?: (value: string) => void; variable?: string } = {},
): Setting => ({
  key,
  meaning,
  ...(variable === undefined ? {} : { variable }),
  read: ({ settings }) => settings?.[key],
  write: (cluster, value) => {
    if (value !== undefined) check(value);
    const { [key]: _before, ...others } = cluster.settings ?? {};
    const settings = value === undefined ? others : { ...others, [key]: value };
    const rest = without(cluster, 'settings');
    return Object.keys(settings).length === 0 ? rest : { ...rest, settings };
  },
});

const checkWord = (value: string): void => {
  if (/^(true|false|t|f|1|0)$/i.test(value)) return;
  throw new CliError('usage', `"${value}" is neither true nor false`);
};

const checkSeconds = (value: string): void => {
  if (/^\d{1,6}$/.test(value)) return;
  throw new CliError('usage', `"${value}" is no number of seconds`, { hint: 'Such as 60; 0 is the default' });
};

const required = (key: string): CliError =>
  new CliError('usage', `${key} cannot be taken away`, { hint: 'plenum cluster remove forgets the cluster' });

/** In the order of their keys. */
export const SETTINGS: readonly Setting[] = [
  {
    key: 'cluster.name',
    meaning: 'What the cluster is called here',
    read: ({ name }) => name,
    write: ({ name }) => {
      throw new CliError('usage', 'The name of a cluster is no setting of it', {
        hint: `plenum cluster rename ${name} NAME`,
      });
    },
  },
  {
    key: 'core.dcos_acs_token',
    meaning: 'The token that is sent',
    isSecret: true,
    variable: 'DCOS_ACS_TOKEN',
    read: ({ token }) => token,
    write: (cluster, value) =>
      value === undefined ? without(cluster, 'token') : { ...cluster, token: value },
  },
  {
    key: 'core.dcos_url',
    meaning: 'Address of the cluster; another one forgets the token',
    read: ({ url }) => url,
    write: (cluster, value) => {
      if (value === undefined) throw required('core.dcos_url');
      return { ...without(cluster, 'token'), url: clusterUrl(value) };
    },
  },
  address('core.mesos_master_url', 'mesosUrl', 'Where the master is, when not below the address'),
  plain('core.pagination', 'Whether long output goes through a pager; default: true', { check: checkWord }),
  plain('core.ssh_proxy_ip', 'The host by way of which plenum node ssh goes'),
  plain('core.ssh_user', 'As whom plenum node ssh logs in; default: as ssh decides'),
  {
    key: 'core.ssl_verify',
    meaning: 'Whose certificates are trusted: true, false, or a file of authorities in PEM',
    variable: 'DCOS_SSL_VERIFY',
    read: ({ ca, isInsecure }) =>
      isInsecure ? 'false' : ca === undefined ? 'true' : 'an authority of its own',
    write: (cluster, value = 'true') => {
      const rest = without(cluster, 'ca', 'isInsecure');
      if (/^(true|t|1)$/i.test(value)) return rest;
      return /^(false|f|0)$/i.test(value)
        ? { ...rest, isInsecure: true }
        : { ...rest, ca: readCertificates(value) };
    },
  },
  plain('core.timeout', 'How many seconds an answer may take; default: 30', {
    check: checkSeconds,
    variable: 'DCOS_TIMEOUT',
  }),
  address('job.url', 'jobsUrl', 'Where jobs are, when not below the address'),
  address('marathon.url', 'marathonUrl', 'Where Marathon is, when not below the address'),
  address('package.cosmos_url', 'packagesUrl', 'Where packages are, when not below the address'),
];

const OWN_SECTIONS = new Set(SETTINGS.map(({ key }) => key.split('.', 1)[0]));

/**
 * The setting of a key. Those of sections that are not Plenum's own belong to plugins, which are told of them. Throws CliError
 * for a key that there is not.
 */
export const findSetting = (key: string): Setting => {
  const setting = SETTINGS.find((known) => known.key === key);
  if (setting) return setting;
  const [, section] = /^([A-Za-z0-9_-]+)\.[A-Za-z0-9_.-]+$/.exec(key) ?? [];
  if (section !== undefined && !OWN_SECTIONS.has(section))
    return plain(key, `For the commands of ${section}`);
  const near = nearestName(
    key,
    SETTINGS.map((known) => known.key),
  );
  throw new CliError('not-found', `There is no setting ${key}`, {
    hint: near === undefined ? 'plenum config keys lists them' : `Did you mean ${near}?`,
  });
};

/** All that a cluster has, those of plugins last. */
export const settingsOf = ({ settings = {} }: KnownCluster): readonly Setting[] => {
  const others = Object.keys(settings).filter((key) => SETTINGS.every((known) => known.key !== key));
  return [...SETTINGS, ...others.sort().map(findSetting)];
};
