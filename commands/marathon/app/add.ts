import { MarathonCommand } from '../../../src/cli/apps/marathon-command.ts';
import { writableApp } from '../../../src/cli/apps/writable-app.ts';
import { optionalArgument } from '../../../src/cli/arguments.ts';
import { parseDocument } from '../../../src/cli/documents/parse-document.ts';
import { readSource } from '../../../src/cli/documents/read-source.ts';
import { CliError } from '../../../src/cli/errors/cli-error.ts';
import { deadlineFlags, dryRunFlag, forceFlag, waitFlag } from '../../../src/cli/flags.ts';

export default class MarathonAppAdd extends MarathonCommand {
  static override summary = 'Add an app';
  static override description =
    `The definition is JSON, or YAML in a file that ends in .yaml or .yml. It is sent as it is, so that all that Marathon knows can be in it.
With --wait the app is running and healthy when the command returns; when it is not in time, the reasons are printed and the exit code is 7.`;
  static override examples = [
    '<%= config.bin %> marathon app add app.json --wait',
    '<%= config.bin %> marathon app add app.json --dry-run',
    '<%= config.bin %> marathon app add https://example.com/app.json',
    `echo '{"id": "/web", "cmd": "sleep 1000"}' | <%= config.bin %> marathon app add`,
  ];
  static override args = { definition: optionalArgument('A file or a URL; default: standard input') };
  static override flags = { wait: waitFlag, force: forceFlag, ...deadlineFlags, 'dry-run': dryRunFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonAppAdd);
    const source = await readSource(args.definition, this.terminal);
    const definition = writableApp(await parseDocument(source));
    if (typeof definition.id !== 'string') {
      throw new CliError('failed', `${source.name}: the app needs an "id", such as "/web"`);
    }
    const clients = this.connect(flags);
    if (flags['dry-run']) {
      return this.printPreview(clients, flags, (dryRun) => dryRun.createApp(definition));
    }
    const app = await clients.marathon.createApp(definition, await this.changeOptions(clients, flags));
    const deploymentId = app.deployments?.[0]?.id ?? '';
    await this.finishAppChange(app.id, { deploymentId }, { clients, flags, answer: app });
  }
}
