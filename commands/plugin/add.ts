import { rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { boolean } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { downloadPlugin } from '../../src/cli/plugins/download-plugin.ts';
import { installPlugin } from '../../src/cli/plugins/install-plugin.ts';
import { PluginCommand } from '../../src/cli/plugins/plugin-command.ts';
import { stagingFolder } from '../../src/cli/plugins/plugin-store.ts';

export default class PluginAdd extends PluginCommand {
  static override summary = 'Add commands to this command line, for one cluster';
  static override description =
    `A plugin is a program, or a zip archive with programs bin/dcos-NAME or a plugin.toml, as for the DC/OS command line. Its commands are run with the cluster in their environment (DCOS_URL, DCOS_ACS_TOKEN, …).
A program plenum-NAME on the PATH is a command of any cluster without being added.`;
  static override examples = [
    '<%= config.bin %> plugin add ./dcos-tunnel',
    '<%= config.bin %> plugin add https://example.com/tunnel.zip --update',
  ];
  static override args = { resource: requiredArgument('A file, or an HTTP URL') };
  static override flags = {
    update: boolean({ char: 'u', description: 'Replace an installed plugin of the same name' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PluginAdd);
    const { home, clusterName: cluster } = this.pluginPlace(flags);
    const isUpdate = flags.update;
    if (!/^https?:\/\//.test(args.resource)) {
      const file = resolve(args.resource);
      return this.tellCommands(
        await installPlugin(home, cluster, { file, fileName: basename(file), isUpdate }),
      );
    }
    const staging = stagingFolder(home, cluster);
    try {
      const file = join(staging, 'download');
      const fileName = await downloadPlugin({
        url: args.resource,
        file,
        cluster: this.reachableCluster(flags),
        signal: this.terminal.signal,
      });
      this.tellCommands(await installPlugin(home, cluster, { file, fileName, isUpdate }));
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  }
}
