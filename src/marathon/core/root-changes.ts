import type { DeploymentPlan, EarlyEnd, RootUpdate } from '../engine.ts';
import { AppLocked, TooManyDeployments, targetOf } from '../engine.ts';
import {
  type Group,
  nextVersion,
  putGroup,
  putRunSpecs,
  type RootGroup,
  removeRunSpecs,
  runSpecOf,
} from '../groups/root-group.ts';
import { stampVersions } from '../groups/stamp-versions.ts';
import { cancelDeployment, startDeployment } from './deployments.ts';
import { affectedSpecs, planSteps } from './planner.ts';
import { refuseUnsupported } from './refuse-unsupported.ts';
import { beginRollouts } from './rollout/begin-rollouts.ts';
import { retarget } from './rollout/retarget.ts';
import { dropFormerBackOffs, keepBackOff } from './rollout/rollout.ts';
import { takeBack } from './rollout/take-back.ts';
import { keepRoot } from './root-versions.ts';
import type { MarathonSettings } from './settings.ts';
import type { Deployment, MarathonState } from './state.ts';
import type { Turn } from './turn.ts';

/** What an update would do: the root group that comes of it, and the deployment that leads there. */
export interface RootChange {
  readonly after: RootGroup;
  readonly deployment: Deployment;
  /** Deployments that are in its way. */
  readonly conflicts: readonly Deployment[];
}

/** Works an update out without changing anything. Throws what the change throws, and UnsupportedApp. */
export const planUpdate = (
  state: MarathonState,
  update: RootUpdate,
  { nowMs, deploymentId }: { nowMs: number; deploymentId: string },
): RootChange => {
  const before = state.root;
  const version = nextVersion(before, nowMs);
  const { toKill, undoes, keepsOnLabels = false } = update;
  const after = stampVersions(before, update.change(before, version), version, { keepsOnLabels });
  const unfinishedRestarts = findUnfinishedRestarts(state);
  const steps = planSteps({ before, after, unfinishedRestarts, ...(toKill ? { toKill } : {}) });
  const plan: DeploymentPlan = { id: deploymentId, version, steps };
  const touched = affectedSpecs(steps);
  refuseUnsupported(touched.flatMap((id) => runSpecOf(after, id) ?? []));
  const lockedBy = new Set(touched.flatMap((id) => state.locks.get(id) ?? []));
  return {
    after,
    deployment: {
      plan,
      stepIndex: 0,
      before: {
        apps: Object.fromEntries(touched.map((id) => [id, runSpecOf(before, id) ?? null])),
        groups: changedGroups(before, after),
      },
      toKill: Object.fromEntries(toKill ?? []),
      ...beginRollouts(state, { after, steps, ...(undoes && { undoes }) }),
      ...(update.deadline && {
        deadline: {
          ...update.deadline,
          progressedAtMs: nowMs,
          stepIndex: 0,
          best: Number.MIN_SAFE_INTEGER,
        },
      }),
    },
    conflicts: [...state.deployments.values()].filter(
      ({ plan: other }) => lockedBy.has(other.id) || other.id === undoes?.id,
    ),
  };
};

/** Apps and pods that a deployment is restarting, or is still going to. */
const findUnfinishedRestarts = ({ deployments, openActions }: MarathonState): Set<string> => {
  const unfinished = new Set<string>();
  for (const { plan, stepIndex } of deployments.values()) {
    plan.steps.slice(stepIndex).forEach(({ actions }, index) => {
      for (const action of actions) {
        const id = targetOf(action);
        const isOpen = index > 0 || openActions.get(plan.id)?.has(id);
        if (action.action.startsWith('Restart') && isOpen) unfinished.add(id);
      }
    });
  }
  return unfinished;
};

/** Carries an update out. Throws AppLocked and TooManyDeployments beside what planUpdate throws; then nothing changes. */
export const updateRoot = (turn: Turn, update: RootUpdate): DeploymentPlan => {
  const { state, settings, nowMs, random } = turn;
  const { after, deployment, conflicts } = planUpdate(
    state,
    { deadline: usualDeadline(settings), ...update },
    { nowMs, deploymentId: random.uuid() },
  );
  if (conflicts.length > 0 && !update.force) throw new AppLocked(conflicts.map(({ plan }) => plan.id));
  // What undoes another takes its place, and must never be refused for the number of those.
  if (!update.undoes && state.deployments.size - conflicts.length >= settings.maxRunningDeployments) {
    throw new TooManyDeployments(settings.maxRunningDeployments);
  }
  const undone = state.deployments.get(update.undoes?.id ?? '');
  for (const conflict of conflicts) {
    cancelDeployment(turn, conflict, endOf(conflict, update, deployment.plan.id));
  }
  keepRoot(turn, after, deployment.before.groups);
  if (undone) takeBack(turn, undone);
  prepareInstances(turn, deployment);
  turn.publish({ eventType: 'group_change_success', groupId: '/', version: after.version });
  startDeployment(turn, deployment);
  for (const { rollouts = {} } of conflicts) dropFormerBackOffs(state, Object.keys(rollouts));
  return deployment.plan;
};

const usualDeadline = ({
  deploymentDeadlineMs: limitMs,
  rollsBackAtDeadline: rollsBack,
}: MarathonSettings): NonNullable<RootUpdate['deadline']> | null =>
  limitMs > 0 ? { limitMs, rollsBack } : null;

const endOf = ({ plan }: Deployment, { undoes }: RootUpdate, by: string): EarlyEnd =>
  plan.id === undoes?.id
    ? { outcome: undoes.outcome, reason: undoes.reason, rollbackId: by }
    : { outcome: 'superseded', reason: `Deployment ${by} took its place`, replacedBy: by };

/** Ends a deployment by one that undoes what it changed. Throws what updateRoot throws. */
export const rollBack = (
  turn: Turn,
  deployment: Deployment,
  {
    end,
    deadline,
  }: { end: Pick<EarlyEnd, 'outcome' | 'reason'>; deadline?: RootUpdate['deadline'] | undefined },
): DeploymentPlan =>
  updateRoot(turn, {
    force: true,
    change: undoing(deployment),
    undoes: { id: deployment.plan.id, ...end },
    ...(deadline !== undefined && { deadline }),
  });

/** Puts back what a deployment changed; what others have changed meanwhile stays (marathon.md 1.9). */
export const undoing =
  ({ before }: Deployment) =>
  (root: RootGroup): RootGroup => {
    const former = Object.entries(before.apps);
    const removed = removeRunSpecs(root, new Set(former.map(([id]) => id)));
    let target = putRunSpecs(
      removed,
      former.flatMap(([, spec]) => spec ?? []),
    );
    for (const [id, group] of Object.entries(before.groups)) {
      if (group !== null) target = putGroup(target, group);
      else if (isEmptyGroup(target, id)) target = withoutGroup(target, id);
    }
    return target;
  };

const isEmptyGroup = ({ apps, pods, groups }: RootGroup, id: string): boolean =>
  ![...apps.keys(), ...pods.keys(), ...groups.keys()].some((member) => member.startsWith(`${id}/`));

const withoutGroup = (root: RootGroup, id: string): RootGroup => {
  const groups = new Map(root.groups);
  groups.delete(id);
  return { ...root, groups };
};

/** Deepest first, so that of a group and one within it both can go. */
const changedGroups = (before: RootGroup, after: RootGroup): Record<string, Group | null> => {
  const ids = new Set([...before.groups.keys(), ...after.groups.keys()]);
  const changed = [...ids]
    .filter((id) => before.groups.get(id) !== after.groups.get(id))
    .sort((one, other) => other.length - one.length);
  return Object.fromEntries(changed.map((id) => [id, before.groups.get(id) ?? null]));
};

/** Instances are seen by the new definitions; while an upgrade comes in stages, what waits is launched as it was. */
const prepareInstances = (turn: Turn, { plan, rollouts = {} }: Deployment): void => {
  for (const id of affectedSpecs(plan.steps)) {
    const app = runSpecOf(turn.state.root, id);
    if (app === undefined) continue;
    turn.state.instances.refreshApp(id);
    if (rollouts[id] === undefined) retarget(turn, app);
    else keepBackOff(turn, id);
  }
};
