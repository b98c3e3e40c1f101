import { BaseCommand } from '../../src/cli/base-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { marathonFlags } from '../../src/cli/marathon-flags.ts';
import { understandOriginalFlags } from '../../src/cli/original-marathon-flags.ts';
import { becomeProgram, programArguments } from '../../src/cli/run-program.ts';
import { masterFlag, serverFlags, tlsFlags } from '../../src/cli/server-flags.ts';

export default class Marathon extends BaseCommand {
  static override summary = 'Run apps; with --master: run Marathon alone, in the foreground';
  static override description =
    `The commands below it are about the apps of a cluster. By itself it runs Marathon as a framework of any Mesos master. Command lines of Apache's Marathon are understood: what has no effect here is told, and what there is not is refused with the reason.`;
  static override examples = [
    '<%= config.bin %> marathon --master http://127.0.0.1:5050',
    '<%= config.bin %> marathon --master http://10.0.0.1:5050 --master http://10.0.0.2:5050 --mesos_role prod',
    '<%= config.bin %> marathon app list',
  ];
  static override flags = {
    ...serverFlags(8080),
    ...tlsFlags(),
    ...marathonFlags(),
    master: masterFlag('Run Marathon with this master; may be given several times'),
  };

  async run(): Promise<void> {
    const { argv, notes } = understandOriginalFlags(this.argv);
    const { flags } = await this.parse(Marathon, [...argv]);
    this.noteLines(notes);
    if (flags.master === undefined) {
      throw new CliError('usage', 'Missing: --master, or what to do with Marathon', {
        hint: 'plenum marathon --help lists the commands',
      });
    }
    becomeProgram('server', ['marathon', ...programArguments(flags)]);
  }
}
