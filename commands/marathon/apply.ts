import { boolean, string } from '@oclif/core/flags';
import { carryOut } from '../../src/cli/apply/carry-out.ts';
import { OWNER_LABEL } from '../../src/cli/apply/owner-label.ts';
import { type ApplyPlan, planApply } from '../../src/cli/apply/plan-apply.ts';
import { planLines } from '../../src/cli/apply/plan-lines.ts';
import { type GivenDefinitions, readDefinitions } from '../../src/cli/apply/read-definitions.ts';
import { wantedDefinitions } from '../../src/cli/apply/wanted-definitions.ts';
import { followDeployment } from '../../src/cli/apps/follow-deployment.ts';
import { MarathonCommand } from '../../src/cli/apps/marathon-command.ts';
import { isPlenum, requireDryRun } from '../../src/cli/apps/require-plenum.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { deadlineFlags, dryRunFlag, forceFlag, waitFlag, yesFlag } from '../../src/cli/flags.ts';
import { formatCount } from '../../src/cli/output/format.ts';
import { createPaint } from '../../src/cli/output/paint.ts';
import { confirm } from '../../src/cli/output/prompt.ts';
import { canAsk } from '../../src/cli/output/terminal.ts';

export default class MarathonApply extends MarathonCommand {
  static override summary = 'Have the apps, pods and groups that files define, as the files define them';
  static override description =
    `What differs is printed, and then changed; a second time there is nothing to do. Definitions are JSON or YAML, in folders at every depth; a YAML file may hold several, a JSON file an array. A definition is complete: what it does not say has its default. Only the number of instances, where it is not said, is left to whoever scales the app.
A group stands for what is in it, and for its own dependencies and role. Nothing that the files do not name is touched.
What is made or changed gets the label ${OWNER_LABEL} with the name of the set of definitions: --set, or else the last two parts of the folder's path. With --prune, apps and pods that have this label and are not in the files any more are removed, and with them the groups in which nothing else was, unless they enforce a role. What was as it should be without having been applied belongs to nobody, unless --set is given: then it gets the label too, without a restart.
Everything is checked before anything is sent; what is wrong is told as FILE:LINE:COLUMN.`;
  static override examples = [
    '<%= config.bin %> marathon apply -f deploy/ --dry-run',
    '<%= config.bin %> marathon apply -f deploy/ --prune --wait',
    '<%= config.bin %> marathon apply -f web.yaml -f db.json',
    'helm template . | <%= config.bin %> marathon apply -f - --set shop',
  ];
  static override flags = {
    file: string({
      char: 'f',
      description: 'A folder, a file, a URL, or - for standard input; may be given several times',
      helpValue: 'PATH',
      multiple: true,
      required: true,
    }),
    set: string({ description: 'What this set of definitions is called', helpValue: 'NAME' }),
    prune: boolean({ description: 'Remove what was applied from this set and is not in it any more' }),
    'dry-run': dryRunFlag,
    wait: waitFlag,
    force: forceFlag,
    ...deadlineFlags,
    yes: yesFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(MarathonApply);
    const given = await readDefinitions(flags.file, this.terminal);
    const wanted = wantedDefinitions(given.documents);
    const owner = flags.set ?? given.setName;
    if (flags.prune) refuseBlindPruning(given, flags.set);

    const clients = this.connect(flags);
    const { marathon, definitions: client } = clients;
    if (flags['dry-run']) await requireDryRun(marathon);
    const plan = await planApply({
      client,
      wanted,
      present: await client.getAll(),
      owner,
      adopts: flags.set !== undefined,
      prunes: flags.prune,
      hasDryRun: await isPlenum(marathon),
    });
    await this.#tellPlan(plan, flags);
    if (flags['dry-run'] || plan.steps.length === 0) {
      if (flags.json) this.printJson({ set: owner, changes: plan.changes, deployments: [] });
      return;
    }
    const removed = plan.changes.filter(({ change }) => change === 'delete').length;
    if (removed > 0 && !flags.yes && canAsk(this.terminal)) {
      await confirm(this.terminal, `Remove ${removed} of them?`);
    }

    const deployments: string[] = [];
    const options = this.followOptions(clients, flags);
    const underWay = await carryOut(plan.steps, {
      client,
      options: await this.changeOptions(clients, flags),
      onDeployment: (id, { ids }) => {
        deployments.push(id);
        if (!flags.json) this.print(`Created deployment ${id}: ${ids.join(', ')}`);
      },
      follow: (id) => followDeployment(id, options),
    });
    if (flags.wait) {
      for (const id of underWay) await followDeployment(id, options);
      this.note(`${formatCount(plan.changes.length, 'change')} deployed`);
    }
    if (flags.json) this.printJson({ set: owner, changes: plan.changes, deployments });
  }

  async #tellPlan(plan: ApplyPlan, { json }: { json: boolean }): Promise<void> {
    if (json) return;
    if (plan.changes.length === 0) return this.print('Nothing to do');
    this.printLines(planLines(plan, await createPaint(this.terminal.out.hasColor)));
  }
}

/** Of a set of which only a part is given, the rest would be removed. */
const refuseBlindPruning = ({ areFolders, setName }: GivenDefinitions, set: string | undefined): void => {
  if (set !== undefined || areFolders) return;
  throw new CliError('usage', '--prune needs the whole folder, or the name of the set', {
    hint: setName === undefined ? 'Name it with --set NAME' : `Such as --set ${setName}`,
  });
};
