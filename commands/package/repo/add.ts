import { string } from '@oclif/core/flags';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { readVerificationKey } from '../../../src/cli/catalog/read-verification-key.ts';
import { repositoryUri } from '../../../src/cli/catalog/repository-uri.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { CliError } from '../../../src/cli/errors/cli-error.ts';
import { count, planFlag } from '../../../src/cli/flags.ts';
import type { PackageRepository } from '../../../src/clients/cosmos-types.ts';

export default class PackageRepoAdd extends ClusterCommand {
  static override summary = 'Add a repository of packages';
  static override description =
    `A repository is a folder in the Universe format, a file (JSON of a built one, zip or tar of a folder), a Git URL (with a
branch, tag or commit behind #), an HTTP URL that serves such a file, or an artifact in an OCI registry.
Where two repositories have a package of one name, the one with the lower index counts.`;
  static override examples = [
    '<%= config.bin %> package repo add mine ./universe --index 0',
    '<%= config.bin %> package repo add team https://example.com/universe.git#stable',
    '<%= config.bin %> package repo add signed https://example.com/universe.json --verify minisign.pub',
    '<%= config.bin %> package repo add shared oci://registry.example.com/team/universe:1',
  ];
  static override args = {
    name: requiredArgument('Name of the repository'),
    uri: requiredArgument('A folder, a file, a Git, HTTP or oci: URL'),
  };
  static override flags = {
    'dry-run': planFlag,
    index: count({ description: 'Its place, 0 being the first; default: the last', helpValue: 'NUMBER' }),
    verify: string({
      description: 'Public key of minisign by which it must be signed, now and later: the key or its file',
      helpValue: 'KEY',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PackageRepoAdd);
    const { packages } = this.connectOrPlan(flags);
    const uri = repositoryUri(args.uri);
    const key = flags.verify === undefined ? undefined : readVerificationKey(flags.verify);
    const repositories = await packages.addRepository({ name: args.name, uri, index: flags.index, key });
    if (key !== undefined && repositories.find(({ name }) => name === args.name)?.key !== key) {
      await packages.deleteRepository(args.name);
      throw new CliError(
        'failed',
        'The package service of this cluster does not check signatures: nothing was added',
      );
    }
    if (flags.json) this.printJson({ repositories });
    else this.note(`Added repository ${args.name} (${uri})${placeIn(repositories, args.name)}`);
  }
}

/** That it came last, and counts least, surprises people. */
const placeIn = (repositories: readonly PackageRepository[], name: string): string => {
  const index = repositories.findIndex((repository) => repository.name === name);
  const isLast = index > 0 && index === repositories.length - 1;
  return isLast ? `: the last of ${repositories.length}, whose packages the others hide` : '';
};
