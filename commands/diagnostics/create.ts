import { boolean, string } from '@oclif/core/flags';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { beginBundle, incompleteNote, waitForBundle } from '../../src/cli/diagnostics/bundles.ts';
import { saveArchive } from '../../src/cli/diagnostics/save-archive.ts';
import { planFlag, waitFlag } from '../../src/cli/flags.ts';

export default class DiagnosticsCreate extends ClusterCommand {
  static override summary = 'Collect everything about the cluster in an archive, and print its id';
  static override description =
    `State, settings, metrics and logs of the control plane and of the agents, and the last that each task printed. Values
whose names say that they are secret are left out.`;
  static override examples = [
    '<%= config.bin %> diagnostics create --to diagnostics.zip',
    '<%= config.bin %> diagnostics create --agents --wait',
  ];
  static override flags = {
    'dry-run': planFlag,
    masters: boolean({ description: 'Of the control plane; neither this nor --agents is both' }),
    agents: boolean({ description: 'Of the agents and their tasks' }),
    wait: waitFlag,
    to: string({ description: 'Wait, and write the archive to this file', helpValue: 'FILE' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(DiagnosticsCreate);
    const { masters, agents, to } = flags;
    const wait = flags.wait || to !== undefined;
    const { diagnostics } = this.connectOrPlan({ ...flags, wait });
    const both = !masters && !agents;
    const { id } = await beginBundle(diagnostics, {
      masters: masters || both,
      agents: agents || both,
    });
    let made: object = { id };
    if (wait) {
      const progress = this.createProgress();
      progress.say(`Bundle ${id} is being made`);
      try {
        const bundle = await waitForBundle(diagnostics, id, {
          deadline: this.waitDeadline(flags),
          signal: this.terminal.signal,
        });
        made = bundle;
        if (to !== undefined) await saveArchive(await diagnostics.download(id), { name: id, file: to });
        const incomplete = incompleteNote(bundle);
        if (incomplete !== undefined) this.note(incomplete);
      } finally {
        progress.stop();
      }
    }
    if (flags.json) this.printJson(made);
    else this.print(id);
  }
}
