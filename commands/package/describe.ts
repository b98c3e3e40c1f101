import { boolean } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { optionLines } from '../../src/cli/catalog/option-lines.ts';
import { RENDER_FLAGS } from '../../src/cli/catalog/package-flags.ts';
import { readOptions } from '../../src/cli/catalog/read-options.ts';
import { unknownOptionNotes } from '../../src/cli/catalog/unknown-option-notes.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { createPaint } from '../../src/cli/output/paint.ts';
import { isJsonObject } from '../../src/universe/json/json.ts';
import { optionTree } from '../../src/universe/options/option-tree.ts';

export default class PackageDescribe extends ClusterCommand {
  static override summary = 'Print what a package is, as JSON';
  static override description =
    `With --config its options are printed on a terminal as a tree with their types, defaults and rules; programs, and those who say --json, get the schema itself, and -o wide is the tree wherever it goes. With --app the template of its app is printed, with --app and --render or --options the app as it would be installed.`;
  static override examples = [
    '<%= config.bin %> package describe hdfs',
    '<%= config.bin %> package describe hdfs --config',
    '<%= config.bin %> package describe hdfs --config | jq .properties.service',
    '<%= config.bin %> package describe hdfs --package-versions',
    '<%= config.bin %> package describe hdfs --app --render --options options.json',
  ];
  static override args = { name: requiredArgument('Name of the package') };
  static override flags = {
    ...RENDER_FLAGS,
    config: boolean({ description: 'Its options: a tree for people, their schema for programs' }),
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
    const description = await packages.describe(args.name, flags['package-version']);
    const { config, marathon, resource, command } = description.package;
    if (flags.render || (flags.app && options !== undefined)) {
      this.noteLines(unknownOptionNotes(config, options));
      const request = { packageName: args.name, packageVersion: flags['package-version'], options };
      return this.printJson(await packages.render({ ...request, appId: flags['app-id'] }));
    }
    if (flags.config && this.#isForPeople(flags.json)) await this.#printOptions(config);
    else if (flags.config) this.printJson(config ?? {});
    else if (flags.app) this.print(Buffer.from(marathon?.v2AppMustacheTemplate ?? '', 'base64').toString());
    else if (flags.cli) this.printJson(resource?.cli ?? command ?? {});
    else this.printJson(description);
  }

  /** What dcos printed was the schema, and scripts read it. */
  #isForPeople(json: boolean): boolean {
    return !json && (this.terminal.out.isTty || this.isWide);
  }

  async #printOptions(config: object | undefined): Promise<void> {
    const options = isJsonObject(config) ? optionTree(config) : [];
    if (options.length === 0) return this.note('This package has no options');
    const { columns, hasColor } = this.terminal.out;
    this.printLines(optionLines(options, { columns, paint: await createPaint(hasColor) }));
  }
}
