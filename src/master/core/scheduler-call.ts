import { accept, decline } from './accept.ts';
import { countForFramework } from './count-for-framework.ts';
import { kill, messageExecutor, shutDownExecutor } from './executor-calls.ts';
import type { SchedulerCall } from './input.ts';
import { answerInverseOffers } from './inverse-offers.ts';
import { acknowledgeOperationStatus, reconcileOperations } from './operation-status.ts';
import { reconcile } from './reconcile.ts';
import { removeFramework } from './remove-framework.ts';
import type { Framework } from './state.ts';
import { acknowledge } from './status-update.ts';
import type { Turn } from './turn.ts';
import { wantAllocation } from './want-allocation.ts';

/** Does what a subscribed scheduler wants (mesos.md 1.4). */
export const takeSchedulerCall = (turn: Turn, framework: Framework, call: SchedulerCall): void => {
  countForFramework(turn, framework, `calls/${call.type.toLowerCase()}`);
  switch (call.type) {
    case 'TEARDOWN':
      turn.count('master/messages_unregister_framework');
      removeFramework(turn, framework);
      break;
    case 'ACCEPT':
      accept(turn, framework, call.accept);
      break;
    case 'DECLINE':
      decline(turn, framework, call.decline);
      break;
    case 'REVIVE':
      revive(turn, framework, call.revive?.roles ?? []);
      break;
    case 'SUPPRESS':
      suppress(turn, framework, call.suppress?.roles ?? []);
      break;
    case 'KILL':
      kill(turn, framework, call.kill);
      break;
    case 'SHUTDOWN':
      shutDownExecutor(turn, framework, call.shutdown);
      break;
    case 'ACKNOWLEDGE':
      acknowledge(turn, framework, call.acknowledge);
      break;
    case 'ACKNOWLEDGE_OPERATION_STATUS':
      acknowledgeOperationStatus(turn, framework, call.acknowledge_operation_status);
      break;
    case 'RECONCILE':
      reconcile(turn, framework, call.reconcile);
      break;
    case 'RECONCILE_OPERATIONS':
      reconcileOperations(turn, framework, call.reconcile_operations);
      break;
    case 'MESSAGE':
      messageExecutor(turn, framework, call.message);
      break;
    case 'REQUEST':
      // As Mesos' own allocator does: it is heard and has no effect.
      turn.count('master/messages_resource_request');
      break;
    case 'ACCEPT_INVERSE_OFFERS':
      answerInverseOffers(turn, framework, call.accept_inverse_offers, 'ACCEPT');
      break;
    case 'DECLINE_INVERSE_OFFERS':
      answerInverseOffers(turn, framework, call.decline_inverse_offers, 'DECLINE');
      break;
  }
};

const revive = (turn: Turn, framework: Framework, roles: readonly string[]): void => {
  turn.count('master/messages_revive_offers');
  const meant = subscribed(framework, roles);
  framework.suppressedRoles = new Set([...framework.suppressedRoles].filter((role) => !meant.includes(role)));
  turn.allocator.revive(framework.id, meant);
  wantAllocation(turn);
};

/** Offers that are on their way stay. */
const suppress = (turn: Turn, framework: Framework, roles: readonly string[]): void => {
  turn.count('master/messages_suppress_offers');
  const meant = subscribed(framework, roles);
  framework.suppressedRoles = new Set([...framework.suppressedRoles, ...meant]);
  turn.allocator.suppress(framework.id, meant);
};

/** The named ones of its roles, or all when none is named. */
const subscribed = (framework: Framework, roles: readonly string[]): readonly string[] =>
  roles.length === 0 ? framework.roles : framework.roles.filter((role) => roles.includes(role));
