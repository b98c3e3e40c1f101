import { boolean, string } from '@oclif/core/flags';
import { BaseCommand } from '../src/cli/base-command.ts';
import { masterFlags } from '../src/cli/master-flags.ts';
import { becomeProgram, programArguments } from '../src/cli/run-program.ts';
import { serverFlags } from '../src/cli/server-flags.ts';

export default class Master extends BaseCommand {
  static override summary = 'Run a Mesos master alone, in the foreground';
  static override examples = [
    '<%= config.bin %> master --port 5050 --work-dir ./master',
    '<%= config.bin %> master --host 10.0.0.1 --work-dir ./master',
    '<%= config.bin %> master --preemption --agent_removal_rate_limit 1/10mins',
  ];
  static override flags = {
    ...serverFlags(5050),
    tls: boolean({ description: 'Speak TLS and ask who is calling, also on this machine' }),
    'security-dir': string({
      description: "The cluster's authority, certificates and join token; default: WORK-DIR/security",
      helpValue: 'FOLDER',
    }),
    authenticate_http_frameworks: boolean({ description: 'Ask frameworks who they are' }),
    authenticate_agents: boolean({ description: 'Ask agents who they are' }),
    ...masterFlags(),
    'cluster-name': string({ description: 'What the cluster calls itself', helpValue: 'NAME' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Master);
    becomeProgram('server', ['master', ...programArguments(flags)]);
  }
}
