import type { ServiceUpdate } from '../../clients/cosmos-types.ts';
import { type ChangeFlags, MarathonCommand } from '../apps/marathon-command.ts';
import { type ClusterClients, connectionTo } from '../clusters/cluster-clients.ts';
import { CliError } from '../errors/cli-error.ts';
import { createPaint } from '../output/paint.ts';
import { confirm } from '../output/prompt.ts';
import { followService, PHASES_BEFORE_TASKS } from './follow-service.ts';
import {
  isNothing,
  previewServiceChange,
  type ServiceChangeRequest,
  serviceChangeLines,
} from './service-changes.ts';
import { unknownOptionNotes } from './unknown-option-notes.ts';

interface ServiceChangeFlags extends ChangeFlags {
  readonly yes: boolean;
  readonly 'dry-run': boolean;
}

interface ServiceChange {
  readonly clients: ClusterClients;
  readonly flags: ServiceChangeFlags;
  readonly name: string;
  readonly request: ServiceChangeRequest;
  /** What the user gave, to be warned of what of it has no effect. */
  readonly options?: object | undefined;
  readonly carryOut: () => Promise<ServiceUpdate>;
}

/** What updates and rollbacks share: the changes are shown, agreed to, carried out, and waited for with --wait. */
export abstract class ServiceChangeCommand extends MarathonCommand {
  protected async changeService(change: ServiceChange): Promise<void> {
    const { clients, flags, name, carryOut } = change;
    if (!(await this.#showChanges(change))) return;
    if (!flags.yes) await confirm(this.terminal, `Change ${name} (${change.request.appId}) so?`);
    const answer = await carryOut();
    const { version } = answer.package;
    const { appId } = change.request;
    this.note(`Changing ${name} (${appId}) to ${version}: deployment ${answer.marathonDeploymentId}`);
    if (flags.wait) {
      const deploymentId = answer.marathonDeploymentId;
      this.noteLines(PHASES_BEFORE_TASKS);
      const goesOn = `The change goes on: plenum marathon deployment watch ${deploymentId} follows it, plenum package rollback ${name} --app-id ${appId} undoes it`;
      const follow = {
        ...this.followOptions(clients, flags),
        mesos: clients.mesos,
        gateway: connectionTo(clients.cluster, { timeoutMs: flags.timeout, signal: this.terminal.signal }),
        appId,
        deploymentId,
        goesOn,
      };
      await followService(follow);
      this.note(`${name} ${version} is usable`);
    }
    if (flags.json) this.printJson(answer);
  }

  /** Whether there is anything to be done. */
  async #showChanges({ clients, flags, request, options }: ServiceChange): Promise<boolean> {
    const told = await previewServiceChange(request, clients);
    if (told === undefined) {
      const message = 'This package service cannot tell beforehand what a change does';
      if (flags['dry-run'] || 'rollback' in request)
        throw new CliError('failed', message, { hint: 'Nothing was sent' });
      this.note(message);
      return true;
    }
    const { preview, changes } = told;
    this.noteLines(unknownOptionNotes(preview.package.config, options));
    if (flags['dry-run'] && flags.json) {
      this.printJson(changes);
      return false;
    }
    const { out, err } = this.terminal;
    const hasColor = flags['dry-run'] ? out.hasColor : err.hasColor;
    const lines = serviceChangeLines(changes, await createPaint(hasColor));
    if (flags['dry-run']) this.printLines(lines);
    else this.noteLines(lines);
    return !flags['dry-run'] && !isNothing(changes);
  }
}
