import { agentOf, type OfferedAgent } from '../../mesos/agent-fields.ts';
import type { Offer, TaskInfo } from '../../mesos/generated/mesos.ts';
import type { AppDefinition } from '../definitions/app.ts';
import { topLevelGroupOf } from '../definitions/path-id.ts';
import type { Rejection } from '../engine.ts';
import { delayLeftMs, liveBackOff } from './back-off.ts';
import { taskIdOf } from './ids.ts';
import { type Instance, isActive, isUnreachable } from './instance.ts';
import { changeCondition } from './instance-life.ts';
import { Placement } from './matcher/constraints.ts';
import { matchApp } from './matcher/match-app.ts';
import { OfferRemainder } from './matcher/offer-remainder.ts';
import { noteOffer } from './queue-entry.ts';
import { buildTask } from './task/build-task.ts';
import type { Turn } from './turn.ts';

/** An offer while tasks are being placed on it. */
interface OpenOffer {
  readonly remainder: OfferRemainder;
  readonly agent: OfferedAgent;
  readonly tasks: TaskInfo[];
}

/**
 * Places what waits for a launch on offers, as much as fits, and refuses what is of no use. Instances of an app are dealt
 * out over the offers in turn, so that they spread. Each is durable, with its task's id, before the master hears of it.
 */
export const receiveOffers = (turn: Turn, offers: readonly Offer[]): void => {
  const open = offers.map(
    (offer): OpenOffer => ({ remainder: new OfferRemainder(offer), agent: agentOf(offer), tasks: [] }),
  );
  for (const app of launchableApps(turn)) launchApp(turn, app, open);
  for (const { remainder, tasks } of open) {
    if (tasks.length > 0) accept(turn, remainder.offer, tasks);
  }
  const unused = open.filter(({ tasks }) => tasks.length === 0).map(({ remainder }) => remainder.offer.id);
  if (unused.length === 0) return;
  turn.call({
    type: 'DECLINE',
    decline: { offer_ids: unused, filters: { refuse_seconds: turn.settings.declineOfferSeconds } },
  });
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
    candidates: open.filter(({ tasks }) => tasks.length < turn.settings.maxLaunchesPerOffer),
    used: new Set(),
    refused: new Map(),
  };
  // After failures one launch at a time has to prove itself.
  const isOnProbation = liveBackOff(app, state.backOffs.get(app.id), turn.nowMs) !== undefined;
  for (const id of state.instances.scheduled(app.id)) {
    const instance = state.instances.get(id);
    if (instance === undefined || !launchInstance(turn, instance, attempt) || isOnProbation) break;
  }
  for (const offer of open) {
    const rejections = attempt.used.has(offer) ? [] : attempt.refused.get(offer);
    if (rejections) noteOffer(entry, offer.remainder.offer, rejections, turn.nowMs);
  }
};

/** Considered are instances of the present configuration that are somewhere and can be reached (marathon.md 3.10). */
const placementOf = ({ state }: Turn, app: AppDefinition, open: readonly OpenOffer[]): Placement => {
  const placed =
    app.constraints.length === 0
      ? []
      : state.instances
          .ofApp(app.id)
          .flatMap(({ condition, agent, appVersion }) =>
            agent &&
            isActive(condition) &&
            !isUnreachable(condition) &&
            appVersion >= app.versionInfo.lastConfigChangeAt
              ? [agent]
              : [],
          );
  return new Placement(
    app.constraints,
    placed,
    open.map(({ agent }) => agent),
  );
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
      drainingMs: turn.settings.drainingMs,
      random: turn.random,
    });
    attempt.candidates.shift();
    if (match.isMatch) {
      offer.tasks.push(provision(turn, instance, { app, offer, ...match }));
      placement.add(offer.agent);
      attempt.used.add(offer);
      if (offer.tasks.length < turn.settings.maxLaunchesPerOffer) attempt.candidates.push(offer);
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
    resources: Parameters<typeof buildTask>[0]['resources'];
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
      role: app.role,
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
    random: turn.random,
  });
};

const accept = (turn: Turn, offer: Offer, tasks: TaskInfo[]): void =>
  turn.call({
    type: 'ACCEPT',
    accept: {
      offer_ids: [offer.id],
      operations: [{ type: 'LAUNCH', launch: { task_infos: tasks } }],
      filters: { refuse_seconds: 0 },
    },
  });
