import type { PackageDefinition } from '../definition/package-definition.ts';
import { noSuchPackage, PackageDefect } from '../package-defect.ts';
import type { FileTree } from '../sources/file-tree.ts';
import { readRevisions } from '../sources/read-revisions.ts';

export interface ChosenRevision {
  readonly name: string;
  /** Number of the revision; default: the highest. */
  readonly revision?: number | undefined;
  readonly version?: string | undefined;
}

/** A revision of a package as readers of the repository see it. Throws PackageDefect when there is none or it is broken. */
export const readRevision = async (tree: FileTree, chosen: ChosenRevision): Promise<PackageDefinition> => {
  const files = new Map([...tree.files].filter(([path]) => path.split('/')[1] === chosen.name));
  if (files.size === 0) throw noSuchPackage(chosen.name, namesOf(tree));
  const { definitions, problems } = await readRevisions({ files, problems: [] });
  const wanted = definitions
    .filter(
      ({ summary: { releaseVersion, version } }) =>
        (chosen.revision === undefined || releaseVersion === chosen.revision) &&
        (chosen.version === undefined || version === chosen.version),
    )
    .sort((one, other) => other.summary.releaseVersion - one.summary.releaseVersion);
  const [newest] = wanted;
  if (newest) return newest.unpack();
  const [problem] = problems;
  throw new PackageDefect(
    problem
      ? `${problem.where}: ${problem.message}`
      : `${chosen.name} has no ${chosen.version === undefined ? `revision ${chosen.revision}` : `version ${chosen.version}`}`,
  );
};

const namesOf = ({ files }: FileTree): readonly string[] => [
  ...new Set([...files.keys()].map((path) => path.split('/')[1] ?? '')),
];
