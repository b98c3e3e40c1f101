import type { Offer } from '../../mesos/generated/mesos.ts';
import { scalarNeedsOf } from '../core/matcher/scalar-needs.ts';
import type { RunSpec } from '../definitions/run-spec.ts';
import type { QueueItem, UnusedOffer } from '../engine.ts';
import { time } from './json/task-json.ts';

/**
 * Why instances of an app wait to be launched, and what would help, in sentences: first what holds them at once (no master,
 * back-off), else what each reason ruled out of the last offers of all agents, in the order in which it is asked.
 */
export const explainQueueItem = (
  item: QueueItem,
  { nowMs, isConnected }: { nowMs: number; isConnected: boolean },
): string[] => {
  const { spec, role, delayLeftMs, offers, sinceMs } = item;
  if (!isConnected) return ['Marathon has no connection to the master, so nothing is offered'];
  if (delayLeftMs > 0) {
    return [
      `Its tasks ended too often: the next launch is held back until ${time(nowMs + delayLeftMs)}; DELETE /v2/queue${spec.id}/delay ends that`,
    ];
  }
  const agents = offers.lastOffers[0]?.processed ?? 0;
  if (agents === 0) {
    return [
      `The master has offered nothing to role ${role} since ${time(sinceMs)}: all agents are in use, or the role's quota is used up; free resources, add an agent or raise the quota`,
    ];
  }
  return [...explainRefusals(item, agents), lastOffer(item)];
};

const explainRefusals = ({ spec, offers }: QueueItem, agents: number): string[] =>
  offers.lastOffers.flatMap(({ reason, declined }) => {
    if (declined === 0) return [];
    const refused = offers.lastUnused.filter(({ rejections }) => rejections[0]?.reason === reason);
    const share = `${declined} of ${agents} ${agents === 1 ? 'agent' : 'agents'}`;
    const scalar = SCALARS[reason];
    if (scalar) return [`${share}: ${explainShortage(spec, refused, scalar)}`];
    const details = [...new Set(refused.flatMap(({ rejections }) => rejections[0]?.detail ?? []))];
    const more = details.length > MOST_DETAILS ? `; and ${details.length - MOST_DETAILS} more like this` : '';
    const help = HELP[reason];
    return [
      `${share}: ${details.slice(0, MOST_DETAILS).join('; ') || reason}${more}${help ? ` (${help})` : ''}`,
    ];
  });

const MOST_DETAILS = 3;

type ScalarName = 'cpus' | 'mem' | 'disk' | 'gpus';

const SCALARS: Readonly<Record<string, ScalarName>> = {
  InsufficientCpus: 'cpus',
  InsufficientMemory: 'mem',
  InsufficientDisk: 'disk',
  InsufficientGpus: 'gpus',
};

const HELP: Readonly<Record<string, string>> = {
  UnfulfilledRole: 'change the role of the app, or reserve nothing for others',
  UnfulfilledConstraint: 'loosen the constraint, or add an agent that fulfils it',
  NoCorrespondingReservationFound: 'its volumes are on another agent: bring that back',
  AgentMaintenance: 'end the maintenance, or add an agent',
  InsufficientPorts: 'ask for other ports or for port 0, which takes any that is free',
  DeclinedScarceResources: 'add an agent without gpus',
};

/** The unit goes with the number where it is not said by the name. */
const amount = (value: number, name: ScalarName): string =>
  `${Math.round(value * 1000) / 1000}${name === 'mem' || name === 'disk' ? ' MiB' : ''}`;

const explainShortage = (spec: RunSpec, refused: readonly UnusedOffer[], name: ScalarName): string => {
  const asked = scalarNeedsOf(spec)[name];
  let most = 0;
  let host: string | undefined;
  for (const { offer } of refused) {
    const offered = offeredAmount(offer, spec.role, name);
    if (host !== undefined && offered <= most) continue;
    most = offered;
    host = offer.hostname;
  }
  if (host === undefined || most >= asked) return `not enough ${name} for ${amount(asked, name)}`;
  const [least, where] =
    refused.length > 1
      ? ['at least ', `the most is ${amount(most, name)}`]
      : ['', `it has ${amount(most, name)}`];
  const missing = `${least}${amount(asked - most, name)} ${name} less than the ${amount(asked, name)} it asks, ${where} on ${host}`;
  const lower = most > 0 ? `lower ${name} to ${amount(most, name)}, or ` : '';
  return `${missing} (${lower}add an agent or free one)`;
};

const offeredAmount = (offer: Offer, role: string, name: ScalarName): number =>
  (offer.resources ?? [])
    .filter((resource) => resource.name === name && resource.disk === undefined)
    .filter(({ reservations = [] }) => [undefined, '*', role].includes(reservations.at(-1)?.role))
    .reduce((sum, { scalar }) => sum + (scalar?.value ?? 0), 0);

const lastOffer = ({ offers }: QueueItem): string => {
  const lastMs = Math.max(offers.lastUnusedAtMs ?? 0, offers.lastUsedAtMs ?? 0);
  return `The last offer came at ${time(lastMs)}, ${offers.processedCount} were looked at and ${offers.unusedCount} of no use`;
};
