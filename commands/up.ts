import { resolve } from 'node:path';
import { boolean, integer, string } from '@oclif/core/flags';
import { attach, findKnownCluster } from '../src/cli/clusters/known-clusters.ts';
import { clusterJson, clusterText, localClusterName } from '../src/cli/clusters/local-cluster.ts';
import { plenumHome } from '../src/cli/clusters/plenum-home.ts';
import { CliError } from '../src/cli/errors/cli-error.ts';
import { amount, port } from '../src/cli/flags.ts';
import { registryFlags } from '../src/cli/image-flags.ts';
import { isolationFlags, isolationValues } from '../src/cli/isolation-flags.ts';
import { JsonCommand } from '../src/cli/json-command.ts';
import { aclsFlag, preemptionFlag } from '../src/cli/master-flags.ts';
import { createProgress } from '../src/cli/output/progress.ts';
import { programArguments } from '../src/cli/run-program.ts';
import { up } from '../src/cluster/up.ts';

export default class Up extends JsonCommand {
  static override summary = 'Start a cluster on this machine, or start it again as it was';
  static override description =
    `Returns when all agents are registered, Marathon is subscribed and the gateway serves.
A cluster that was stopped, or of which a part died, is started again with the same agents, ports and state.
It is the attached cluster from then on.`;
  static override examples = [
    '<%= config.bin %> up',
    '<%= config.bin %> up --agents 5 --cpus 2 --mem 2048',
    '<%= config.bin %> up --host 10.0.0.1',
    '<%= config.bin %> up --name second --port 0 --marathon-port 0 --json',
  ];
  static override flags = {
    name: string({ description: 'Name of the cluster; default: the attached local one, else local' }),
    agents: integer({ description: 'How many agents it has; default: as many as there are, else 3' }),
    cpus: amount({ description: 'Processors that each new agent advertises' }),
    mem: amount({ description: 'Memory that each new agent advertises, in MiB' }),
    disk: amount({ description: 'Disk that each new agent advertises, in MiB' }),
    host: string({
      description: 'Address to listen on; where other machines reach it, with TLS and authentication',
      helpValue: 'ADDRESS',
    }),
    hostname: string({
      description: 'Another name under which it is reached; may be given several times',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME',
    }),
    tls: boolean({ description: 'TLS and authentication on this machine, too' }),
    port: port({ description: 'Port of the gateway (0: any that is free)' }),
    'master-port': port({ description: 'Port of the master (0: any that is free)' }),
    'marathon-port': port({ description: 'Port of Marathon (0: any that is free)' }),
    preemption: preemptionFlag(),
    acls: aclsFlag(),
    ...registryFlags(),
    'packages-port': port({ description: 'Port of the package service (0: any that is free)' }),
    ...isolationFlags(),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Up);
    const home = plenumHome(this.terminal.env);
    const name = localClusterName(home, flags.name);
    if (findKnownCluster(home, name)) {
      throw new CliError('conflict', `Another cluster is known as ${name}`, {
        hint: `Take another name with --name, or forget that one: plenum cluster remove ${name}`,
      });
    }
    const progress = createProgress(this.terminal.err, this.terminal.env);
    progress.say(`Starting cluster ${name}`);
    try {
      const status = await up({
        home,
        name,
        agents: flags.agents,
        host: flags.host,
        hostnames: flags.hostname,
        tls: flags.tls,
        preemption: flags.preemption,
        acls: aclsPlace(flags.acls),
        agentArguments: agentArguments(flags),
        size: { cpus: flags.cpus, memMiB: flags.mem, diskMiB: flags.disk },
        ports: {
          gateway: flags.port,
          master: flags['master-port'],
          marathon: flags['marathon-port'],
          packages: flags['packages-port'],
        },
      });
      progress.stop();
      attach(home, name);
      if (flags.json) this.printJson(clusterJson(status));
      else this.print(clusterText(status));
    } finally {
      progress.stop();
    }
  }
}

/** JSON as it is, or a path that holds in every folder. */
const aclsPlace = (acls: string | undefined): string | undefined =>
  acls === undefined || acls.trimStart().startsWith('{') ? acls : resolve(acls.replace(/^file:\/\//, ''));

/** Paths are those of the folder that the command runs in. Logins themselves would show in the list of processes. */
const agentArguments = (
  flags: {
    containerizers: string | undefined;
    docker_config: string | undefined;
    docker_registry: string | undefined;
    'insecure-registries': string[] | undefined;
  } & Parameters<typeof isolationValues>[0],
): string[] | undefined => {
  const { containerizers, docker_config: config, docker_registry } = flags;
  const given = programArguments({
    containerizers,
    docker_config: config === undefined ? undefined : resolve(config),
    docker_registry,
    'insecure-registries': flags['insecure-registries'],
    ...isolationValues(flags),
  });
  return given.length === 0 ? undefined : given;
};
