import type { Pause } from '../../definitions/app.ts';
import type { RunSpec } from '../../definitions/run-spec.ts';

/** A stage of a canary or blue-green upgrade. */
export interface RolloutStep extends Pause {
  /** How many new instances there are in it. */
  readonly target: number;
  /** All old instances stay until it is over. */
  readonly keepsAll: boolean;
}

/** The stages before the rest is replaced as in any restart; none for other upgrade strategies, and without instances. */
export const rolloutSteps = ({ instances, upgradeStrategy }: RunSpec): RolloutStep[] => {
  const { canary, blueGreen } = upgradeStrategy;
  if (instances === 0) return [];
  if (blueGreen) return [{ ...blueGreen, target: instances, keepsAll: true }];
  return (canary?.steps ?? []).map(({ instances: count, percent = 0, ...pause }) => ({
    ...pause,
    target: Math.min(instances, count ?? Math.ceil((instances * percent) / 100)),
    keepsAll: false,
  }));
};
