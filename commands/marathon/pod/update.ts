import { string } from '@oclif/core/flags';
import { checkedPodId, PodCommand } from '../../../src/cli/apps/pod-command.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { parseDocument } from '../../../src/cli/documents/parse-document.ts';
import { readSource } from '../../../src/cli/documents/read-source.ts';
import { deadlineFlags, dryRunFlag, forceFlag, waitFlag } from '../../../src/cli/flags.ts';

export default class MarathonPodUpdate extends PodCommand {
  static override summary = 'Replace the definition of a pod';
  static override description =
    'The whole definition is read from --file or from standard input, and takes the place of the present one.';
  static override examples = [
    '<%= config.bin %> marathon pod update /web --file pod.json --wait',
    '<%= config.bin %> marathon pod show /web | jq ".spec | .scaling.instances=3" | <%= config.bin %> marathon pod update /web',
  ];
  static override args = { id: requiredArgument('Id of the pod') };
  static override flags = {
    file: string({ description: 'A file or URL with the definition, JSON or YAML', helpValue: 'FILE' }),
    wait: waitFlag,
    force: forceFlag,
    ...deadlineFlags,
    'dry-run': dryRunFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonPodUpdate);
    const id = checkedPodId(args.id);
    const clients = await this.connectForPods(flags);
    // Marathon would make a pod of what was meant as a change of one.
    await clients.pods.getStatus(id);
    const pod = await parseDocument(await readSource(flags.file, this.terminal));
    if (flags['dry-run']) {
      return this.printPreview(clients, flags, () => clients.pods.dryRun.replacePod(id, pod));
    }
    const change = await clients.pods.replacePod(id, pod, await this.changeOptions(clients, flags));
    await this.finishPodChange(change, { clients, flags });
  }
}
