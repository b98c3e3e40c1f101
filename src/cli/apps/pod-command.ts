import type { MarathonPodChange } from '../../clients/marathon-pod-client.ts';
import type { ClusterFlags } from '../cluster-command.ts';
import type { ClusterClients } from '../clusters/cluster-clients.ts';
import { CliError } from '../errors/cli-error.ts';
import { absoluteId } from './app-id.ts';
import { followDeployment } from './follow-deployment.ts';
import { type ChangeFlags, MarathonCommand } from './marathon-command.ts';

/** What the commands about pods share. */
export abstract class PodCommand extends MarathonCommand {
  /** The APIs of a cluster whose Marathon has pods. Throws CliError when it has none. */
  protected async connectForPods(
    flags: ClusterFlags,
    clients: ClusterClients = this.connect(flags),
  ): Promise<ClusterClients> {
    if (await clients.pods.isSupported()) return clients;
    throw new CliError('failed', 'This command is not supported by your version of Marathon', {
      hint: 'It has no pods; describe what is to run as apps',
    });
  }

  /** Tells of the deployment that changes a pod; with --wait it is over when this resolves. */
  protected async finishPodChange(
    { deploymentId, pod }: MarathonPodChange,
    { clients, flags }: { clients: ClusterClients; flags: ChangeFlags },
  ): Promise<void> {
    if (!flags.json) this.print(`Created deployment ${deploymentId}`);
    if (!flags.wait) {
      if (flags.json) this.printJson(pod);
      return;
    }
    await followDeployment(deploymentId, this.followOptions(clients, flags));
    if (flags.json) this.printJson(await clients.pods.getStatus(pod.id));
    else this.note(`${pod.id} is deployed`);
  }
}

/** Throws CliError for what no pod can be called. */
export const checkedPodId = (id: string): string => {
  const absolute = absoluteId(id);
  if (absolute === '/') throw new CliError('usage', 'The id of a pod is expected, such as /web');
  return absolute;
};
