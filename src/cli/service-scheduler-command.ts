import {
  createServiceSchedulerClient,
  type ServiceSchedulerClient,
} from '../clients/service-scheduler-client.ts';
import { ClusterCommand, type ClusterFlags } from './cluster-command.ts';
import { connectionTo } from './clusters/cluster-clients.ts';

/** What the commands share that ask the scheduler of a service. */
export abstract class ServiceSchedulerCommand extends ClusterCommand {
  /** The scheduler of the service that is called so. Throws CliError when there is no cluster. */
  protected scheduler(service: string, flags: ClusterFlags): ServiceSchedulerClient {
    const { cluster } = this.connect(flags);
    const { signal } = this.terminal;
    return createServiceSchedulerClient(connectionTo(cluster, { timeoutMs: flags.timeout, signal }), service);
  }
}
