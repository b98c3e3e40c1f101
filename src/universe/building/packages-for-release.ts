import type { BuiltPackage } from './built-package.ts';
import { downgradeToV3, downgradeToV4 } from './downgrade-package.ts';
import { compareVersions, type RepositoryVersion, repositoryVersionOf } from './releases.ts';

/** The packages that work on a release, in the format that its clusters read: JSON texts, in the order given. */
export function* packagesForRelease(
  packages: readonly BuiltPackage[],
  release: string,
  version: RepositoryVersion = repositoryVersionOf(release),
): Generator<string> {
  for (const built of packages) {
    if (compareVersions(built.minimumRelease, release) > 0) continue;
    // Without its manager it cannot be installed, and older clusters know of none.
    if (version !== 'v5' && built.isManaged) continue;
    if (version === 'v3') yield downgradeToV3(built.json);
    else if (version === 'v4' && built.packagingVersion === '5.0') yield downgradeToV4(built.json);
    else yield built.json;
  }
}

/** A built repository, piece by piece (reference 1.9): as a whole it may have many megabytes. */
export function* repositoryPieces(packages: Iterable<string>): Generator<string> {
  let separator = '{"packages":[';
  for (const json of packages) {
    yield separator + json;
    separator = ',';
  }
  yield separator === ',' ? ']}' : '{"packages":[]}';
}
