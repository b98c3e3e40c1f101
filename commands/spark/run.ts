import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { boolean, string } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { planFlag, waitFlag } from '../../src/cli/flags.ts';
import { sparkServiceFlag } from '../../src/cli/spark/spark-flags.ts';
import { waitForProgram } from '../../src/cli/spark/wait-for-program.ts';

export default class SparkRun extends ClusterCommand {
  static override summary = 'Run a program on the package spark';
  static override description =
    `The program is an archive (jar) that the workers can fetch: a URI, or a path that is the same on them. Its driver runs on a worker, too. Prints the id of the submission. With --wait the command ends when the program does: with 0 when it has succeeded, with 1 when it has failed.`;
  static override examples = [
    '<%= config.bin %> spark run --class org.example.Count --wait https://example.com/count.jar 1000',
    '<%= config.bin %> spark run --class org.example.Count --conf spark.executor.memory=1g count.jar -- --fast',
  ];
  static override usage = 'spark run --class CLASS PROGRAM [ARGUMENT...] [FLAGS]';
  static override strict = false;
  static override args = { program: requiredArgument('URI or path of the archive') };
  static override flags = {
    'dry-run': planFlag,
    class: string({ description: 'Class that has the method main', required: true, helpValue: 'CLASS' }),
    service: sparkServiceFlag,
    conf: string({
      description: 'A setting of Spark, such as spark.cores.max=2; repeatable',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME=VALUE',
    }),
    supervise: boolean({ description: 'Start the driver again when it fails' }),
    wait: waitFlag,
  };

  async run(): Promise<void> {
    const { args, argv, flags } = await this.parse(SparkRun);
    const properties = Object.fromEntries((flags.conf ?? []).map(setting));
    const spark = this.connectOrPlan(flags).spark(flags.service);
    const id = await spark.submit({
      archive: archiveOf(args.program),
      mainClass: flags.class,
      arguments: argv.slice(1).map(String),
      properties: { ...properties, ...(flags.supervise && { 'spark.driver.supervise': 'true' }) },
    });
    if (!flags.json) this.print(id);
    if (flags.wait) {
      const { signal } = this.terminal;
      const progress = this.createProgress();
      await waitForProgram(id, { spark, progress, signal, deadline: this.waitDeadline(flags) });
      this.note(`${id} has succeeded`);
    }
    if (flags.json) this.printJson(await spark.getSubmission(id));
  }
}

const setting = (text: string): [string, string] => {
  const [, name, value] = /^([^=\s]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new CliError('usage', `--conf ${text} is not NAME=VALUE`);
  }
  return [name, value];
};

const archiveOf = (program: string): string =>
  /^[a-z][a-z0-9+.-]*:/i.test(program) ? program : pathToFileURL(resolve(program)).href;
