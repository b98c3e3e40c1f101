import type { MarathonApp, MarathonDeploymentResult } from '../../clients/marathon-types.ts';
import { ClusterCommand, type ClusterFlags } from '../cluster-command.ts';
import type { ClusterClients } from '../clusters/cluster-clients.ts';
import type { FollowOptions } from './follow-deployment.ts';
import { waitForApp } from './wait-for-app.ts';

export interface ChangeFlags extends ClusterFlags {
  readonly json: boolean;
}

/** What the commands share that have Marathon change something: they print the deployment, and wait for it with --wait. */
export abstract class MarathonCommand extends ClusterCommand {
  /** Options for following a deployment that begins now. */
  protected followOptions({ marathon }: ClusterClients, flags: ClusterFlags): FollowOptions {
    return {
      marathon,
      progress: this.createProgress(),
      deadline: this.waitDeadline(flags),
      signal: this.terminal.signal,
    };
  }

  /** Tells of the deployment that changes an app; with --wait the app is usable when this resolves. */
  protected async finishAppChange(
    appId: string,
    { deploymentId }: Pick<MarathonDeploymentResult, 'deploymentId'>,
    { clients, flags, answer }: { clients: ClusterClients; flags: ChangeFlags; answer: object },
  ): Promise<void> {
    if (!flags.json) this.print(`Created deployment ${deploymentId}`);
    if (!flags.wait) {
      if (flags.json) this.printJson(answer);
      return;
    }
    const app = await waitForApp({ appId, deploymentId }, this.followOptions(clients, flags));
    if (flags.json) this.printJson(app);
    else this.note(`${appId} is deployed: ${runningOf(app)}`);
  }
}

const runningOf = ({ tasksRunning = 0, instances = 1 }: MarathonApp): string =>
  `${tasksRunning} of ${instances} running`;
