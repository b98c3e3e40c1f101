import { diffVersions, diffWithFile, isVersion } from '../../../src/cli/apply/diff-app.ts';
import type { FieldChange } from '../../../src/cli/apply/planned-change.ts';
import { checkedAppId } from '../../../src/cli/apps/app-id.ts';
import { fieldDiffLines } from '../../../src/cli/apps/preview-change.ts';
import { optionalArgument, requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { CliError } from '../../../src/cli/errors/cli-error.ts';
import { CommandExit } from '../../../src/cli/errors/command-exit.ts';
import { EXIT_CODES } from '../../../src/cli/errors/exit-codes.ts';
import { createPaint } from '../../../src/cli/output/paint.ts';

export default class MarathonAppDiff extends ClusterCommand {
  static override summary = 'Show what differs between an app and a file, or between its versions';
  static override description =
    `With a file or folder it is what would change if the app were as defined there. With a version it is what has changed since; with two, what changed from the first to the second. A version is a time, or how many versions back, such as -1.
As diff does, it ends with 0 when nothing differs, and with 1 when something does.`;
  static override examples = [
    '<%= config.bin %> marathon app diff /web web.json',
    '<%= config.bin %> marathon app diff /web deploy/',
    '<%= config.bin %> marathon app diff /web -1',
    '<%= config.bin %> marathon app diff /web 2026-11-25T08:12:25.115Z -1',
  ];
  static override args = {
    id: requiredArgument('Id of the app'),
    from: requiredArgument('A file, a folder, or the version to begin with'),
    to: optionalArgument('The version to compare it with; default: as the app is now'),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonAppDiff);
    const id = checkedAppId(args.id);
    const { from, to } = args;
    const clients = this.connect(flags);
    let changes: readonly FieldChange[];
    if (isVersion(from)) changes = await diffVersions(clients, id, [from, to]);
    else if (to !== undefined) throw new CliError('usage', 'A file is compared with the app as it is now');
    else changes = await diffWithFile(clients, { id, path: from, terminal: this.terminal });
    if (flags.json) this.printJson({ id, changes });
    else this.printLines(fieldDiffLines(changes, await createPaint(this.terminal.out.hasColor)));
    if (changes.length > 0) throw new CommandExit(EXIT_CODES.failed);
  }
}
