import { requiredArgument } from '../../src/cli/arguments.ts';
import { RENDER_FLAGS } from '../../src/cli/catalog/package-flags.ts';
import { readOptions } from '../../src/cli/catalog/read-options.ts';
import { unknownOptionNotes } from '../../src/cli/catalog/unknown-option-notes.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';

export default class PackageRender extends ClusterCommand {
  static override summary = 'Print the app that installing a package would send to Marathon';
  static override examples = [
    '<%= config.bin %> package render hdfs --options options.json',
    '<%= config.bin %> package render hdfs --set service.name=my-hdfs',
    '<%= config.bin %> package render hdfs --options team.yaml --options mine.yaml',
  ];
  static override args = { name: requiredArgument('Name of the package') };
  static override flags = RENDER_FLAGS;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PackageRender);
    const { packages } = this.connect(flags);
    const options = await readOptions(flags, this.terminal);
    const request = {
      packageName: args.name,
      packageVersion: flags['package-version'],
      appId: flags['app-id'],
      options,
    };
    const app = await packages.render(request);
    if (options !== undefined) {
      const { package: definition } = await packages.describe(args.name, flags['package-version']);
      this.noteLines(unknownOptionNotes(definition.config, options));
    }
    this.printJson(app);
  }
}
