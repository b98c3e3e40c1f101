import { ApiError } from '../../clients/api-error.ts';
import type { PackageDefinition } from '../../clients/cosmos-types.ts';
import { isReleaseAtLeast } from '../../universe/definition/is-release-at-least.ts';

/**
 * A line when a package was made for a newer cluster than this one. Packages are offered all the same (universe.md 2.5):
 * servers of universes leave out what does not fit, folders and Git do not.
 */
export const releaseNotes = async (
  { name, version, minDcosReleaseVersion: minimum }: PackageDefinition,
  askRelease: () => Promise<string>,
): Promise<string[]> => {
  if (minimum === undefined) return [];
  try {
    const release = await askRelease();
    if (isReleaseAtLeast(release, minimum)) return [];
    return [
      `Warning: ${name} ${version} is made for DC/OS ${minimum} or newer, and this cluster is like ${release}`,
    ];
  } catch (error) {
    // A package service that stands alone knows no release.
    if (error instanceof ApiError) return [];
    throw error;
  }
};
