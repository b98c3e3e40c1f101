import { problemLines, REPOSITORY_COLUMNS } from '../../../src/cli/catalog/repository-table.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';

export default class PackageRepoList extends ClusterCommand {
  static override summary = 'List the repositories that packages come from, the first first';
  static override examples = [
    '<%= config.bin %> package repo list',
    '<%= config.bin %> package repo list --json',
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(PackageRepoList);
    const repositories = await this.connect(flags).packages.listRepositories();
    if (flags.json) return this.printJson({ repositories });
    await this.printTable(REPOSITORY_COLUMNS, repositories);
    for (const line of repositories.flatMap(problemLines)) this.note(line);
  }
}
