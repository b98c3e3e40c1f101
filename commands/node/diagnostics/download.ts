import { basename, join } from 'node:path';
import { string } from '@oclif/core/flags';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { bundleLines, OLD_DIAGNOSTICS_NOTE, orNewerWay } from '../../../src/cli/diagnostics/node-bundles.ts';
import { saveArchive } from '../../../src/cli/diagnostics/save-archive.ts';
import { CliError } from '../../../src/cli/errors/cli-error.ts';

export default class NodeDiagnosticsDownload extends ClusterCommand {
  static override summary = 'Fetch a bundle (DC/OS before 2.0)';
  static override examples = ['<%= config.bin %> node diagnostics download bundle-1.zip --location /tmp'];
  static override args = { bundle: requiredArgument('Its name') };
  static override flags = {
    location: string({ description: 'The folder that it goes to; default: this one', helpValue: 'FOLDER' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(NodeDiagnosticsDownload);
    const { nodeDiagnostics } = this.connect(flags);
    this.note(OLD_DIAGNOSTICS_NOTE);
    const bundles = await orNewerWay(nodeDiagnostics.list());
    const isThere = bundleLines(bundles).some((line) => line.startsWith(`${args.bundle} `));
    if (!isThere) throw new CliError('not-found', `There is no bundle ${args.bundle}`);
    const file = join(flags.location ?? '.', basename(args.bundle));
    await saveArchive(await nodeDiagnostics.download(args.bundle), { name: args.bundle, file });
    if (flags.json) this.printJson({ file });
    else this.note(`Fetched ${args.bundle} to ${file}`);
  }
}
