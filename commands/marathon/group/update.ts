import { MarathonCommand } from '../../../src/cli/apps/marathon-command.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { assign, parseAssignments } from '../../../src/cli/documents/assignments.ts';
import { parseDocument } from '../../../src/cli/documents/parse-document.ts';
import { readSource } from '../../../src/cli/documents/read-source.ts';
import { deadlineFlags, dryRunFlag, forceFlag, waitFlag } from '../../../src/cli/flags.ts';

export default class MarathonGroupUpdate extends MarathonCommand {
  static override summary = 'Change a group';
  static override description =
    `Apps and groups that are given take the place of those that the group has: the others in it are removed. Without KEY=VALUE the change is an object from standard input.`;
  static override examples = [
    '<%= config.bin %> marathon group update /shop enforceRole=true',
    '<%= config.bin %> marathon group update /shop < shop.json',
  ];
  static override usage = 'marathon group update ID [KEY=VALUE...] [FLAGS]';
  static override args = { id: requiredArgument('Id of the group') };
  /** Any number of KEY=VALUE may follow. */
  static override strict = false;
  static override flags = { wait: waitFlag, force: forceFlag, ...deadlineFlags, 'dry-run': dryRunFlag };

  async run(): Promise<void> {
    const { args, flags, argv } = await this.parse(MarathonGroupUpdate);
    const [, ...pairs] = argv as string[];
    const change =
      pairs.length > 0
        ? assign({}, parseAssignments(pairs))
        : await parseDocument(await readSource(undefined, this.terminal));
    const clients = this.connect(flags);
    // A group that there is not would come into being.
    await clients.groups.getGroup(args.id);
    if (flags['dry-run'])
      return this.printPreview(clients, flags, () => clients.groups.dryRun.updateGroup(args.id, change));
    const answer = await clients.groups.updateGroup(
      args.id,
      change,
      await this.changeOptions(clients, flags),
    );
    await this.finishDeployment(answer, { clients, flags, done: `${args.id} is deployed` });
  }
}
