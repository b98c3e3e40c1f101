import { string } from '@oclif/core/flags';
import { BaseCommand } from '../src/cli/base-command.ts';
import { becomeProgram, programArguments } from '../src/cli/run-program.ts';
import { serverFlags, tlsFlags } from '../src/cli/server-flags.ts';

export default class Packages extends BaseCommand {
  static override summary = 'Run the package service alone, in the foreground';
  static override examples = [
    '<%= config.bin %> packages --master http://127.0.0.1:5050 --marathon http://127.0.0.1:8080',
  ];
  static override flags = {
    ...serverFlags(7070),
    ...tlsFlags(),
    master: string({ description: 'The master', required: true, helpValue: 'URL' }),
    marathon: string({ description: 'Marathon', required: true, helpValue: 'URL' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Packages);
    becomeProgram('server', ['packages', ...programArguments(flags)]);
  }
}
