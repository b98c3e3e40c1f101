import { boolean } from '@oclif/core/flags';
import { checkedPodId, PodCommand } from '../../../src/cli/apps/pod-command.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { CliError } from '../../../src/cli/errors/cli-error.ts';
import { planFlag } from '../../../src/cli/flags.ts';

export default class MarathonPodKill extends PodCommand {
  static override summary = 'Kill instances of a pod, which Marathon then replaces';
  static override examples = ['<%= config.bin %> marathon pod kill /web web.instance-…'];
  static override usage = 'marathon pod kill ID INSTANCE... [FLAGS]';
  static override args = { id: requiredArgument('Id of the pod') };
  /** Any number of ids of instances follows. */
  static override strict = false;
  static override flags = {
    'dry-run': planFlag,
    wipe: boolean({ description: 'Take their reservations and volumes away too, with the data on them' }),
  };

  async run(): Promise<void> {
    const { args, flags, argv } = await this.parse(MarathonPodKill);
    const id = checkedPodId(args.id);
    const instanceIds = argv.slice(1).map(String);
    if (instanceIds.length === 0) {
      throw new CliError('usage', 'Please provide at least one pod instance ID', {
        hint: `plenum marathon pod show ${id} shows what there is`,
      });
    }
    const { pods } = await this.connectForPods(flags, this.connectOrPlan(flags));
    const killed = await pods.killInstances(id, instanceIds, { wipe: flags.wipe });
    if (flags.json) this.printJson(killed);
    if (killed.length > 0) return;
    throw new CliError('not-found', `None of these is an instance of ${id}`, {
      hint: `plenum marathon pod show ${id} shows what there is`,
    });
  }
}
