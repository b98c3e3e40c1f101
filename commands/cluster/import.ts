import { optionalArgument } from '../../src/cli/arguments.ts';
import {
  attach,
  attachedName,
  checkClusterName,
  findKnownCluster,
  saveKnownCluster,
} from '../../src/cli/clusters/known-clusters.ts';
import { plenumHome } from '../../src/cli/clusters/plenum-home.ts';
import { dcosFolder, readDcosClusters } from '../../src/cli/clusters/read-dcos-clusters.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { JsonCommand } from '../../src/cli/json-command.ts';
import { localClusterNames } from '../../src/cluster/cluster-folder.ts';

export default class ClusterImport extends JsonCommand {
  static override summary = 'Take over the clusters that the command line of DC/OS was set up for';
  static override description =
    `Reads what dcos cluster setup has kept: addresses, logins and authorities. Nothing there is changed, and what is known here by the same name stays as it is. The one that is attached there is attached here, if none is.`;
  static override examples = [
    '<%= config.bin %> cluster import',
    '<%= config.bin %> cluster import /home/alice/.dcos --json',
  ];
  static override args = {
    folder: optionalArgument('Where it keeps its files; default: DCOS_DIR, else ~/.dcos'),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ClusterImport);
    const { env } = this.terminal;
    const home = plenumHome(env);
    const folder = args.folder ?? dcosFolder(env);
    const found = readDcosClusters(folder);
    if (found.length === 0) throw new CliError('not-found', `${folder} holds no cluster that was set up`);
    const taken = new Set(localClusterNames(home));
    const imported = found.filter(
      ({ cluster: { name } }) => !taken.has(name) && !findKnownCluster(home, name),
    );
    for (const { cluster } of imported) {
      checkClusterName(cluster.name);
      saveKnownCluster(home, cluster);
    }
    const attached = found.find(({ isAttached }) => isAttached)?.cluster.name;
    const isNew = attached !== undefined && attachedName(home) === undefined;
    if (isNew) attach(home, attached);
    const result = imported.map(({ cluster: { name, id, url } }) => ({ name, cluster_id: id, url }));
    if (flags.json) return this.printJson(result);
    const kept = found.length - imported.length;
    this.noteLines([
      ...result.map(({ name, url }) => `Cluster ${name} at ${url} is known now`),
      ...(kept > 0 ? [`${kept} of them are known here already, and stay as they are`] : []),
      ...(isNew ? [`Attached cluster ${attached}`] : []),
    ]);
  }
}
