import { isNotFound } from '../../clients/api-error.ts';
import { MESOS } from '../../clients/mesos-client.ts';
import type { CurrentCluster } from '../clusters/current-cluster.ts';
import { CliError } from './cli-error.ts';

interface Missing {
  /** The path of the cluster at which it would be. */
  readonly path: RegExp;
  readonly message: string;
  readonly hint: string;
}

const alone = 'is a Mesos master that stands alone';

/** What is not at a Mesos master, and how to have it nevertheless. */
const MISSING: readonly Missing[] = [
  {
    path: /^\/service\/marathon\//,
    message: `${alone}, and nobody said where its Marathon is`,
    hint: 'plenum config set marathon.url URL says it; plenum marathon --master URL runs one',
  },
  {
    path: /^\/service\/metronome\//,
    message: `${alone}, and nobody said where its job service is`,
    hint: 'plenum config set job.url URL says it; plenum jobs --master URL runs one',
  },
  {
    path: /^\/(package|capabilities|cosmos)(\/|$)/,
    message: `${alone}, and nobody said where its package service is`,
    hint: 'plenum config set package.cosmos_url URL says it; plenum packages --master URL --marathon URL runs one',
  },
  {
    path: /^\//,
    message: `${alone}, which does not have this`,
    hint: 'It is a service of DC/OS and of clusters of plenum up',
  },
];

/** The same error, with its reason where a Mesos master that stands alone was asked for what is not Mesos. */
export const explainPlainCluster = (error: unknown, { name, url, mesosUrl }: CurrentCluster): unknown => {
  const isPlain = mesosUrl !== undefined && new URL(mesosUrl).origin === new URL(url).origin;
  if (!isPlain || !isNotFound(error) || error.isOwnForm || error.api === MESOS.name) return error;
  const { origin, pathname } = new URL(error.url);
  const missing =
    origin === new URL(url).origin ? MISSING.find(({ path }) => path.test(pathname)) : undefined;
  if (missing === undefined) return error;
  return new CliError('not-found', `Cluster ${name} ${missing.message}`, {
    hint: missing.hint,
    cause: error,
  });
};
