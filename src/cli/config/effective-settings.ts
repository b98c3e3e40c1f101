import type { KnownCluster } from '../clusters/known-clusters.ts';
import { settingsOf } from './settings.ts';

/** A setting as it counts, and where it comes from (cli.md 13.3, 15: 24). */
export interface EffectiveSetting {
  readonly key: string;
  readonly value: string;
  /** A variable of the environment, or the file of the cluster. */
  readonly origin: string;
  readonly isSecret: boolean;
}

/** The settings of a cluster that have a value; the environment comes before the file. */
export const effectiveSettings = (
  cluster: KnownCluster,
  { env, file }: { readonly env: Readonly<NodeJS.ProcessEnv>; readonly file: string },
): EffectiveSetting[] =>
  settingsOf(cluster).flatMap(({ key, read, variable, isSecret = false }) => {
    const ofVariable = variable === undefined ? undefined : env[variable];
    const value = ofVariable || read(cluster);
    return value === undefined
      ? []
      : [{ key, value, origin: ofVariable ? (variable ?? file) : file, isSecret }];
  });
