import { checkedPodId, PodCommand } from '../../../src/cli/apps/pod-command.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';

export default class MarathonPodShow extends PodCommand {
  static override summary = 'Print a pod and what runs of it as JSON';
  static override examples = [
    '<%= config.bin %> marathon pod show /web',
    '<%= config.bin %> marathon pod show /web | jq .spec',
  ];
  static override args = { id: requiredArgument('Id of the pod') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonPodShow);
    const id = checkedPodId(args.id);
    const { pods } = await this.connectForPods(flags);
    this.printJson(await pods.getStatus(id));
  }
}
