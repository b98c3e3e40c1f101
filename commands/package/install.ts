import { boolean, string } from '@oclif/core/flags';
import { MarathonCommand } from '../../src/cli/apps/marathon-command.ts';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { followService, PHASES_BEFORE_TASKS } from '../../src/cli/catalog/follow-service.ts';
import { DEFAULT_LOCK_FILE, type LockedPackage } from '../../src/cli/catalog/lock/lock-file.ts';
import { lockedPackage, requireLocked } from '../../src/cli/catalog/lock/require-locked.ts';
import { RENDER_FLAGS } from '../../src/cli/catalog/package-flags.ts';
import { readOptions } from '../../src/cli/catalog/read-options.ts';
import { releaseNotes } from '../../src/cli/catalog/release-notes.ts';
import { unknownOptionNotes } from '../../src/cli/catalog/unknown-option-notes.ts';
import { type ClusterClients, connectionTo } from '../../src/cli/clusters/cluster-clients.ts';
import { plenumHome } from '../../src/cli/clusters/plenum-home.ts';
import { clusterVersion } from '../../src/cli/clusters/probe-cluster.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { waitFlag, yesFlag } from '../../src/cli/flags.ts';
import { confirm } from '../../src/cli/output/prompt.ts';
import { hasCommands, installPackagePlugin } from '../../src/cli/plugins/package-plugin.ts';
import type { CosmosClient } from '../../src/clients/cosmos-client.ts';
import type { PackageDefinition, PackageDescription } from '../../src/clients/cosmos-types.ts';

export default class PackageInstall extends MarathonCommand {
  static override summary = 'Install a package';
  static override description =
    `Its options are checked against its schema before anything is sent, and every mistake is named with its place. Names that the package does not know, but lets pass, are warned of.
With --wait each phase is told (validated, rendered, deployed, tasks running, healthy, ready), and the service is really usable when the command returns; when it is not in time, the reasons are printed and the exit code is 7. Whatever ends the command, the installation goes on.`;
  static override examples = [
    '<%= config.bin %> package install hdfs --yes --wait',
    '<%= config.bin %> package install hdfs --options options.yaml --set data_node.count=5',
    '<%= config.bin %> package install hdfs --options team.yaml --options mine.yaml',
    '<%= config.bin %> package install hdfs --dry-run',
    '<%= config.bin %> package install hdfs --locked --lock-file team.lock.yaml --yes',
  ];
  static override args = { name: requiredArgument('Name of the package') };
  static override flags = {
    ...RENDER_FLAGS,
    yes: yesFlag,
    wait: waitFlag,
    locked: boolean({ description: 'Refuse whatever is not as the lock file says' }),
    'lock-file': string({
      description: `The lock file that --locked goes by; default: ${DEFAULT_LOCK_FILE}`,
      helpValue: 'FILE',
      dependsOn: ['locked'],
    }),
    'dry-run': boolean({ description: 'Only print the app that would be sent to Marathon' }),
    app: boolean({ description: 'Only what runs on the cluster, without the commands of the package' }),
    cli: boolean({
      description: 'Only the commands of the package (plenum NAME …)',
      exclusive: ['app', 'dry-run'],
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PackageInstall);
    // Before anything is asked or sent, so that a mistake in it costs nothing.
    const options = await readOptions(flags, this.terminal);
    const clients = this.connect(flags);
    const { packages } = clients;
    const asked = flags['package-version'];
    const locked = flags.locked ? await lockedPackage(flags['lock-file'], args.name, asked) : undefined;
    const description = locked
      ? await packages.describeWithSource(args.name, locked.version)
      : await packages.describe(args.name, asked);
    const { package: definition } = description;
    const { name, version } = definition;
    if (locked) await this.#requireLocked(locked, description, packages);
    const request = {
      packageName: name,
      packageVersion: version,
      appId: flags['app-id'],
      options,
      definitionDigest: locked?.definition,
    };
    const { timeout: timeoutMs } = flags;
    const connection = connectionTo(clients.cluster, { timeoutMs, signal: this.terminal.signal });
    this.noteLines(await releaseNotes(definition, () => clusterVersion(connection)));
    this.noteLines(unknownOptionNotes(definition.config, options));
    if (flags['dry-run']) return this.printJson(await packages.render(request));
    if (definition.preInstallNotes && !flags.cli) this.note(definition.preInstallNotes);
    if (!flags.yes) await confirm(this.terminal, `Install ${name} ${version}?`);
    const isCommandsAlone = !definition.marathon && hasCommands(definition);
    if (flags.cli || isCommandsAlone) return this.#installCommands(definition, clients);
    const installed = await packages.install(request);
    const { appId } = installed;
    this.note(`Installing ${name} ${version}${appId === undefined ? '' : ` as ${appId}`}`);
    if (flags.wait && appId !== undefined) {
      this.noteLines(PHASES_BEFORE_TASKS);
      const goesOn = `The installation goes on: plenum marathon app show ${appId} shows how far it is, plenum package uninstall ${name} --app-id ${appId} gives it up`;
      const follow = { ...this.followOptions(clients, flags), mesos: clients.mesos, gateway: connection };
      await followService({ ...follow, appId, goesOn });
      this.note(`${name} is installed and usable`);
    }
    if (hasCommands(definition) && !flags.app) await this.#tryCommands(definition, clients);
    if (definition.postInstallNotes) this.note(definition.postInstallNotes);
    if (flags.json) this.printJson(installed);
  }

  async #installCommands(definition: PackageDefinition, { cluster }: ClusterClients): Promise<void> {
    const { env, signal } = this.terminal;
    this.note(`Installing the commands of ${definition.name} ${definition.version}`);
    const { commands } = await installPackagePlugin(definition, { home: plenumHome(env), cluster, signal });
    this.note(`New commands available: ${commands.map(({ name }) => name).join(', ')}`);
  }

  /** What runs is what was asked for: without its commands it runs as well. Something else than was promised is an error. */
  async #tryCommands(definition: PackageDefinition, clients: ClusterClients): Promise<void> {
    try {
      await this.#installCommands(definition, clients);
    } catch (error) {
      if (!(error instanceof CliError) || error.outcome !== 'failed') throw error;
      this.note(`Its commands are not there: ${error.message}`);
      this.note(`plenum package install ${definition.name} --cli tries again`);
    }
  }

  /** Everything that it fetches is fetched and compared, because what stands at an address may change. */
  async #requireLocked(
    locked: LockedPackage,
    description: PackageDescription,
    packages: CosmosClient,
  ): Promise<void> {
    const progress = this.createProgress();
    try {
      const { env, signal } = this.terminal;
      await requireLocked(locked, description, { packages, progress, env, signal });
    } finally {
      progress.stop();
    }
  }
}
