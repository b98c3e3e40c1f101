import type { CommandInfo, KillPolicy, TaskInfo, ValueScalar } from '../../../mesos/generated/mesos.ts';
import type { AppDefinition, FetchUri } from '../../definitions/app.ts';

/** Parts of a TaskInfo that apps and containers of pods have alike; no field for what is not asked for. */

const NANOSECONDS_PER_SECOND = 1_000_000_000;

export const urisOf = (fetch: readonly FetchUri[]): Pick<CommandInfo, 'uris'> =>
  fetch.length === 0
    ? {}
    : {
        uris: fetch.map(({ uri, extract, executable, cache, destPath }) => ({
          value: uri,
          extract,
          executable,
          cache,
          ...(destPath === undefined ? {} : { output_file: destPath }),
        })),
      };

export const userOf = (user: string | undefined): Pick<CommandInfo, 'user'> =>
  user === undefined ? {} : { user };

export const killPolicyOf = (graceSeconds: number | undefined): { kill_policy?: KillPolicy } =>
  graceSeconds === undefined
    ? {}
    : { kill_policy: { grace_period: { nanoseconds: graceSeconds * NANOSECONDS_PER_SECOND } } };

export const limitsOf = (limits: AppDefinition['resourceLimits'] = {}): Pick<TaskInfo, 'limits'> => {
  const entries = Object.entries(limits).map(([name, limit]): [string, ValueScalar] => [
    name,
    { value: limit === 'unlimited' ? Number.POSITIVE_INFINITY : limit },
  ]);
  return entries.length === 0 ? {} : { limits: Object.fromEntries(entries) };
};
