import { boolean, string } from '@oclif/core/flags';
import { exportDefinitions, idMatcher } from '../../src/cli/apply/export-definitions.ts';
import { printDefinitions, removeFiles, writeDefinitions } from '../../src/cli/apply/write-definitions.ts';
import { optionalArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { formatCount } from '../../src/cli/output/format.ts';

export default class MarathonExport extends ClusterCommand {
  static override summary = 'Write down all apps, pods and groups as definitions that can be applied';
  static override description =
    `Into a folder, one file each, in folders as the groups are; or without a folder to standard output, as YAML. Nothing that Marathon takes is left out, so that applying it is nothing to do. Files whose content stays the same are not touched.`;
  static override examples = [
    '<%= config.bin %> marathon export deploy/',
    '<%= config.bin %> marathon export deploy/ --id "/shop/**" --yaml',
    '<%= config.bin %> marathon export > all.yaml',
  ];
  static override args = { folder: optionalArgument('Where to write; default: standard output') };
  static override flags = {
    id: string({
      description:
        'Only what has such an id: * stands for a part of a segment, ** for any number of segments',
      helpValue: 'PATTERN',
    }),
    yaml: boolean({ description: 'Write YAML files, not JSON' }),
    prune: boolean({
      description: 'Remove files of an earlier export whose definitions are not there any more',
      exclusive: ['id'],
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonExport);
    const isMeant = flags.id === undefined ? () => true : idMatcher(flags.id);
    const definitions = exportDefinitions(await this.connect(flags).definitions.getAll(), isMeant);
    if (flags.id !== undefined && definitions.length === 0) {
      throw new CliError('not-found', `Nothing has an id like ${flags.id}`);
    }
    const { folder } = args;
    if (folder === undefined) {
      if (flags.prune) throw new CliError('usage', '--prune needs a folder');
      if (flags.json) return this.printJson(definitions.map(({ definition }) => definition));
      return this.print(await printDefinitions(definitions));
    }
    const result = await writeDefinitions(definitions, { folder, format: flags.yaml ? 'yaml' : 'json' });
    const { written, unchanged, stale } = result;
    if (flags.prune) await removeFiles(folder, stale);
    if (flags.json) return this.printJson({ ...result, areStaleRemoved: flags.prune });
    this.printLines(written);
    this.note(
      `${formatCount(written.length, 'file')} written to ${folder}, ${unchanged.length} unchanged${flags.prune && stale.length > 0 ? `, ${stale.length} removed` : ''}`,
    );
    if (!flags.prune && flags.id === undefined && stale.length > 0) {
      this.note(
        `Of an earlier export, and not there any more (--prune removes them): ${stale.slice(0, 10).join(', ')}${stale.length > 10 ? ', …' : ''}`,
      );
    }
  }
}
