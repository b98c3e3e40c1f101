import { optionalArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { plenumHome } from '../../src/cli/clusters/plenum-home.ts';
import { requireKnownCluster } from '../../src/cli/clusters/require-known-cluster.ts';
import { findSetting, SETTINGS } from '../../src/cli/config/settings.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';

const STARS = '********';

export default class ConfigShow extends ClusterCommand {
  static override summary = 'Show the settings of the cluster, or one of them';
  static override description = `The token is shown when it is asked for by its name only.`;
  static override examples = ['<%= config.bin %> config show', '<%= config.bin %> config show core.dcos_url'];
  static override args = { key: optionalArgument('A setting') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ConfigShow);
    const { env } = this.terminal;
    const cluster = requireKnownCluster({ home: plenumHome(env), env, asked: flags.cluster });
    if (args.key !== undefined) {
      const value = findSetting(args.key).read(cluster);
      if (value === undefined) throw new CliError('not-found', `${args.key} is not set`);
      return flags.json ? this.printJson(value) : this.print(value);
    }
    const shown = SETTINGS.flatMap(({ key, read, isSecret }): [string, string][] => {
      const value = read(cluster);
      return value === undefined ? [] : [[key, isSecret ? STARS : value]];
    });
    if (flags.json) this.printJson(Object.fromEntries(shown));
    else this.printLines(shown.map(([key, value]) => `${key} ${value}`));
  }
}
