import { boolean } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { RENDER_FLAGS } from '../../src/cli/catalog/package-flags.ts';
import { readOptions } from '../../src/cli/catalog/read-options.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';

export default class PackageDescribe extends ClusterCommand {
  static override summary = 'Print what a package is, as JSON';
  static override description =
    `With --config the schema of its options is printed, with --app the template of its app, with --app and --render or --options the app as it would be installed.`;
  static override examples = [
    '<%= config.bin %> package describe hdfs',
    '<%= config.bin %> package describe hdfs --config',
    '<%= config.bin %> package describe hdfs --package-versions',
    '<%= config.bin %> package describe hdfs --app --render --options options.json',
  ];
  static override args = { name: requiredArgument('Name of the package') };
  static override flags = {
    ...RENDER_FLAGS,
    config: boolean({ description: 'The schema of its options' }),
    app: boolean({ description: 'The template of its app' }),
    render: boolean({ description: 'The app as it would be installed' }),
    cli: boolean({ description: 'What it adds to the command line' }),
    'package-versions': boolean({ description: 'Its versions' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PackageDescribe);
    const { packages } = this.connect(flags);
    if (flags['package-versions']) {
      return this.printJson(Object.keys(await packages.listVersions(args.name)).sort());
    }
    const options = await readOptions(flags, this.terminal);
    if (flags.render || (flags.app && options !== undefined)) {
      const request = { packageName: args.name, packageVersion: flags['package-version'], options };
      return this.printJson(await packages.render({ ...request, appId: flags['app-id'] }));
    }
    const description = await packages.describe(args.name, flags['package-version']);
    const { config, marathon, resource, command } = description.package;
    if (flags.config) this.printJson(config ?? {});
    else if (flags.app) this.print(Buffer.from(marathon?.v2AppMustacheTemplate ?? '', 'base64').toString());
    else if (flags.cli) this.printJson(resource?.cli ?? command ?? {});
    else this.printJson(description);
  }
}
