import { HttpError } from '../../http/http-error.ts';
import type { Call, CallDrainAgent } from '../../mesos/generated/master.ts';
import type { OfferOperation } from '../../mesos/generated/mesos.ts';
import type { Verbosity } from '../../runtime/verbosity.ts';
import { gracePeriodOf } from './maintenance.ts';
import {
  applyOperation,
  carryOut,
  removeQuota,
  setQuota,
  updateQuotas,
  updateWeights,
  type WriteOptions,
} from './operator-writes.ts';

export interface OperatorCallOptions extends WriteOptions {
  readonly verbosity: Verbosity;
}

/** Carries a call out and gives the status of its answer: 202 for what the agent has yet to do. */
export const performCall = async (call: Call, options: OperatorCallOptions): Promise<number> => {
  const { ask } = options;
  switch (call.type) {
    case 'SET_LOGGING_LEVEL': {
      const { level, duration } = call.set_logging_level;
      options.verbosity.raise(level, duration.nanoseconds / 1e6);
      return 200;
    }
    case 'TEARDOWN':
      await carryOut(ask, { type: 'teardown', frameworkId: call.teardown.framework_id.value });
      return 200;
    case 'MARK_AGENT_GONE':
      await carryOut(ask, { type: 'mark-agent-gone', agentId: call.mark_agent_gone.agent_id.value });
      return 200;
    case 'DEACTIVATE_AGENT':
      await carryOut(ask, { type: 'deactivate-agent', agentId: call.deactivate_agent.agent_id.value });
      return 200;
    case 'REACTIVATE_AGENT':
      await carryOut(ask, { type: 'reactivate-agent', agentId: call.reactivate_agent.agent_id.value });
      return 200;
    case 'UPDATE_WEIGHTS':
      await updateWeights(options, call.update_weights.weight_infos ?? []);
      return 200;
    case 'UPDATE_QUOTA':
      await updateQuotas(options, call.update_quota.quota_configs ?? [], call.update_quota.force ?? false);
      return 200;
    case 'SET_QUOTA':
      await setQuota(options, call.set_quota.quota_request);
      return 200;
    case 'REMOVE_QUOTA':
      await removeQuota(options, call.remove_quota.role);
      return 200;
    case 'DRAIN_AGENT':
      await drain(options, call.drain_agent);
      return 200;
    case 'UPDATE_MAINTENANCE_SCHEDULE':
      await carryOut(ask, { type: 'update-schedule', schedule: call.update_maintenance_schedule.schedule });
      return 200;
    case 'START_MAINTENANCE':
      await carryOut(ask, { type: 'start-maintenance', machines: call.start_maintenance.machines ?? [] });
      return 200;
    case 'STOP_MAINTENANCE':
      await carryOut(ask, { type: 'stop-maintenance', machines: call.stop_maintenance.machines ?? [] });
      return 200;
    default:
      return applyToAgent(call, options);
  }
};

const drain = (
  { ask }: OperatorCallOptions,
  { agent_id, max_grace_period, mark_gone = false }: CallDrainAgent,
): Promise<void> => {
  const maxGracePeriod = gracePeriodOf(max_grace_period);
  return carryOut(ask, {
    type: 'drain-agent',
    agentId: agent_id.value,
    isMarkedGone: mark_gone,
    ...(maxGracePeriod === undefined ? {} : { maxGracePeriod }),
  });
};

/** Reservations and volumes by operators: what the agent gets to do, and which agent. */
const applyToAgent = async (call: Call, options: OperatorCallOptions): Promise<number> => {
  const asked = operationOf(call);
  // UNKNOWN, for which there is no call.
  if (asked === undefined) throw new HttpError(501, '501 Not Implemented.');
  if (asked.agent_id === undefined) throw new HttpError(400, "Expecting 'agent_id' to be present");
  await applyOperation(options, asked.agent_id.value, asked.operation);
  return 202;
};

interface AskedOperation {
  readonly agent_id?: { value: string };
  readonly operation: OfferOperation;
}

const operationOf = (call: Call): AskedOperation | undefined => {
  switch (call.type) {
    case 'RESERVE_RESOURCES': {
      const { agent_id, ...reserve } = call.reserve_resources;
      return { agent_id, operation: { type: 'RESERVE', reserve } };
    }
    case 'UNRESERVE_RESOURCES': {
      const { agent_id, ...unreserve } = call.unreserve_resources;
      return { agent_id, operation: { type: 'UNRESERVE', unreserve } };
    }
    case 'CREATE_VOLUMES': {
      const { agent_id, ...create } = call.create_volumes;
      return { agent_id, operation: { type: 'CREATE', create } };
    }
    case 'DESTROY_VOLUMES': {
      const { agent_id, ...destroy } = call.destroy_volumes;
      return { agent_id, operation: { type: 'DESTROY', destroy } };
    }
    case 'GROW_VOLUME': {
      const { agent_id, ...grow_volume } = call.grow_volume;
      return { ...(agent_id ? { agent_id } : {}), operation: { type: 'GROW_VOLUME', grow_volume } };
    }
    case 'SHRINK_VOLUME': {
      const { agent_id, ...shrink_volume } = call.shrink_volume;
      return { ...(agent_id ? { agent_id } : {}), operation: { type: 'SHRINK_VOLUME', shrink_volume } };
    }
    default:
      return undefined;
  }
};
