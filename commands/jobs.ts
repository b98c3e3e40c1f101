import { string } from '@oclif/core/flags';
import { BaseCommand } from '../src/cli/base-command.ts';
import { becomeProgram, programArguments } from '../src/cli/run-program.ts';
import { serverFlags, tlsFlags } from '../src/cli/server-flags.ts';

export default class Jobs extends BaseCommand {
  static override summary = 'Run the job service alone, in the foreground';
  static override description =
    `It is a framework of any Mesos master and speaks Metronome's API. The commands below plenum job are about its jobs.`;
  static override examples = ['<%= config.bin %> jobs --master http://127.0.0.1:5050'];
  static override flags = {
    ...serverFlags(9000),
    ...tlsFlags(),
    master: string({
      description: 'The master; may be given several times',
      required: true,
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'URL',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Jobs);
    becomeProgram('server', ['jobs', ...programArguments(flags)]);
  }
}
