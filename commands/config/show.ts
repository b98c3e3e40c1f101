import { boolean } from '@oclif/core/flags';
import { optionalArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { knownClusterFile } from '../../src/cli/clusters/known-clusters.ts';
import { plenumHome } from '../../src/cli/clusters/plenum-home.ts';
import { requireKnownCluster } from '../../src/cli/clusters/require-known-cluster.ts';
import { type EffectiveSetting, effectiveSettings } from '../../src/cli/config/effective-settings.ts';
import { findSetting } from '../../src/cli/config/settings.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';

const STARS = '********';

export default class ConfigShow extends ClusterCommand {
  static override summary = 'Show the settings of the cluster that count, or one of them';
  static override description = `The token is shown when it is asked for by its name only.`;
  static override examples = [
    '<%= config.bin %> config show',
    '<%= config.bin %> config show core.dcos_url',
    '<%= config.bin %> config show --origin',
  ];
  static override args = { key: optionalArgument('A setting') };
  static override flags = {
    origin: boolean({ description: 'Tell where each comes from: a variable of the environment, or a file' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ConfigShow);
    const { env } = this.terminal;
    const home = plenumHome(env);
    const cluster = requireKnownCluster({ home, env, asked: flags.cluster });
    const settings = effectiveSettings(cluster, { env, file: knownClusterFile(home, cluster.name) });
    if (args.key !== undefined) {
      const { key } = findSetting(args.key);
      const found = settings.find((setting) => setting.key === key);
      if (found === undefined) throw new CliError('not-found', `${key} is not set`);
      const { value, origin } = found;
      if (flags.json) return this.printJson(flags.origin ? { value, origin } : value);
      return this.print(flags.origin ? `${value} (${origin})` : value);
    }
    const shown = settings.map((setting) => ({
      ...setting,
      value: setting.isSecret ? STARS : setting.value,
    }));
    if (flags.json)
      return this.printJson(Object.fromEntries(shown.map((one) => [one.key, jsonOf(one, flags)])));
    this.printLines(
      shown.map(({ key, value, origin }) => `${key} ${value}${flags.origin ? ` (${origin})` : ''}`),
    );
  }
}

const jsonOf = ({ value, origin }: EffectiveSetting, flags: { origin: boolean }): unknown =>
  flags.origin ? { value, origin } : value;
