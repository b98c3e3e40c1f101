import type { Instance } from '../../../src/marathon/core/instance.ts';
import { stageOf } from '../../../src/marathon/core/rollout/rollout.ts';
import { runSpecOf } from '../../../src/marathon/groups/root-group.ts';
import type { TurnMoment } from './check-turn.ts';
import { insist } from './insist.ts';

/** While an upgrade comes in stages there never come more new instances than the stage has. */
export const checkRollouts = ({ state, before, after }: TurnMoment): void => {
  for (const { rollouts = {} } of state.deployments.values()) {
    for (const specId of Object.keys(rollouts)) {
      const target = stageOf(state, specId)?.step.target;
      const since = runSpecOf(state.root, specId)?.versionInfo.lastConfigChangeAt;
      if (target === undefined || since === undefined) continue;
      const isNew = ({ appId, appVersion, goal, condition }: Instance): boolean =>
        appId === specId && appVersion >= since && goal === 'Running' && condition !== 'UnreachableInactive';
      const present = [...after.instances.values()].filter(isNew);
      // Ones that were given up may come back, and others may have taken their place.
      const came = present.filter(({ id }) => (before.instances.get(id)?.appVersion ?? '') < since);
      insist(
        came.length === 0 || present.length <= target,
        () => `${specId} has ${present.length} new instances in a stage of ${target}`,
      );
    }
  }
};
