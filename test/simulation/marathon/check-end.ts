import { delayLeftMs } from '../../../src/marathon/core/back-off.ts';
import { scalarNeedsOf } from '../../../src/marathon/core/matcher/scalar-needs.ts';
import { liveTaskIds } from '../../../src/marathon/core/pods/container-tasks.ts';
import { isHeld, stageOf } from '../../../src/marathon/core/rollout/rollout.ts';
import type { MarathonState } from '../../../src/marathon/core/state.ts';
import { queueView } from '../../../src/marathon/core/views.ts';
import type { RunSpec } from '../../../src/marathon/definitions/run-spec.ts';
import { runSpecOf, runSpecsOf } from '../../../src/marathon/groups/root-group.ts';
import { checkReservations } from './check-reservations.ts';
import { insist } from './insist.ts';
import type { MarathonWorld } from './marathon-world.ts';

/** Once nothing goes wrong any more: what runs is what is defined, and what cannot be says why. */
export const checkEnd = (world: MarathonWorld): void => {
  const { state } = world.marathon;
  const nowMs = world.clock.now();
  checkDeployments(state, nowMs);
  for (const spec of runSpecsOf(state.root)) checkSpec(world, spec, nowMs);
  checkNothingLeft(world);
  checkReservations(world);
};

/** A deployment that goes on waits for an app whose instances find no place, and the queue says what is missing. */
const checkDeployments = (state: MarathonState, nowMs: number): void => {
  for (const { plan } of state.deployments.values()) {
    const open = [...(state.openActions.get(plan.id) ?? [])];
    insist(
      open.some((id) => saysWhy(state, id, nowMs) || isWaitedFor(state, id)),
      () =>
        `${JSON.stringify(plan)} waits for ${open.join(', ')} without a reason: ${situation(state, open)}`,
    );
  }
};

/** Its upgrade is paused until somebody has it continue. */
const isWaitedFor = (state: MarathonState, id: string): boolean => {
  const pause = stageOf(state, id)?.rollout.pause;
  return pause !== undefined && pause.untilMs === undefined;
};

const saysWhy = (state: MarathonState, appId: string, nowMs: number): boolean => {
  const item = queueView(state, nowMs).find(({ spec }) => spec.id === appId);
  if (item === undefined) return false;
  return item.delayLeftMs > 0 || item.offers.lastUnused.some(({ rejections }) => rejections.length > 0);
};

const checkSpec = ({ marathon, abandoned }: MarathonWorld, app: RunSpec, nowMs: number): void => {
  const { state } = marathon;
  const instances = state.instances.ofApp(app.id);
  const waiting = state.instances.scheduled(app.id).size;
  if (waiting > 0) {
    const mayWait =
      scalarNeedsOf(app).cpus > 8 ||
      app.constraints.length > 0 ||
      delayLeftMs(app, state.backOffs.get(app.id), nowMs) > 0;
    insist(mayWait && saysWhy(state, app.id, nowMs), () => `${waiting} of ${app.id} wait for nothing`);
  }
  if (state.locks.has(app.id)) return;
  // What was scaled down may keep its data, and nothing else.
  const wanted = instances.filter(({ goal, task }) => goal !== 'Stopped' || task !== undefined);
  const isAsDefined = wanted.every(
    ({ goal, condition, appVersion }) =>
      goal === 'Running' &&
      (condition === 'Running' || condition === 'Scheduled') &&
      (abandoned.has(app.id) || appVersion >= app.versionInfo.lastConfigChangeAt),
  );
  insist(
    isAsDefined && wanted.length === app.instances,
    () => `${app.id} should have ${app.instances} instances: ${situation(state, [app.id])}`,
  );
};

/** Every task is one of an instance, every instance's task is there, and nothing is kept of what is over. */
const checkNothingLeft = ({ marathon, agents }: MarathonWorld): void => {
  const { state } = marathon;
  const running = agents.flatMap((agent) => agent.running).sort();
  const known = [...state.instances.all()].flatMap(({ task }) => (task ? liveTaskIds(task) : [])).sort();
  insist(running.join() === known.join(), () => `Running: ${running.join(' ')}; known: ${known.join(' ')}`);
  for (const instance of state.instances.all()) {
    insist(
      runSpecOf(state.root, instance.appId) !== undefined,
      () => `${instance.id} is left of an app that is gone`,
    );
  }
  const leftOver = [
    ...state.kills.keys(),
    ...state.master.unanswered.keys(),
    ...state.master.offersToReturn,
    ...[
      ...state.failures.keys(),
      ...state.podEndings.keys(),
      // Of a former configuration they are kept as long as an upgrade in stages is held.
      ...[...state.backOffs.keys()].filter((key) => !isHeld(state, key.replace(/@.*$/, ''))),
      ...state.locks.keys(),
    ].filter((id) => runSpecOf(state.root, id) === undefined && ![...state.locks.keys()].includes(id)),
  ];
  insist(leftOver.length === 0, () => `Kept for nothing: ${leftOver.join(', ')}`);
};

const situation = (state: MarathonState, appIds: readonly string[]): string =>
  appIds
    .flatMap((id) => [
      JSON.stringify(state.instances.counts(id)),
      ...state.instances.ofApp(id).map((instance) => JSON.stringify(instance)),
    ])
    .join('\n');
