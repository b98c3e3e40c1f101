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
  field: 'mesosUrl' | 'marathonUrl' | 'packagesUrl',
  meaning: string,
): Setting => ({
  key,
  meaning,
  read: (cluster) => cluster[field],
  write: (cluster, value) =>
    value === undefined ? without(cluster, field) : { ...cluster, [field]: clusterUrl(value) },
});

const required = (key: string): CliError =>
  new CliError('usage', `${key} cannot be taken away`, { hint: 'plenum cluster remove forgets the cluster' });

export const SETTINGS: readonly Setting[] = [
  {
    key: 'core.dcos_url',
    meaning: 'Address of the cluster; another one forgets the token',
    read: ({ url }) => url,
    write: (cluster, value) => {
      if (value === undefined) throw required('core.dcos_url');
      return { ...without(cluster, 'token'), url: clusterUrl(value) };
    },
  },
  {
    key: 'core.dcos_acs_token',
    meaning: 'The token that is sent',
    isSecret: true,
    read: ({ token }) => token,
    write: (cluster, value) =>
      value === undefined ? without(cluster, 'token') : { ...cluster, token: value },
  },
  {
    key: 'core.ssl_verify',
    meaning: 'Whose certificates are trusted: true, false, or a file of authorities in PEM',
    read: ({ ca, isInsecure }) =>
      isInsecure ? 'false' : ca === undefined ? 'true' : 'an authority of its own',
    write: (cluster, value = 'true') => {
      const plain = without(cluster, 'ca', 'isInsecure');
      if (/^(true|t|1)$/i.test(value)) return plain;
      return /^(false|f|0)$/i.test(value)
        ? { ...plain, isInsecure: true }
        : { ...plain, ca: readCertificates(value) };
    },
  },
  address('core.mesos_master_url', 'mesosUrl', 'Where the master is, when not below the address'),
  address('marathon.url', 'marathonUrl', 'Where Marathon is, when not below the address'),
  address('package.cosmos_url', 'packagesUrl', 'Where packages are, when not below the address'),
];

/** Throws CliError for a key that there is not. */
export const findSetting = (key: string): Setting => {
  const setting = SETTINGS.find((known) => known.key === key);
  if (setting) return setting;
  throw new CliError('not-found', `There is no setting ${key}`, { hint: 'plenum config keys lists them' });
};
