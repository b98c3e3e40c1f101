import { string } from '@oclif/core/flags';
import { checkedAppId } from '../../../src/cli/apps/app-id.ts';
import { MarathonCommand } from '../../../src/cli/apps/marathon-command.ts';
import { writableApp } from '../../../src/cli/apps/writable-app.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { assign, changeBy, parseAssignments } from '../../../src/cli/documents/assignments.ts';
import { parseDocument } from '../../../src/cli/documents/parse-document.ts';
import { readSource } from '../../../src/cli/documents/read-source.ts';
import { deadlineFlags, dryRunFlag, forceFlag, waitFlag } from '../../../src/cli/flags.ts';

export default class MarathonAppUpdate extends MarathonCommand {
  static override summary = 'Change an app';
  static override description =
    `Only the fields that are given change. A value is JSON where it reads as JSON, else a text; dots lead into objects, and the rest of them stays.
Without KEY=VALUE the change is an object from --file or from standard input; its fields replace those of the app as a whole.`;
  static override examples = [
    '<%= config.bin %> marathon app update /web mem=64 instances=3 --wait',
    '<%= config.bin %> marathon app update /web mem=64 --dry-run',
    '<%= config.bin %> marathon app update /web env.LEVEL=debug labels.tier=web',
    '<%= config.bin %> marathon app update /web --file app.json',
    '<%= config.bin %> marathon app show /web | jq .cpus=2 | <%= config.bin %> marathon app update /web',
  ];
  static override usage = 'marathon app update ID [KEY=VALUE...] [FLAGS]';
  static override args = { id: requiredArgument('Id of the app') };
  /** Any number of KEY=VALUE may follow. */
  static override strict = false;
  static override flags = {
    file: string({ description: 'A file or URL with the change, JSON or YAML', helpValue: 'FILE' }),
    wait: waitFlag,
    force: forceFlag,
    ...deadlineFlags,
    'dry-run': dryRunFlag,
  };

  async run(): Promise<void> {
    const { args, flags, argv } = await this.parse(MarathonAppUpdate);
    const id = checkedAppId(args.id);
    const assignments = parseAssignments(argv.slice(1).map(String));
    const clients = this.connect(flags);
    // Before anything is read or sent: Marathon would make an app of what was meant as a change.
    const app = await clients.marathon.getApp(id);
    const change =
      assignments.length > 0 && flags.file === undefined
        ? changeBy({ ...app }, assignments)
        : assign(writableApp(await parseDocument(await readSource(flags.file, this.terminal))), assignments);
    if (flags['dry-run']) return this.printPreview(clients, flags, (dryRun) => dryRun.updateApp(id, change));
    const answer = await clients.marathon.updateApp(id, change, await this.changeOptions(clients, flags));
    await this.finishAppChange(id, answer, { clients, flags, answer });
  }
}
