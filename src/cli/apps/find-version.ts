import { CliError } from '../errors/cli-error.ts';
import { formatCount } from '../output/format.ts';

/** The version that is meant: itself, or for `-1` the one before the newest. Throws CliError when there are fewer. */
export const findVersion = async (
  wanted: string,
  { id, versions: getVersions }: { id: string; versions: () => Promise<readonly string[]> },
): Promise<string> => {
  if (!/^[-+]?\d+$/.test(wanted)) return wanted;
  const steps = -Number(wanted);
  if (steps < 0) throw new CliError('usage', `How many versions back is negative: ${wanted}`);
  const versions = await getVersions();
  const version = versions[steps];
  if (version === undefined) {
    throw new CliError('not-found', `${id} has only ${formatCount(versions.length, 'version')}`);
  }
  return version;
};
