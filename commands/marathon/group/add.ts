import { string } from '@oclif/core/flags';
import { MarathonCommand } from '../../../src/cli/apps/marathon-command.ts';
import { optionalArgument } from '../../../src/cli/arguments.ts';
import { parseDocument } from '../../../src/cli/documents/parse-document.ts';
import { readSource } from '../../../src/cli/documents/read-source.ts';
import { CliError } from '../../../src/cli/errors/cli-error.ts';
import { deadlineFlags, dryRunFlag, waitFlag } from '../../../src/cli/flags.ts';

export default class MarathonGroupAdd extends MarathonCommand {
  static override summary = 'Add a group, with the apps in it';
  static override examples = [
    '<%= config.bin %> marathon group add shop.json --wait',
    '<%= config.bin %> marathon group add --id /shop',
  ];
  static override args = { definition: optionalArgument('A file or a URL; default: standard input') };
  static override flags = {
    id: string({ description: 'An empty group of this id, instead of a definition', helpValue: 'ID' }),
    wait: waitFlag,
    ...deadlineFlags,
    'dry-run': dryRunFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonGroupAdd);
    if (flags.id !== undefined && args.definition !== undefined) {
      throw new CliError('usage', 'Give a definition or --id, not both');
    }
    const group = flags.id === undefined ? await this.#read(args.definition) : { id: flags.id };
    const clients = this.connect(flags);
    if (flags['dry-run'])
      return this.printPreview(clients, flags, () => clients.groups.dryRun.createGroup(group));
    const answer = await clients.groups.createGroup(group, await this.changeOptions(clients, flags));
    await this.finishDeployment(answer, { clients, flags, done: 'The group is deployed' });
  }

  async #read(given: string | undefined): Promise<object> {
    const source = await readSource(given, this.terminal);
    const group = await parseDocument(source);
    if (typeof group.id === 'string') return group;
    throw new CliError('failed', `${source.name}: the group needs an "id", such as "/shop"`);
  }
}
