import { optionalArgument } from '../../src/cli/arguments.ts';
import { FOUND_COLUMNS } from '../../src/cli/catalog/package-tables.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';

export default class PackageSearch extends ClusterCommand {
  static override summary = 'Search the packages of all repositories';
  static override examples = [
    '<%= config.bin %> package search',
    '<%= config.bin %> package search hdfs',
    "<%= config.bin %> package search 'h*' --json",
  ];
  static override args = {
    query: optionalArgument(
      'Part of a name, tag or description; with * the whole of one, * standing for anything',
    ),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PackageSearch);
    const found = await this.connect(flags).packages.search(args.query);
    if (flags.json) return this.printJson(found);
    if (found.packages.length === 0 && args.query !== undefined) {
      throw new CliError('not-found', `No package matches "${args.query}"`, {
        hint: 'plenum package search lists all packages, plenum package repo list where they come from',
      });
    }
    await this.printTable(FOUND_COLUMNS, found.packages);
  }
}
