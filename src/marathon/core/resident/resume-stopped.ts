import type { RunSpec } from '../../definitions/run-spec.ts';
import { type Instance, isActive } from '../instance.ts';
import type { Turn } from '../turn.ts';

/** What becomes of an instance that is not to run: its data is kept, if there is any. What is in doubt has never been used. */
export const goalOfEnded = ({ reservation }: Instance): 'Stopped' | 'Decommissioned' =>
  reservation?.isConfirmed ? 'Stopped' : 'Decommissioned';

/**
 * Takes up again instances that were stopped with what is reserved for them (marathon.md 3.17), those that stopped last
 * first: in a restart they are the ones whose turn it is. Returns how many there were.
 */
export const resumeStopped = (turn: Turn, spec: RunSpec, count: number): number => {
  const { state, nowMs } = turn;
  const stopped = state.instances
    .ofApp(spec.id)
    .filter((instance) => instance.goal === 'Stopped' && canResume(instance, spec))
    .sort((one, other) => Number(isUp(one)) - Number(isUp(other)) || other.sinceMs - one.sinceMs)
    .slice(0, count);
  for (const instance of stopped) {
    // The end of a task that is still there makes it wait for its next one.
    if (isUp(instance)) turn.putInstance({ ...instance, goal: 'Running' });
    else {
      turn.putInstance({
        ...instance,
        goal: 'Running',
        condition: 'Scheduled',
        sinceMs: nowMs,
        appVersion: spec.version,
      });
    }
    state.master.rolesToRevive.add(instance.role);
    turn.isDemandChanged = true;
  }
  return stopped.length;
};

const isUp = ({ condition }: Instance): boolean => isActive(condition);

/** One whose task is being ended is not the same again when it is of an old configuration. */
const canResume = (instance: Instance, { versionInfo }: RunSpec): boolean =>
  !isUp(instance) || instance.appVersion >= versionInfo.lastConfigChangeAt;
