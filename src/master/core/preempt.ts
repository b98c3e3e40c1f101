import { isInSubtree } from '../../mesos/role-name.ts';
import {
  type PreemptionClaim,
  type PreemptionPicture,
  type PreemptionPlan,
  type Protection,
  planPreemption,
} from '../allocator/plan-preemption.ts';
import type { PreemptionFacts } from '../allocator/preemption-facts.ts';
import { fromThousandths, increaseAll, type Quantities } from '../allocator/quantities.ts';
import { shutDownExecutor } from './executor-calls.ts';
import { rescindOffer } from './offers.ts';
import { killDeadlineMs, openPreemptions, preemptionKey } from './preemption-record.ts';
import { type OfferUnit, offerUnits, type TaskUnit, tasksOf } from './takeables.ts';
import type { Turn } from './turn.ts';
import { wantAllocation } from './want-allocation.ts';

/**
 * Guarantees that hold (`--preemption`): when frameworks of a role with a guarantee want offers, less than the guarantee is theirs,
 * and what is free does not serve it, others have to give: offers that nobody answered, then tasks. `planPreemption` says which.
 */

/** What lasts shorter than this, such as the restart of an agent, is not worth anybody's task. */
const PATIENCE_MS = 5_000;

type Unit = OfferUnit | TaskUnit;

/** Once per allocation interval, after the allocator had its turn. */
export const preempt = (turn: Turn): void => {
  const { state, settings, allocator, queue } = turn;
  if (!settings.isPreempting || queue.isPaused) return;
  escalateSlowKills(turn);
  const facts = allocator.preemptionFacts();
  const offers = facts ? offerUnits(state) : [];
  const unserved = facts ? unservedClaims(turn, facts, offers) : [];
  for (const role of [...state.preemption.unservedSinceMs.keys()]) {
    if (unserved.some((claim) => claim.role === role)) continue;
    state.preemption.unservedSinceMs.delete(role);
    state.preemption.helplessRoles.delete(role);
  }
  const ripe = unserved.filter(({ role }) => isRipe(turn, role));
  if (!facts || ripe.length === 0) return;
  const { units, agents } = whatRuns(turn, facts);
  const takeables = [...offers, ...units];
  const picture = { ...pictureOf(turn, facts, offers), agents, claims: ripe, takeables };
  for (const plan of planPreemption(picture))
    carryOut(turn, plan, new Map(takeables.map((unit) => [unit.key, unit])), ripe);
};

/** Without a look at what runs: most of the time offers that are still out, or nothing, are in the way. */
const unservedClaims = (
  turn: Turn,
  facts: PreemptionFacts,
  offers: readonly OfferUnit[],
): readonly PreemptionClaim[] => {
  const plans = planPreemption({ ...pictureOf(turn, facts, offers), takeables: [] });
  const unserved = new Set(plans.filter(({ missing }) => missing.size > 0).map(({ role }) => role));
  return facts.claims.filter(({ role }) => unserved.has(role));
};

const isRipe = ({ state, nowMs }: Turn, role: string): boolean => {
  const sinceMs = state.preemption.unservedSinceMs.get(role) ?? nowMs;
  state.preemption.unservedSinceMs.set(role, sinceMs);
  return nowMs - sinceMs >= PATIENCE_MS;
};

const pictureOf = (
  { state }: Turn,
  { agents, claims, guarantees }: PreemptionFacts,
  offers: readonly OfferUnit[],
): Omit<PreemptionPicture, 'takeables'> => {
  const protections = new Map<string, Protection>();
  for (const [role, { guarantee, held }] of guarantees) {
    const consumed = new Map(held);
    for (const { offer, freed } of offers) {
      if (isInSubtree(offer.role, role)) increaseAll(consumed, freed, -1);
    }
    protections.set(role, { guarantee, held, consumed });
  }
  return { agents, claims, protections, weights: state.weights };
};

/** What could be taken, and what is free once everything has ended that is being killed. */
const whatRuns = (
  { state, nowMs }: Turn,
  facts: PreemptionFacts,
): { units: TaskUnit[]; agents: PreemptionPicture['agents'] } => {
  const units: TaskUnit[] = [];
  const agents = new Map<string, { free: Quantities; least: Quantities }>();
  for (const [id, { free, least }] of facts.agents) {
    const agent = state.agents.get(id);
    if (!agent) continue;
    const found = tasksOf(state, agent, nowMs);
    const soonFree = new Map(free);
    increaseAll(soonFree, found.ending, 1);
    units.push(...found.units);
    agents.set(id, { free: soonFree, least });
  }
  return { units, agents };
};

const carryOut = (
  turn: Turn,
  { role, taken, missing }: PreemptionPlan,
  units: ReadonlyMap<string, Unit>,
  claims: readonly PreemptionClaim[],
): void => {
  const lacking = amountsText(claims.find((claim) => claim.role === role)?.lacking ?? new Map());
  const reason = `Role '${role}' lacks ${lacking} of its guarantee`;
  for (const { key } of taken) {
    const unit = units.get(key);
    if (unit?.type === 'offer') takeOfferBack(turn, role, unit, reason);
    else if (unit) killUnit(turn, role, unit, reason);
  }
  if (taken.length === 0 && missing.size > 0 && !turn.state.preemption.helplessRoles.has(role)) {
    turn.log(
      'nothing more can be taken for a guarantee',
      { role, missing: amountsText(missing), reason },
      'warn',
    );
    turn.state.preemption.helplessRoles.add(role);
  }
  if (taken.length > 0) turn.state.preemption.helplessRoles.delete(role);
};

const takeOfferBack = (turn: Turn, role: string, { offer, agentId }: OfferUnit, reason: string): void => {
  const { id, frameworkId } = offer;
  rescindOffer(turn, offer);
  wantAllocation(turn, [agentId]);
  turn.count('master/offers_preempted');
  turn.observe({ type: 'preempted', role, message: reason, agentId, frameworkId, taskIds: [], offerId: id });
  turn.log('took an offer back for a guarantee', { role, reason, agentId, frameworkId, offerId: id });
};

const killUnit = (turn: Turn, role: string, unit: TaskUnit, reason: string): void => {
  const { state, nowMs } = turn;
  const { agentId, frameworkId } = unit;
  const agent = state.agents.get(agentId);
  if (!agent) return;
  const message = `Preempted: ${reason}, and no more is free`;
  for (const { task_id } of unit.tasks) {
    const taskId = task_id.value;
    state.preemption.kills.set(preemptionKey(frameworkId, taskId), {
      frameworkId,
      taskId,
      sinceMs: nowMs,
      isEscalated: false,
    });
    turn.count('master/tasks_preempted');
    turn.toAgent(agent, {
      type: 'KILL',
      kill: { framework_id: { value: frameworkId }, task_id, preemption: { message } },
    });
  }
  const taskIds = unit.tasks.map(({ task_id }) => task_id.value);
  turn.observe({ type: 'preempted', role, message: reason, agentId, frameworkId, taskIds });
  turn.log('killing tasks for a guarantee', { role, reason, agentId, frameworkId, taskIds, of: unit.role });
};

/** An executor that does not hear of kills is ended itself: it must not keep what is somebody's guarantee. */
const escalateSlowKills = (turn: Turn): void => {
  const { state, nowMs } = turn;
  if (state.preemption.kills.size === 0) return;
  for (const { record, task } of openPreemptions(state)) {
    if (record.isEscalated || nowMs < (killDeadlineMs(state, task) ?? 0)) continue;
    record.isEscalated = true;
    const { frameworkId, taskId } = record;
    const { agent_id, executor_id } = task;
    const framework = state.frameworks.get(frameworkId);
    turn.log('a task does not end', { frameworkId, taskId, agentId: agent_id.value }, 'warn');
    if (framework && executor_id) shutDownExecutor(turn, framework, { executor_id, agent_id });
  }
};

const amountsText = (quantities: Quantities): string =>
  [...quantities]
    .map(([name, thousandths]) => `${name}:${fromThousandths(thousandths)}`)
    .sort()
    .join('; ');
