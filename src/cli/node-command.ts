import type { MesosClient } from '../clients/mesos-client.ts';
import { ClusterCommand } from './cluster-command.ts';
import { findNode } from './node-change.ts';

/** What the commands share that change an agent. As in the DC/OS CLI they say nothing when all is well (cli.md 7.2). */
export abstract class NodeCommand extends ClusterCommand {
  /** With --json: the agent as it is now; of one that is no longer registered, its id. */
  protected async printChanged(
    id: string,
    mesos: MesosClient,
    { json }: { readonly json?: boolean },
  ): Promise<void> {
    if (json) this.printJson((await findNode(mesos, id)) ?? { id });
  }
}
