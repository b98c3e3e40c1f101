import { runSpecOf } from '../../groups/root-group.ts';
import { isSameConfiguration } from '../../groups/stamp-versions.ts';
import type { Deployment } from '../state.ts';
import type { Turn } from '../turn.ts';

/**
 * When a deployment is undone: instances that it has not come to are as they should be again. They become of the version
 * that brought their configuration back, so that only those are replaced that it had replaced.
 */
export const takeBack = (turn: Turn, { before, plan }: Deployment): void => {
  const { state } = turn;
  for (const [id, former] of Object.entries(before.apps)) {
    const present = runSpecOf(state.root, id);
    if (!former || !present || !isSameConfiguration(former, present)) continue;
    const { lastConfigChangeAt } = former.versionInfo;
    if (lastConfigChangeAt === present.versionInfo.lastConfigChangeAt) continue;
    for (const instance of state.instances.ofApp(id)) {
      const { appVersion } = instance;
      if (appVersion < lastConfigChangeAt || appVersion >= plan.version) continue;
      turn.putInstance({ ...instance, appVersion: present.version });
    }
  }
};
