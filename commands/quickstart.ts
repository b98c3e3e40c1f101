import { clusterClients } from '../src/cli/clusters/cluster-clients.ts';
import { attach } from '../src/cli/clusters/known-clusters.ts';
import { clusterJson, localClusterName } from '../src/cli/clusters/local-cluster.ts';
import { plenumHome } from '../src/cli/clusters/plenum-home.ts';
import { CliError } from '../src/cli/errors/cli-error.ts';
import { duration } from '../src/cli/flags.ts';
import { JsonCommand } from '../src/cli/json-command.ts';
import { createProgress } from '../src/cli/output/progress.ts';
import { ensureQuickstartApp, ensureUp, quickstartText } from '../src/cli/quickstart.ts';

const LONGEST_MS = 5 * 60_000;

export default class Quickstart extends JsonCommand {
  static override summary = 'Start a cluster on this machine, run an app on it, and say what to do next';
  static override description = 'May be repeated: what is there already is left as it is.';
  static override examples = ['<%= config.bin %> quickstart'];
  static override flags = {
    timeout: duration({ description: 'Give up after this time; default: 5m', helpValue: 'TIME' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Quickstart);
    const { env, err, signal } = this.terminal;
    const home = plenumHome(env);
    const name = localClusterName(home, undefined);
    const progress = createProgress(err, env);
    try {
      const status = await ensureUp(home, name, progress);
      attach(home, name);
      const { gateway } = status.addresses;
      if (gateway === undefined) throw new CliError('failed', `Cluster ${name} has no gateway`);
      const cluster = { name, url: gateway, isLocal: true };
      const app = await ensureQuickstartApp({
        marathon: clusterClients(cluster, { timeoutMs: undefined, signal }).marathon,
        progress,
        deadline: performance.now() + (flags.timeout ?? LONGEST_MS),
        signal,
      });
      if (flags.json) this.printJson({ ...clusterJson(status), app });
      else this.print(quickstartText(status, app));
    } finally {
      progress.stop();
    }
  }
}
