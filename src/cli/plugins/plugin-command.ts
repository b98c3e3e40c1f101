import { ClusterCommand, type ClusterFlags } from '../cluster-command.ts';
import { type CurrentCluster, currentCluster, currentClusterName } from '../clusters/current-cluster.ts';
import { plenumHome } from '../clusters/plenum-home.ts';
import { CliError } from '../errors/cli-error.ts';
import type { Plugin } from './plugin-store.ts';

/** What the commands about plugins share: each cluster has its own. */
export abstract class PluginCommand extends ClusterCommand {
  /** The cluster need not be up. Throws CliError when none is chosen. */
  protected pluginPlace({ cluster: asked }: ClusterFlags): { home: string; clusterName: string } {
    const { env } = this.terminal;
    const home = plenumHome(env);
    const clusterName = currentClusterName({ home, env, asked }) ?? currentCluster({ home, env, asked }).name;
    return { home, clusterName };
  }

  /** The cluster, where it can be asked. */
  protected reachableCluster({ cluster: asked }: ClusterFlags): CurrentCluster | undefined {
    const { env } = this.terminal;
    try {
      return currentCluster({ home: plenumHome(env), env, asked });
    } catch (error) {
      if (error instanceof CliError) return undefined;
      throw error;
    }
  }

  protected tellCommands({ commands }: Plugin): void {
    this.note(`New commands available: ${commands.map(({ name }) => name).join(', ')}`);
  }
}
