import type { RunSpec } from '../../definitions/run-spec.ts';
import type { Turn } from '../turn.ts';

/** What waits for its launch will be launched as the app now is. */
export const retarget = (turn: Turn, app: RunSpec): void => {
  const { state } = turn;
  for (const waiting of [...state.instances.scheduled(app.id)]) {
    const instance = state.instances.get(waiting);
    if (instance === undefined || instance.appVersion === app.version) continue;
    turn.putInstance({ ...instance, appVersion: app.version, role: app.role });
    turn.isDemandChanged = true;
    state.master.rolesToRevive.add(app.role);
  }
};
