import { isNotFound } from '../../clients/api-error.ts';
import type { CosmosClient } from '../../clients/cosmos-client.ts';
import type { UninstalledPackage, UninstallProgress } from '../../clients/cosmos-types.ts';
import { CliError, interruption } from '../errors/cli-error.ts';
import type { Progress } from '../output/progress.ts';
import { type WaitOptions, waitUntil } from '../waiting.ts';

const PHASES: Readonly<Record<string, string>> = {
  STOPPING_APP: 'its app is being removed',
  TEARING_DOWN: 'its framework is being shut down',
  FREEING_RESOURCES: 'its volumes and reservations are being freed',
};

const GOES_ON = 'The uninstallation goes on by itself; the same command with --wait waits for its end';

/**
 * Waits until what was uninstalled is gone entirely, reservations and volumes included. Throws CliError when it failed or
 * is not done in time.
 */
export const waitForUninstall = async (
  uninstalled: readonly UninstalledPackage[],
  { packages, progress, ...wait }: WaitOptions & { packages: CosmosClient; progress: Progress },
): Promise<void> => {
  for (const result of uninstalled) {
    const { appId, packageName } = result;
    let latest: UninstallProgress | undefined = result.uninstall;
    let told = '';
    try {
      const isDone = await waitUntil(async () => {
        latest = await progressOf(result, packages, latest);
        if (latest.state === 'DONE') return true;
        if (latest.state === 'FAILED') {
          throw new CliError(
            'failed',
            `The uninstallation of ${packageName} (${appId}) failed: ${latest.problem}`,
          );
        }
        const phase = latest.phase ?? '';
        if (phase !== told && PHASES[phase] !== undefined) {
          told = phase;
          progress.note(`${appId}: ${PHASES[phase]}`);
        }
        progress.say(`Uninstalling ${packageName} (${appId}): ${phaseText(latest)}`);
        return undefined;
      }, wait);
      if (isDone) continue;
    } catch (error) {
      throw wait.signal.aborted ? interruption(GOES_ON) : error;
    } finally {
      progress.stop();
    }
    throw new CliError(
      'timed-out',
      `${packageName} (${appId}) is not uninstalled yet: ${phaseText(latest)}`,
      {
        hint: GOES_ON,
      },
    );
  }
};

const phaseText = (progress: UninstallProgress | undefined): string => {
  const phase = PHASES[progress?.phase ?? ''] ?? 'it is under way';
  return progress?.problem === undefined ? phase : `${phase} (${progress.problem})`;
};

/** A service that does not tell how far it is has done its part once the app is no longer listed. */
const progressOf = async (
  { appId, uninstall }: UninstalledPackage,
  packages: CosmosClient,
  latest: UninstallProgress | undefined,
): Promise<UninstallProgress> => {
  if (latest?.state === 'DONE') return latest;
  if (uninstall) {
    try {
      const known = await packages.getUninstalls();
      const found = known.find((candidate) => candidate.uninstall?.id === uninstall.id)?.uninstall;
      return found ?? { ...uninstall, state: 'DONE' };
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  const isListed = (await packages.list({ appId })).length > 0;
  return { id: appId, state: isListed ? 'UNDER_WAY' : 'DONE' };
};
