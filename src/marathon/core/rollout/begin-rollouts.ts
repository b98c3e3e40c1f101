import { type DeploymentStep, type RootUpdate, targetOf } from '../../engine.ts';
import { type RootGroup, runSpecOf } from '../../groups/root-group.ts';
import type { Deployment, MarathonState } from '../state.ts';
import type { Rollout } from './rollout.ts';
import { rolloutSteps } from './rollout-steps.ts';

/**
 * Where the canary and blue-green upgrades of a plan begin. One that was under way goes on where it was when only the
 * number of instances has changed; what brings a former configuration
 * back comes at once.
 */
export const beginRollouts = (
  state: MarathonState,
  {
    after,
    steps,
    undoes,
  }: { after: RootGroup; steps: readonly DeploymentStep[] } & Pick<RootUpdate, 'undoes'>,
): Pick<Deployment, 'rollouts'> => {
  const rollouts = steps.flatMap(({ actions }) =>
    actions.flatMap((action): [string, Rollout][] => {
      const id = targetOf(action);
      const spec = runSpecOf(after, id);
      if (!action.action.startsWith('Restart') || !spec || rolloutSteps(spec).length === 0) return [];
      const former = runSpecOf(state.root, id);
      if (former && spec.versionInfo.lastConfigChangeAt !== former.versionInfo.lastConfigChangeAt) {
        return undoes ? [] : [[id, { step: 0, former }]];
      }
      const known = state.deployments.get(state.locks.get(id) ?? '')?.rollouts?.[id];
      return known && rolloutSteps(spec)[known.step] ? [[id, known]] : [];
    }),
  );
  return rollouts.length > 0 ? { rollouts: Object.fromEntries(rollouts) } : {};
};
