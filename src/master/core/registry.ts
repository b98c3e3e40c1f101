import type { FrameworkInfo, MasterInfo } from '../../mesos/generated/mesos.ts';
import type { QuotaConfig } from '../../mesos/generated/quota.ts';
import type { Store } from '../../store/store.ts';
import { rolesOf } from './framework-info.ts';
import { loadMaintenance } from './maintenance-schedule.ts';
import { emptyPreemption } from './preemption-record.ts';
import type { AdmittedAgent, CompletedFramework, GoneAgent, MasterState, UnreachableAgent } from './state.ts';
import type { Turn } from './turn.ts';

/**
 * What outlives the master (mesos.md 4.5): agents that were admitted, are unreachable or gone, quotas, weights, the maintenance schedule; and the
 * ids of removed frameworks, so that tasks of one that was torn down cannot come back with an agent that was away.
 * Frameworks and tasks are learnt again from the agents and from the schedulers that subscribe.
 */

export const agentKey = (agentId: string): string => `agents/${encodeURIComponent(agentId)}`;
export const unreachableKey = (agentId: string): string => `unreachable/${encodeURIComponent(agentId)}`;
export const goneKey = (agentId: string): string => `gone/${encodeURIComponent(agentId)}`;
export const quotaKey = (role: string): string => `quotas/${encodeURIComponent(role)}`;
export const weightKey = (role: string): string => `weights/${encodeURIComponent(role)}`;
export const removedFrameworkKey = (frameworkId: string): string =>
  `removed-frameworks/${encodeURIComponent(frameworkId)}`;

/** The lasting part of a framework that is over. */
export interface RemovedFramework {
  info: FrameworkInfo;
  registeredMs: number;
  unregisteredMs: number;
}

/** The state that a master starts with. */
export const loadState = (
  store: Store,
  { masterId, info, nowMs }: { masterId: string; info: MasterInfo; nowMs: number },
): MasterState => ({
  masterId,
  info,
  startedMs: nowMs,
  frameworks: new Map(),
  completedFrameworks: loadRemovedFrameworks(store),
  agents: new Map(),
  agentIndex: { byStream: new Map(), byAddress: new Map() },
  recoveredAgents: load<AdmittedAgent>(store, 'agents/'),
  unreachableAgents: load<UnreachableAgent>(store, 'unreachable/'),
  goneAgents: load<GoneAgent>(store, 'gone/'),
  agentsToGiveUp: { waiting: new Map(), lastMs: undefined },
  preemption: emptyPreemption(),
  offers: new Map(),
  inverseOffers: new Map(),
  maintenance: loadMaintenance(store),
  quotas: load<QuotaConfig>(store, 'quotas/'),
  weights: load<number>(store, 'weights/'),
  counters: new Map(),
  frameworkCounters: new Map(),
  next: { framework: 0, agent: 0, offer: 0 },
});

/** The store holds what this code wrote there. */
const load = <Value>(store: Store, prefix: string): Map<string, Value> =>
  new Map(
    [...store.range(prefix)].map(({ key, value }) => [
      decodeURIComponent(key.slice(prefix.length)),
      value as Value,
    ]),
  );

const loadRemovedFrameworks = (store: Store): Map<string, CompletedFramework> => {
  const removed = [...load<RemovedFramework>(store, 'removed-frameworks/')].sort(
    ([, one], [, other]) => one.unregisteredMs - other.unregisteredMs,
  );
  return new Map(
    removed.map(([id, { info, registeredMs, unregisteredMs }]) => [
      id,
      {
        id,
        info,
        roles: rolesOf(info),
        registeredMs,
        reregisteredMs: undefined,
        unregisteredMs,
        completedTasks: [],
        unreachableTasks: new Map(),
      },
    ]),
  );
};

/** Forgets agents that have been unreachable or gone for too long, and the oldest of too many. */
export const collectRegistry = (turn: Turn): void => {
  const { unreachableAgents, goneAgents } = turn.state;
  collect(turn, unreachableAgents, ({ unreachableMs }) => unreachableMs, unreachableKey);
  collect(turn, goneAgents, ({ goneMs }) => goneMs, goneKey);
};

const collect = <Entry>(
  turn: Turn,
  entries: Map<string, Entry>,
  sinceOf: (entry: Entry) => number,
  keyOf: (agentId: string) => string,
): void => {
  const { registryMaxAgentAgeMs, registryMaxAgentCount } = turn.settings;
  let surplus = entries.size - registryMaxAgentCount;
  const byAge = [...entries].sort(([, one], [, other]) => sinceOf(one) - sinceOf(other));
  for (const [agentId, entry] of byAge) {
    if (surplus <= 0 && turn.nowMs - sinceOf(entry) <= registryMaxAgentAgeMs) break;
    surplus--;
    entries.delete(agentId);
    turn.save(keyOf(agentId), undefined);
  }
};
