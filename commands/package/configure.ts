import { string } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { configurePackage } from '../../src/cli/catalog/configure/configure-package.ts';
import { readPresentOptions, writeOptions } from '../../src/cli/catalog/configure/options-file.ts';
import { terminalQuestions } from '../../src/cli/catalog/configure/questions.ts';
import { RENDER_FLAGS } from '../../src/cli/catalog/package-flags.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { canAsk } from '../../src/cli/output/terminal.ts';
import { isJsonObject } from '../../src/universe/json/json.ts';

export default class PackageConfigure extends ClusterCommand {
  static override summary = 'Answer questions about the options of a package, and write them to a file';
  static override description =
    `The questions come from the schema of the package, and answers are checked as they are typed. What the package cannot do without is asked first; the rest is chosen from a list. The file has what differs from the defaults; where there is one already, its answers are the ones to begin with.`;
  static override examples = [
    '<%= config.bin %> package configure hdfs',
    '<%= config.bin %> package configure hdfs --output team.json',
    '<%= config.bin %> package install hdfs --options hdfs-options.yaml',
  ];
  static override args = { name: requiredArgument('Name of the package') };
  static override flags = {
    output: string({
      description: 'The file to write, YAML or JSON by its name; default: NAME-options.yaml',
      helpValue: 'FILE',
    }),
    'package-version': RENDER_FLAGS['package-version'],
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PackageConfigure);
    if (!canAsk(this.terminal)) {
      throw new CliError('usage', 'This asks questions, and there is no terminal to answer at', {
        hint: `plenum package describe ${args.name} --config shows the options; give them with --options or --set`,
      });
    }
    const { package: definition } = await this.connect(flags).packages.describe(
      args.name,
      flags['package-version'],
    );
    const { name, version, config } = definition;
    if (!isJsonObject(config)) throw new CliError('failed', `Package ${name} ${version} has no options`);
    const file = flags.output ?? `${name}-options.yaml`;
    const options = await configurePackage(config, {
      given: await readPresentOptions(file),
      doneText: `Write ${file}`,
      questions: terminalQuestions(this.terminal),
    });
    await writeOptions(file, options);
    this.note(`Wrote ${file}: plenum package install ${name} --options ${file}`);
    if (flags.json) this.printJson(options);
  }
}
