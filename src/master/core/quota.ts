import type { ValueScalar } from '../../mesos/generated/mesos.ts';
import type { QuotaConfig } from '../../mesos/generated/quota.ts';
import { isInSubtree } from '../../mesos/role-name.ts';
import type { Amounts, Quota } from '../allocator/allocator.ts';
import type { OperatorOutcome } from './input.ts';
import { rescindOffer } from './offers.ts';
import { quotaKey } from './registry.ts';
import type { OfferRecord } from './state.ts';
import type { Turn } from './turn.ts';
import { wantAllocation } from './want-allocation.ts';

/**
 * Changes quotas, all or none of them (mesos.md 3.4). The configs are sound by themselves; what is checked here is whether
 * they fit the cluster as it is, unless that is forced.
 */
export const updateQuotas = (
  turn: Turn,
  configs: readonly QuotaConfig[],
  isForced: boolean,
): OperatorOutcome => {
  const { roles } = turn.settings;
  const stranger = configs.find(({ role }) => role !== '*' && roles?.has(role) === false);
  if (stranger) {
    const message = `Invalid QuotaConfig: '${stranger.role}' is not on the roles whitelist`;
    return { type: 'refused', status: 400, message };
  }
  const problem = isForced
    ? undefined
    : (consumptionProblem(turn, configs) ?? capacityProblem(turn, configs));
  if (problem !== undefined) {
    return { type: 'refused', status: 400, message: `Invalid QuotaConfig: ${problem}` };
  }
  for (const config of configs) {
    const quota = quotaOf(config);
    turn.allocator.setQuota(config.role, quota);
    if (quota === undefined) turn.state.quotas.delete(config.role);
    else turn.state.quotas.set(config.role, config);
    turn.save(quotaKey(config.role), quota === undefined ? undefined : config);
  }
  for (const { role } of configs) makeRoom(turn, role);
  wantAllocation(turn);
  return { type: 'accepted' };
};

/** undefined for what is the default anyway. */
export const quotaOf = ({ guarantees = {}, limits = {} }: QuotaConfig): Quota | undefined => {
  const quota = { guarantees: amountsOf(guarantees), limits: amountsOf(limits) };
  const isDefault =
    Object.values(quota.guarantees).every((value) => value === 0) && Object.keys(quota.limits).length === 0;
  return isDefault ? undefined : quota;
};

const amountsOf = (scalars: Readonly<Record<string, ValueScalar>>): Amounts =>
  Object.fromEntries(Object.entries(scalars).map(([name, { value }]) => [name, value]));

const consumptionProblem = (turn: Turn, configs: readonly QuotaConfig[]): string | undefined => {
  for (const { role, limits = {} } of configs) {
    const consumed = consumedBy(turn, role);
    const isBeyond = Object.entries(limits).some(([name, { value }]) => (consumed[name] ?? 0) > value);
    if (isBeyond) {
      return `Role '${role}' is already consuming '${amountsText(consumed)}', this is more than the requested limits '${amountsText(amountsOf(limits))}' (use 'force' flag to bypass this check)`;
    }
  }
  return undefined;
};

/** Reservations of the role's subtree, and what is allocated to it beside them; offers do not count. */
const consumedBy = (turn: Turn, role: string): Amounts => {
  const summary = turn.allocator.role(role);
  const consumed: Record<string, number> = { ...summary?.reserved };
  for (const [name, value] of Object.entries(summary?.offeredOrAllocatedUnreserved ?? {})) {
    consumed[name] = (consumed[name] ?? 0) + value;
  }
  for (const offer of turn.state.offers.values()) {
    if (!isInSubtree(offer.role, role)) continue;
    for (const [name, value] of Object.entries(plainAmounts(offer))) {
      consumed[name] = (consumed[name] ?? 0) - value;
    }
  }
  for (const [name, value] of Object.entries(consumed)) consumed[name] = roundToThousandths(value);
  return consumed;
};

const roundToThousandths = (value: number): number => Math.round(value * 1000) / 1000;

/** What an offer holds that is neither reserved nor revocable. */
const plainAmounts = ({ resources }: OfferRecord): Amounts => {
  const amounts: Record<string, number> = {};
  for (const { name, scalar, reservations = [], revocable } of resources) {
    if (scalar === undefined || reservations.length > 0 || revocable !== undefined) continue;
    amounts[name] = (amounts[name] ?? 0) + scalar.value;
  }
  return amounts;
};

const capacityProblem = (turn: Turn, configs: readonly QuotaConfig[]): string | undefined => {
  const after = new Map(turn.state.quotas);
  for (const config of configs) after.set(config.role, config);
  const guaranteed: Record<string, number> = {};
  for (const { guarantees = {} } of after.values()) {
    for (const [name, { value }] of Object.entries(guarantees)) {
      guaranteed[name] = roundToThousandths((guaranteed[name] ?? 0) + value);
    }
  }
  const capacity = capacityOf(turn);
  const isBeyond = Object.entries(guaranteed).some(([name, value]) => value > (capacity[name] ?? 0));
  return isBeyond
    ? `total quota guarantees '${amountsText(guaranteed)}' exceed cluster capacity '${amountsText(capacity)}' (use 'force' flag to bypass this check)`
    : undefined;
};

/** Scalars of all agents that cannot be taken back. */
const capacityOf = ({ state }: Turn): Amounts => {
  const capacity: Record<string, number> = {};
  for (const { total } of state.agents.values()) {
    for (const { name, scalar, revocable } of total) {
      if (scalar === undefined || revocable !== undefined) continue;
      capacity[name] = roundToThousandths((capacity[name] ?? 0) + scalar.value);
    }
  }
  return capacity;
};

const amountsText = (amounts: Amounts): string =>
  Object.entries(amounts)
    .filter(([, value]) => value !== 0)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}:${value}`)
    .join('; ');

/**
 * Takes offers back: of the role's own until it keeps its limits, then of others until its guarantee can be met out of what
 * is free.
 */
const makeRoom = (turn: Turn, role: string): void => {
  const { guarantees, limits } = quotaOf(turn.state.quotas.get(role) ?? { role }) ?? {
    guarantees: {},
    limits: {},
  };
  for (const offer of [...turn.state.offers.values()].filter((one) => isInSubtree(one.role, role))) {
    const held = heldBy(turn, role);
    if (Object.entries(limits).every(([name, limit]) => (held[name] ?? 0) <= limit)) break;
    rescindOffer(turn, offer);
  }
  const missing = new Map(
    Object.entries(guarantees).map(([name, value]) => [name, value - (heldBy(turn, role)[name] ?? 0)]),
  );
  for (const offer of [...turn.state.offers.values()].filter((one) => !isInSubtree(one.role, role))) {
    const freed = Object.entries(plainAmounts(offer));
    if (!freed.some(([name]) => (missing.get(name) ?? 0) > 0)) continue;
    rescindOffer(turn, offer);
    for (const [name, value] of freed) missing.set(name, (missing.get(name) ?? 0) - value);
  }
};

const heldBy = (turn: Turn, role: string): Amounts => {
  const summary = turn.allocator.role(role);
  const held: Record<string, number> = { ...summary?.reserved };
  for (const [name, value] of Object.entries(summary?.offeredOrAllocatedUnreserved ?? {})) {
    held[name] = roundToThousandths((held[name] ?? 0) + value);
  }
  return held;
};
