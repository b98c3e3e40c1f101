import type { IncomingMessage } from 'node:http';
import { HttpError } from '../../http/http-error.ts';
import { mesosPrincipalOf, principalOf } from '../../http/principal.ts';
import type { AclAction } from '../../mesos/acls/acl-actions.ts';
import { type AclRequest, type Acls, isAuthorized } from '../../mesos/acls/acls.ts';
import type { MachineID } from '../../mesos/generated/mesos.ts';
import { operationRequests } from '../core/authorization.ts';
import type { OperatorCommand } from '../core/input.ts';
import { isResourceOperation } from '../core/operation-problem.ts';
import type { MasterState } from '../core/state.ts';
import type { WriteOptions } from './operator-writes.ts';
import { machineName } from './visibility.ts';

/** Operators are asked for what the ACLs (mesos.md 6, `--acls`) say, by the name that they have logged in with. */
export const subjectOf = (request: IncomingMessage): string | undefined => principalOf(request)?.name;

export const forbidden = (): HttpError => new HttpError(403, '403 Forbidden.');

/** Throws HttpError 403 when who sends the request may not do that. */
export const demand = (
  acls: Acls | undefined,
  request: IncomingMessage,
  action: AclAction,
  object?: string,
): void => {
  if (!isAuthorized(acls, { action, principal: subjectOf(request), object })) throw forbidden();
};

/** The options for what one request writes: in the name of who sends it, as far as that is allowed. */
export const inNameOf = <Options extends WriteOptions>(
  options: Options,
  request: IncomingMessage,
): Options => ({
  ...options,
  principal: mesosPrincipalOf(request),
  ask: async (command) => {
    const { acls, state } = options;
    const wanted = acls === undefined ? [] : requestsOf(command, state, subjectOf(request));
    if (!wanted.every((each) => isAuthorized(acls, each))) throw forbidden();
    return options.ask(command);
  },
});

const requestsOf = (
  command: OperatorCommand,
  { frameworks }: MasterState,
  principal: string | undefined,
): AclRequest[] => {
  const each = (action: AclAction, objects: readonly (string | undefined)[]): AclRequest[] =>
    objects.map((object) => ({ action, principal, object }));
  switch (command.type) {
    case 'teardown': {
      const framework = frameworks.get(command.frameworkId);
      return framework ? each('teardown_frameworks', [framework.info.principal]) : [];
    }
    case 'apply-operation':
      return isResourceOperation(command.operation) ? operationRequests(command.operation, principal) : [];
    case 'update-quotas':
      return each(
        'update_quotas',
        command.configs.map(({ role }) => role),
      );
    case 'update-weights':
      return each(
        'update_weights',
        command.weights.map(({ role }) => role),
      );
    case 'mark-agent-gone':
      return each('mark_agents_gone', [command.agentId]);
    case 'deactivate-agent':
      return each('deactivate_agents', [command.agentId]);
    case 'reactivate-agent':
      return each('reactivate_agents', [command.agentId]);
    case 'drain-agent':
      return each('drain_agents', [command.agentId]);
    case 'update-schedule':
      return each(
        'update_maintenance_schedules',
        orAny((command.schedule.windows ?? []).flatMap(({ machine_ids = [] }) => machine_ids)),
      );
    case 'start-maintenance':
      return each('start_maintenances', orAny(command.machines));
    case 'stop-maintenance':
      return each('stop_maintenances', orAny(command.machines));
  }
};

/** Machines by the name that they are listed under. Who names none asks for leave all the same. */
const orAny = (machines: readonly MachineID[]): (string | undefined)[] =>
  machines.length === 0 ? [undefined] : machines.map(machineName);
