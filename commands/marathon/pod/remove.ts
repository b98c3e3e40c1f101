import { followDeployment } from '../../../src/cli/apps/follow-deployment.ts';
import { checkedPodId, PodCommand } from '../../../src/cli/apps/pod-command.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { dryRunFlag, forceFlag, waitFlag } from '../../../src/cli/flags.ts';

export default class MarathonPodRemove extends PodCommand {
  static override summary = 'Remove a pod with all its instances';
  static override examples = [
    '<%= config.bin %> marathon pod remove /web',
    '<%= config.bin %> marathon pod remove /web --force --wait',
  ];
  static override args = { id: requiredArgument('Id of the pod') };
  static override flags = { wait: waitFlag, force: forceFlag, 'dry-run': dryRunFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonPodRemove);
    const id = checkedPodId(args.id);
    const clients = await this.connectForPods(flags);
    if (flags['dry-run']) return this.printPreview(clients, flags, () => clients.pods.dryRun.deletePod(id));
    const { deploymentId } = await clients.pods.deletePod(id, { force: flags.force });
    if (flags.json) this.printJson({ deploymentId });
    if (!flags.wait) return;
    await followDeployment(deploymentId, this.followOptions(clients, flags));
    this.note(`${id} is removed`);
  }
}
