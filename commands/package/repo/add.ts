import { requiredArgument } from '../../../src/cli/arguments.ts';
import { repositoryUri } from '../../../src/cli/catalog/repository-uri.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { count } from '../../../src/cli/flags.ts';

export default class PackageRepoAdd extends ClusterCommand {
  static override summary = 'Add a repository of packages';
  static override description =
    `A repository is a folder in the Universe format, a Git URL (a branch behind #), or an HTTP URL that serves a built repository.
Where two repositories have a package of one name, the one with the lower index counts.`;
  static override examples = [
    '<%= config.bin %> package repo add mine ./universe --index 0',
    '<%= config.bin %> package repo add team https://example.com/universe.git#stable',
  ];
  static override args = {
    name: requiredArgument('Name of the repository'),
    uri: requiredArgument('A folder, a Git URL or an HTTP URL'),
  };
  static override flags = {
    index: count({ description: 'Its place, 0 being the first; default: the last', helpValue: 'NUMBER' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PackageRepoAdd);
    const { packages } = this.connect(flags);
    const uri = repositoryUri(args.uri);
    const repositories = await packages.addRepository({ name: args.name, uri, index: flags.index });
    if (flags.json) this.printJson({ repositories });
    else this.note(`Added repository ${args.name} (${uri})`);
  }
}
