import { delayLeftMs } from '../../../src/marathon/core/back-off.ts';
import type { MarathonState } from '../../../src/marathon/core/state.ts';
import { queueView } from '../../../src/marathon/core/views.ts';
import type { AppDefinition } from '../../../src/marathon/definitions/app.ts';
import { insist } from './insist.ts';
import type { MarathonWorld } from './marathon-world.ts';

/** Once nothing goes wrong any more: what runs is what is defined, and what cannot be says why. */
export const checkEnd = (world: MarathonWorld): void => {
  const { state } = world.marathon;
  const nowMs = world.clock.now();
  checkDeployments(state, nowMs);
  for (const app of state.root.apps.values()) checkApp(world, app, nowMs);
  checkNothingLeft(world);
};

/** A deployment that goes on waits for an app whose instances find no place, and the queue says what is missing. */
const checkDeployments = (state: MarathonState, nowMs: number): void => {
  for (const { plan } of state.deployments.values()) {
    const open = [...(state.openActions.get(plan.id) ?? [])];
    insist(
      open.some((id) => saysWhy(state, id, nowMs)),
      () =>
        `${JSON.stringify(plan)} waits for ${open.join(', ')} without a reason: ${situation(state, open)}`,
    );
  }
};

const saysWhy = (state: MarathonState, appId: string, nowMs: number): boolean => {
  const item = queueView(state, nowMs).find(({ spec }) => spec.id === appId);
  if (item === undefined) return false;
  return item.delayLeftMs > 0 || item.offers.lastUnused.some(({ rejections }) => rejections.length > 0);
};

const checkApp = ({ marathon, abandoned }: MarathonWorld, app: AppDefinition, nowMs: number): void => {
  const { state } = marathon;
  const instances = state.instances.ofApp(app.id);
  const waiting = state.instances.scheduled(app.id).size;
  if (waiting > 0) {
    const mayWait =
      app.cpus > 8 || app.constraints.length > 0 || delayLeftMs(app, state.backOffs.get(app.id), nowMs) > 0;
    insist(mayWait && saysWhy(state, app.id, nowMs), () => `${waiting} of ${app.id} wait for nothing`);
  }
  if (state.locks.has(app.id)) return;
  const isAsDefined = instances.every(
    ({ goal, condition, appVersion }) =>
      goal === 'Running' &&
      (condition === 'Running' || condition === 'Scheduled') &&
      (abandoned.has(app.id) || appVersion >= app.versionInfo.lastConfigChangeAt),
  );
  insist(
    isAsDefined && instances.length === app.instances,
    () => `${app.id} should have ${app.instances} instances: ${situation(state, [app.id])}`,
  );
};

/** Every task is one of an instance, every instance's task is there, and nothing is kept of what is over. */
const checkNothingLeft = ({ marathon, agents }: MarathonWorld): void => {
  const { state } = marathon;
  const running = agents.flatMap((agent) => agent.running).sort();
  const known = [...state.instances.all()].flatMap(({ task }) => task?.id ?? []).sort();
  insist(running.join() === known.join(), () => `Running: ${running.join(' ')}; known: ${known.join(' ')}`);
  for (const instance of state.instances.all()) {
    insist(state.root.apps.has(instance.appId), () => `${instance.id} is left of an app that is gone`);
  }
  const leftOver = [
    ...state.kills.keys(),
    ...state.master.unanswered.keys(),
    ...state.master.offersToReturn,
    ...[...state.failures.keys(), ...state.backOffs.keys(), ...state.locks.keys()].filter(
      (id) => !state.root.apps.has(id) && ![...state.locks.keys()].includes(id),
    ),
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
