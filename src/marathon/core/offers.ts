import { agentOf, type OfferedAgent } from '../../mesos/agent-fields.ts';
import type { Offer, OfferOperation, Resource } from '../../mesos/generated/mesos.ts';
import type { RunSpec } from '../definitions/run-spec.ts';
import type { Rejection } from '../engine.ts';
import { delayLeftMs, liveBackOff } from './back-off.ts';
import { type Instance, isActive, isUnreachable, type Reservation } from './instance.ts';
import { Placement } from './matcher/constraints.ts';
import { matchApp } from './matcher/match-app.ts';
import { OfferRemainder } from './matcher/offer-remainder.ts';
import { pickPorts, portRequestsOf } from './matcher/pick-ports.ts';
import { scalarNeedsOf } from './matcher/scalar-needs.ts';
import { type Launches, type Place, provision } from './provision.ts';
import { noteOffer } from './queue-entry.ts';
import { placeResidents } from './resident/place-residents.ts';
import { reserve } from './resident/reserve.ts';
import { volumeNeedsOf } from './resident/volume-need.ts';
import {
  backOffKey,
  isHeld,
  isOfConfiguration,
  launchedAs,
  launchSpecs,
  plannedInstances,
} from './rollout/rollout.ts';
import type { MarathonState } from './state.ts';
import type { Turn } from './turn.ts';

/** An offer while tasks are being placed on it. */
interface OpenOffer {
  readonly remainder: OfferRemainder;
  readonly agent: OfferedAgent;
  /** What has to be done with resources before the tasks can be launched. */
  readonly operations: OfferOperation[];
  readonly launches: Launches;
}

/**
 * Places what waits for a launch on offers, as much as fits, and refuses what is of no use. Instances of an app are dealt
 * out over the offers in turn, so that they spread. Each is durable, with its task's id, before the master hears of it.
 */
export const receiveOffers = (turn: Turn, offers: readonly Offer[]): void => {
  const open = offers.map(
    (offer): OpenOffer => ({
      remainder: new OfferRemainder(offer),
      agent: agentOf(offer),
      operations: [],
      launches: { tasks: [], groups: [] },
    }),
  );
  // First those that can be nowhere else.
  for (const offer of open) launchResidents(turn, offer);
  for (const app of launchableApps(turn)) launchApp(turn, app, open);
  for (const offer of open) if (isUsed(offer)) accept(turn, offer);
  const unused = open.filter((offer) => !isUsed(offer)).map(({ remainder }) => remainder.offer.id);
  if (unused.length === 0) return;
  turn.call({
    type: 'DECLINE',
    decline: { offer_ids: unused, filters: { refuse_seconds: turn.settings.declineOfferSeconds } },
  });
};

const isUsed = (offer: OpenOffer): boolean => offer.operations.length > 0 || launchedOn(offer) > 0;

const launchedOn = ({ launches }: OpenOffer): number => launches.tasks.length + launches.groups.length;

/** Launches what has its place on this agent already. */
const launchResidents = (turn: Turn, offer: OpenOffer): void => {
  const { ready, operations } = placeResidents(turn, offer.remainder.offer, {
    agent: offer.agent,
    needOf: (app) => ({ scalars: scalarNeedsOf(app), volumes: volumeNeedsOf(app) }),
  });
  offer.operations.push(...operations);
  for (const { instance, spec: app, resources, hostPorts } of ready) {
    if (launchedOn(offer) >= turn.settings.maxLaunchesPerOffer) return;
    // Asked for each: after failures one launch at a time has to prove itself, and sets the delay anew.
    if (delayLeftMs(app, turn.state.backOffs.get(backOffKey(app, turn.state)), turn.nowMs) > 0) continue;
    const ports = portsFor(app, hostPorts, offer.remainder, turn);
    const entry = turn.state.queue.get(app.id);
    if (ports === undefined) continue;
    launch(turn, instance, {
      spec: app,
      offer,
      resources: [...resources, ...ports.added],
      hostPorts: ports.hostPorts,
    });
    if (entry) noteOffer(entry, offer.remainder.offer, [], turn.nowMs);
  }
};

/** The ports that are reserved, and more of them when a newer definition has more; undefined when there are too few. */
const portsFor = (
  app: RunSpec,
  reserved: readonly number[],
  remainder: OfferRemainder,
  { random }: Turn,
): { hostPorts: readonly number[]; added: readonly Resource[] } | undefined => {
  const requests = portRequestsOf(app).slice(reserved.length);
  const kept = reserved.slice(0, portRequestsOf(app).length);
  const access = { unreserved: true, reserved: false };
  const picked = pickPorts(requests, remainder.portRanges(access), random);
  if (!picked.isEnough) return undefined;
  return { hostPorts: [...kept, ...picked.ports], added: remainder.takePorts(picked.ports, access) };
};

/** In random order, so that none is always the last. */
const launchableApps = (turn: Turn): RunSpec[] => {
  const { state, random, nowMs } = turn;
  const apps = [...state.queue.keys()]
    .flatMap((id) => launchSpecs(state, id))
    .filter((app) => delayLeftMs(app, state.backOffs.get(backOffKey(app, state)), nowMs) === 0);
  for (let last = apps.length - 1; last > 0; last--) {
    const other = Math.floor(random.next() * (last + 1));
    const [one, two] = [apps[last], apps[other]];
    if (one && two) [apps[last], apps[other]] = [two, one];
  }
  return apps;
};

/** What one app makes of the offers: where its next instance may go, and why the others are of no use. */
interface Attempt {
  readonly app: RunSpec;
  readonly placement: Placement;
  readonly instances: number;
  candidates: OpenOffer[];
  readonly used: Set<OpenOffer>;
  readonly refused: Map<OpenOffer, readonly Rejection[]>;
}

const launchApp = (turn: Turn, app: RunSpec, open: readonly OpenOffer[]): void => {
  const { state } = turn;
  const entry = state.queue.get(app.id);
  if (entry === undefined) return;
  const attempt: Attempt = {
    app,
    placement: placementOf(turn, app, open),
    instances: plannedInstances(state, app),
    candidates: open.filter((offer) => hasRoom(turn, offer)),
    used: new Set(),
    refused: new Map(),
  };
  // After failures one launch at a time has to prove itself, and be it one of another version of the same configuration.
  const backOff = state.backOffs.get(backOffKey(app, state));
  if (delayLeftMs(app, backOff, turn.nowMs) > 0) return;
  const isOnProbation = liveBackOff(app, backOff, turn.nowMs) !== undefined;
  const isOneOfSeveral = isHeld(state, app.id);
  const waiting: Reservation[] = [];
  for (const id of state.instances.scheduled(app.id)) {
    const instance = state.instances.get(id);
    if (isOneOfSeveral && instance && launchedAs(state, instance) !== app) continue;
    if (instance?.reservation) {
      waiting.push(instance.reservation);
      continue;
    }
    if (instance === undefined || !launchInstance(turn, instance, attempt) || isOnProbation) break;
  }
  const [reservation] = waiting;
  if (reservation && attempt.refused.size === 0) {
    for (const offer of open) attempt.refused.set(offer, [noReservation(reservation)]);
  }
  for (const offer of open) {
    const rejections = attempt.used.has(offer) ? [] : attempt.refused.get(offer);
    if (rejections) noteOffer(entry, offer.remainder.offer, rejections, turn.nowMs);
  }
};

const noReservation = ({ agent }: Reservation): Rejection => ({
  reason: 'NoCorrespondingReservationFound',
  detail: `what is reserved for an instance is on ${agent.hostname}, and not all of it is in this offer`,
});

/** Tasks and reservations that were placed count alike. */
const hasRoom = ({ settings }: Turn, { remainder }: OpenOffer): boolean =>
  remainder.placed < settings.maxLaunchesPerOffer;

/** Considered are instances of the same configuration that are somewhere and can be reached (marathon.md 3.10). */
const placementOf = ({ state }: Turn, app: RunSpec, open: readonly OpenOffer[]): Placement => {
  const placed =
    app.constraints.length === 0
      ? []
      : state.instances.ofApp(app.id).flatMap((instance) => placeOf(state, instance, app) ?? []);
  return new Placement(
    app.constraints,
    placed,
    open.map(({ agent }) => agent),
  );
};

const placeOf = (state: MarathonState, instance: Instance, app: RunSpec): OfferedAgent | undefined => {
  const { condition, agent, goal, reservation } = instance;
  // A resident is where its data is, whether it runs or not.
  if (reservation) return goal === 'Running' ? reservation.agent : undefined;
  const counts = isActive(condition) && !isUnreachable(condition);
  return counts && isOfConfiguration(state, instance, app) ? agent : undefined;
};

/** Tries the offers in turn. One that cannot host the app for want of resources is not tried again. */
const launchInstance = (turn: Turn, instance: Instance, attempt: Attempt): boolean => {
  const { app, placement, instances } = attempt;
  for (let tries = attempt.candidates.length; tries > 0; tries--) {
    const [offer] = attempt.candidates;
    if (offer === undefined) return false;
    const match = matchApp({
      app,
      remainder: offer.remainder,
      agent: offer.agent,
      placement,
      instances,
      region: turn.state.master.region,
      nowMs: turn.nowMs,
      settings: turn.settings,
      random: turn.random,
    });
    attempt.candidates.shift();
    if (match.isMatch) {
      const { disks, ...found } = match;
      if (disks.length === 0) launch(turn, instance, { spec: app, offer, ...found });
      else offer.operations.push(...reserve(turn, instance, { spec: app, agent: offer.agent, ...match }));
      placement.add(offer.agent);
      attempt.used.add(offer);
      if (hasRoom(turn, offer)) attempt.candidates.push(offer);
      return true;
    }
    attempt.refused.set(offer, match.rejections);
    // A constraint may be fulfilled once others of the app have been placed elsewhere; resources only become fewer.
    if (match.rejections.every(({ reason }) => reason === 'UnfulfilledConstraint')) {
      attempt.candidates.push(offer);
    }
  }
  return false;
};

const launch = (
  turn: Turn,
  instance: Instance,
  {
    spec,
    offer: { agent, remainder, launches },
    resources,
    hostPorts,
  }: { spec: RunSpec; offer: OpenOffer } & Pick<Place, 'resources' | 'hostPorts'>,
): void => {
  const place = { agent, role: remainder.role, resources, hostPorts };
  provision(turn, instance, { spec, place, launches });
};

const accept = (turn: Turn, { remainder, operations, launches: { tasks, groups } }: OpenOffer): void =>
  turn.call({
    type: 'ACCEPT',
    accept: {
      offer_ids: [remainder.offer.id],
      operations: [
        ...operations,
        ...(tasks.length === 0 ? [] : [{ type: 'LAUNCH' as const, launch: { task_infos: tasks } }]),
        ...groups,
      ],
      filters: { refuse_seconds: 0 },
    },
  });
