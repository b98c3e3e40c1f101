import type { Event } from '../../mesos/generated/scheduler.ts';
import { forgetWhatMasterKnows } from './demand.ts';
import { FRAMEWORK_KEY } from './keys.ts';
import { restartKills } from './kills.ts';
import { receiveOffers } from './offers.ts';
import { reconcile } from './reconcile.ts';
import { receiveOperationStatus, reconcileOperations, tellsOperations } from './resident/operations.ts';
import { receiveStatus } from './status-update.ts';
import type { Turn } from './turn.ts';

/** What the master tells. Rescinded offers need nothing: an offer is used or refused the moment it comes. */
export const receiveEvent = (turn: Turn, event: Event): void => {
  switch (event.type) {
    case 'SUBSCRIBED':
      subscribed(turn, event.subscribed);
      break;
    case 'OFFERS':
      receiveOffers(turn, event.offers.offers ?? []);
      break;
    case 'UPDATE':
      receiveStatus(turn, event.update.status);
      break;
    case 'UPDATE_OPERATION_STATUS':
      receiveOperationStatus(turn, event.update_operation_status.status);
      break;
    case 'MESSAGE':
      turn.publish({
        eventType: 'framework_message_event',
        executorId: event.message.executor_id.value,
        slaveId: event.message.agent_id.value,
        message: Buffer.from(event.message.data, 'base64').toString('utf8'),
      });
      break;
    default:
      break;
  }
};

const subscribed = (
  turn: Turn,
  { framework_id, master_info }: Extract<Event, { type: 'SUBSCRIBED' }>['subscribed'],
): void => {
  const { state } = turn;
  const { master } = state;
  const address = master_info?.address;
  const masterName = `${address?.hostname ?? master_info?.hostname ?? ''}:${address?.port ?? master_info?.port ?? ''}`;
  if (state.frameworkId !== framework_id.value) {
    state.frameworkId = framework_id.value;
    turn.save(FRAMEWORK_KEY, { id: framework_id.value });
  }
  turn.publish(
    master.wasEverConnected
      ? { eventType: 'scheduler_reregistered_event', master: masterName }
      : { eventType: 'scheduler_registered_event', frameworkId: framework_id.value, master: masterName },
  );
  master.isConnected = true;
  master.wasEverConnected = true;
  const region = master_info?.domain?.fault_domain?.region.name;
  if (region === undefined) delete master.region;
  else master.region = region;
  forgetWhatMasterKnows(turn);
  restartKills(turn);
  reconcile(turn, { isNewLine: true });
  master.tellsOperations = tellsOperations(master_info?.version);
  reconcileOperations(turn);
};
