import { PodCommand } from '../../../src/cli/apps/pod-command.ts';
import { optionalArgument } from '../../../src/cli/arguments.ts';
import { parseDocument } from '../../../src/cli/documents/parse-document.ts';
import { readSource } from '../../../src/cli/documents/read-source.ts';
import { CliError } from '../../../src/cli/errors/cli-error.ts';
import { deadlineFlags, dryRunFlag, forceFlag, waitFlag } from '../../../src/cli/flags.ts';

/** DNS allows 63 characters, of which service discovery needs some (cli.md 19.4). */
const LONG_ID = 55;

export default class MarathonPodAdd extends PodCommand {
  static override summary = 'Add a pod: containers that live and die together';
  static override description =
    `The definition is JSON, or YAML in a file that ends in .yaml or .yml. It is sent as it is.
With --wait all containers run and are healthy when the command returns; when they are not in time, the reasons are printed and the exit code is 7.`;
  static override examples = [
    '<%= config.bin %> marathon pod add pod.json --wait',
    '<%= config.bin %> marathon pod add pod.yaml --dry-run',
    '<%= config.bin %> marathon pod add https://example.com/pod.json',
  ];
  static override args = { definition: optionalArgument('A file or a URL; default: standard input') };
  static override flags = { wait: waitFlag, force: forceFlag, ...deadlineFlags, 'dry-run': dryRunFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonPodAdd);
    const source = await readSource(args.definition, this.terminal);
    const pod = await parseDocument(source);
    const { id } = pod;
    if (typeof id !== 'string') {
      throw new CliError('failed', `${source.name}: the pod needs an "id", such as "/web"`);
    }
    if (id.length >= LONG_ID) {
      this.note(`The id has ${id.length} characters: service discovery may not find what is longer than 54`);
    }
    const clients = await this.connectForPods(flags);
    if (flags['dry-run']) return this.printPreview(clients, flags, () => clients.pods.dryRun.createPod(pod));
    const change = await clients.pods.createPod(pod, await this.changeOptions(clients, flags));
    await this.finishPodChange(change, { clients, flags });
  }
}
