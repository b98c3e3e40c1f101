import { string } from '@oclif/core/flags';
import { optionalArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { bundleId, explainMissing } from '../../src/cli/diagnostics/bundles.ts';
import { saveArchive } from '../../src/cli/diagnostics/save-archive.ts';

export default class DiagnosticsDownload extends ClusterCommand {
  static override summary = 'Fetch an archive';
  static override examples = [
    '<%= config.bin %> diagnostics download',
    '<%= config.bin %> diagnostics download --output cluster.zip',
  ];
  static override args = { bundle: optionalArgument('Its id; default: the newest') };
  static override flags = {
    output: string({
      char: 'o',
      description: 'Where it goes; default: its id, in this folder',
      helpValue: 'FILE',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DiagnosticsDownload);
    const { diagnostics } = this.connect(flags);
    const id = await bundleId(diagnostics, args.bundle);
    const file = flags.output ?? `${id}.zip`;
    try {
      await saveArchive(await diagnostics.download(id), { name: id, file });
    } catch (error) {
      throw explainMissing(error, id);
    }
    if (flags.json) this.printJson({ id, file });
    else this.note(`Fetched bundle ${id} to ${file}`);
  }
}
