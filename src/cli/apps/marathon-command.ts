import type { MarathonDryRun } from '../../clients/marathon-client.ts';
import type { MarathonApp, MarathonDeploymentResult, MarathonPreview } from '../../clients/marathon-types.ts';
import type { ChangeOptions } from '../../clients/marathon-wire.ts';
import { ClusterCommand, type ClusterFlags } from '../cluster-command.ts';
import type { ClusterClients } from '../clusters/cluster-clients.ts';
import { createPaint } from '../output/paint.ts';
import { type FollowOptions, followDeployment } from './follow-deployment.ts';
import { previewLines } from './preview-change.ts';
import { requireDryRun, requirePlenum } from './require-plenum.ts';
import { waitForApp } from './wait-for-app.ts';

export interface ChangeFlags extends ClusterFlags {
  readonly json: boolean;
}

export interface DeadlineFlags {
  readonly force?: boolean | undefined;
  readonly deadline?: number | undefined;
  readonly 'on-deadline'?: string | undefined;
}

/** What the commands share that have Marathon change something: they print the deployment, and wait for it with --wait. */
export abstract class MarathonCommand extends ClusterCommand {
  /** Options for following a deployment that begins now. */
  protected followOptions({ marathon, pods }: ClusterClients, flags: ClusterFlags): FollowOptions {
    return {
      marathon,
      pods,
      progress: this.createProgress(),
      deadline: this.waitDeadline(flags),
      signal: this.terminal.signal,
    };
  }

  /** How a change is to be carried out. Throws CliError when this Marathon would take no notice of the deadline. */
  protected async changeOptions({ marathon }: ClusterClients, flags: DeadlineFlags): Promise<ChangeOptions> {
    const { force, deadline, 'on-deadline': onDeadline } = flags;
    if (deadline === undefined && onDeadline === undefined) return { force };
    await requirePlenum(marathon, 'This Marathon knows no deadlines: it would take no notice of it', {
      hint: 'Nothing was sent; --wait --timeout gives up waiting, but not the deployment',
    });
    // The API counts whole seconds.
    const deadlineSeconds = deadline === undefined ? undefined : Math.ceil(deadline / 1_000);
    return { force, deadlineSeconds, onDeadline };
  }

  /** Tells what a change would do (--dry-run). Throws CliError when this Marathon would carry it out instead. */
  protected async printPreview(
    { marathon }: ClusterClients,
    { json }: Pick<ChangeFlags, 'json'>,
    ask: (dryRun: MarathonDryRun) => Promise<MarathonPreview>,
  ): Promise<void> {
    await requireDryRun(marathon);
    const preview = await ask(marathon.dryRun);
    if (json) return this.printJson(preview);
    this.printLines(previewLines(preview, await createPaint(this.terminal.out.hasColor)));
  }

  /** Tells of a deployment; with --wait it is over when this resolves, and `done` is said. */
  protected async finishDeployment(
    answer: MarathonDeploymentResult,
    { clients, flags, done }: { clients: ClusterClients; flags: ChangeFlags; done: string },
  ): Promise<void> {
    if (flags.json) this.printJson(answer);
    else this.print(`Created deployment ${answer.deploymentId}`);
    if (!flags.wait) return;
    await followDeployment(answer.deploymentId, this.followOptions(clients, flags));
    this.note(done);
  }

  /** Tells of the deployment that changes an app; with --wait the app is usable when this resolves. */
  protected async finishAppChange(
    appId: string,
    { deploymentId }: Pick<MarathonDeploymentResult, 'deploymentId'>,
    { clients, flags, answer }: { clients: ClusterClients; flags: ChangeFlags; answer: object },
  ): Promise<void> {
    if (!flags.json) this.print(`Created deployment ${deploymentId}`);
    if (!flags.wait) {
      if (flags.json) this.printJson(answer);
      return;
    }
    const app = await waitForApp({ appId, deploymentId }, this.followOptions(clients, flags));
    if (flags.json) this.printJson(app);
    else this.note(`${appId} is deployed: ${runningOf(app)}`);
  }
}

const runningOf = ({ tasksRunning = 0, instances = 1 }: MarathonApp): string =>
  `${tasksRunning} of ${instances} running`;
