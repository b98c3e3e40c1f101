import { custom } from '@oclif/core/args';
import { BaseCommand } from '../src/cli/base-command.ts';
import { completionScript, SHELLS, type Shell } from '../src/cli/completion/completion-script.ts';

export default class Completion extends BaseCommand {
  static override summary = 'Print the script that completes commands, flags and names in a shell';
  static override description =
    `Names of apps, tasks, nodes, packages and so on are those of the cluster that is meant. bash and zsh take the script
by source <(plenum completion bash), fish from a file in ~/.config/fish/completions.`;
  static override examples = [
    'source <(<%= config.bin %> completion bash)',
    '<%= config.bin %> completion fish > ~/.config/fish/completions/plenum.fish',
  ];
  static override args = {
    shell: custom<Shell>({
      description: 'The shell',
      options: [...SHELLS],
      parse: async (text) => text as Shell,
      ignoreStdin: true,
    })({ required: true }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Completion);
    this.print(completionScript(args.shell));
  }
}
