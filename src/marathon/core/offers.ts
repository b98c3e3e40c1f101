import { agentOf, type OfferedAgent } from '../../mesos/agent-fields.ts';
import type { Offer, OfferOperation, Resource, TaskInfo } from '../../mesos/generated/mesos.ts';
import type { AppDefinition } from '../definitions/app.ts';
import { topLevelGroupOf } from '../definitions/path-id.ts';
import type { Rejection } from '../engine.ts';
import { delayLeftMs, liveBackOff } from './back-off.ts';
import { taskIdOf } from './ids.ts';
import { type Instance, isActive, isUnreachable, type Reservation } from './instance.ts';
import { changeCondition } from './instance-life.ts';
import { Placement } from './matcher/constraints.ts';
import { matchApp } from './matcher/match-app.ts';
import { OfferRemainder } from './matcher/offer-remainder.ts';
import { pickPorts, portRequestsOf } from './matcher/pick-ports.ts';
import { scalarNeedsOf } from './matcher/scalar-needs.ts';
import { noteOffer } from './queue-entry.ts';
import { placeResidents } from './resident/place-residents.ts';
import { reserve } from './resident/reserve.ts';
import { volumeNeedsOf } from './resident/volume-need.ts';
import { buildTask } from './task/build-task.ts';
import type { Turn } from './turn.ts';

/** An offer while tasks are being placed on it. */
interface OpenOffer {
  readonly remainder: OfferRemainder;
  readonly agent: OfferedAgent;
  /** What has to be done with resources before the tasks can be launched. */
  readonly operations: OfferOperation[];
  readonly tasks: TaskInfo[];
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
      tasks: [],
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

const isUsed = ({ operations, tasks }: OpenOffer): boolean => operations.length > 0 || tasks.length > 0;

/** Launches what has its place on this agent already. */
const launchResidents = (turn: Turn, offer: OpenOffer): void => {
  const { ready, operations } = placeResidents(turn, offer.remainder.offer, {
    agent: offer.agent,
    needOf: (app) => ({ scalars: scalarNeedsOf(app), volumes: volumeNeedsOf(app) }),
  });
  offer.operations.push(...operations);
  for (const { instance, spec: app, resources, hostPorts } of ready) {
    if (offer.tasks.length >= turn.settings.maxLaunchesPerOffer) return;
    const ports = portsFor(app, hostPorts, offer.remainder, turn);
    const entry = turn.state.queue.get(app.id);
    if (ports === undefined) continue;
    offer.tasks.push(
      provision(turn, instance, {
        app,
        offer,
        resources: [...resources, ...ports.added],
        hostPorts: ports.hostPorts,
      }),
    );
    if (entry) noteOffer(entry, offer.remainder.offer, [], turn.nowMs);
  }
};

/** The ports that are reserved, and more of them when a newer definition has more; undefined when there are too few. */
const portsFor = (
  app: AppDefinition,
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
const launchableApps = (turn: Turn): AppDefinition[] => {
  const { state, random, nowMs } = turn;
  const apps = [...state.queue.keys()]
    .flatMap((id) => state.root.apps.get(id) ?? [])
    .filter((app) => delayLeftMs(app, state.backOffs.get(app.id), nowMs) === 0);
  for (let last = apps.length - 1; last > 0; last--) {
    const other = Math.floor(random.next() * (last + 1));
    const [one, two] = [apps[last], apps[other]];
    if (one && two) [apps[last], apps[other]] = [two, one];
  }
  return apps;
};

/** What one app makes of the offers: where its next instance may go, and why the others are of no use. */
interface Attempt {
  readonly app: AppDefinition;
  readonly placement: Placement;
  candidates: OpenOffer[];
  readonly used: Set<OpenOffer>;
  readonly refused: Map<OpenOffer, readonly Rejection[]>;
}

const launchApp = (turn: Turn, app: AppDefinition, open: readonly OpenOffer[]): void => {
  const { state } = turn;
  const entry = state.queue.get(app.id);
  if (entry === undefined) return;
  const attempt: Attempt = {
    app,
    placement: placementOf(turn, app, open),
    candidates: open.filter((offer) => hasRoom(turn, offer)),
    used: new Set(),
    refused: new Map(),
  };
  // After failures one launch at a time has to prove itself.
  const isOnProbation = liveBackOff(app, state.backOffs.get(app.id), turn.nowMs) !== undefined;
  const waiting: Reservation[] = [];
  for (const id of state.instances.scheduled(app.id)) {
    const instance = state.instances.get(id);
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

/** Considered are instances of the present configuration that are somewhere and can be reached (marathon.md 3.10). */
const placementOf = ({ state }: Turn, app: AppDefinition, open: readonly OpenOffer[]): Placement => {
  const placed =
    app.constraints.length === 0
      ? []
      : state.instances.ofApp(app.id).flatMap((instance) => placeOf(instance, app) ?? []);
  return new Placement(
    app.constraints,
    placed,
    open.map(({ agent }) => agent),
  );
};

const placeOf = (instance: Instance, { versionInfo }: AppDefinition): OfferedAgent | undefined => {
  const { condition, agent, appVersion, goal, reservation } = instance;
  // A resident is where its data is, whether it runs or not.
  if (reservation) return goal === 'Running' ? reservation.agent : undefined;
  const counts = isActive(condition) && !isUnreachable(condition);
  return counts && appVersion >= versionInfo.lastConfigChangeAt ? agent : undefined;
};

/** Tries the offers in turn. One that cannot host the app for want of resources is not tried again. */
const launchInstance = (turn: Turn, instance: Instance, attempt: Attempt): boolean => {
  const { app, placement } = attempt;
  for (let tries = attempt.candidates.length; tries > 0; tries--) {
    const [offer] = attempt.candidates;
    if (offer === undefined) return false;
    const match = matchApp({
      app,
      remainder: offer.remainder,
      agent: offer.agent,
      placement,
      region: turn.state.master.region,
      nowMs: turn.nowMs,
      settings: turn.settings,
      random: turn.random,
    });
    attempt.candidates.shift();
    if (match.isMatch) {
      const { disks, ...found } = match;
      if (disks.length === 0) offer.tasks.push(provision(turn, instance, { app, offer, ...found }));
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

const provision = (
  turn: Turn,
  instance: Instance,
  {
    app,
    offer,
    resources,
    hostPorts,
  }: {
    app: AppDefinition;
    offer: OpenOffer;
    resources: readonly Resource[];
    hostPorts: readonly number[];
  },
): TaskInfo => {
  const incarnation = instance.incarnation + 1;
  const taskId = taskIdOf(instance.id, incarnation);
  changeCondition(
    turn,
    {
      ...instance,
      incarnation,
      appVersion: app.version,
      role: offer.remainder.role,
      agent: offer.agent,
      task: { id: taskId, hostPorts, stagedAtMs: turn.nowMs },
    },
    'Provisioned',
  );
  const group = turn.state.root.groups.get(topLevelGroupOf(app.id) ?? '/');
  return buildTask({
    app,
    taskId,
    agentId: offer.agent.id,
    hostname: offer.agent.hostname,
    resources,
    hostPorts,
    isRoleEnforced: group?.enforceRole ?? false,
    bridgeName: turn.settings.bridgeName,
    envVarsPrefix: turn.settings.envVarsPrefix,
    random: turn.random,
  });
};

const accept = (turn: Turn, { remainder, operations, tasks }: OpenOffer): void =>
  turn.call({
    type: 'ACCEPT',
    accept: {
      offer_ids: [remainder.offer.id],
      operations: [
        ...operations,
        ...(tasks.length === 0 ? [] : [{ type: 'LAUNCH' as const, launch: { task_infos: tasks } }]),
      ],
      filters: { refuse_seconds: 0 },
    },
  });
