import type { RunSpec } from '../../definitions/run-spec.ts';
import { runSpecOf } from '../../groups/root-group.ts';
import { definitionOf } from '../definition-of.ts';
import type { Instance } from '../instance.ts';
import type { Deployment, MarathonState } from '../state.ts';
import type { Turn } from '../turn.ts';
import { type RolloutStep, rolloutSteps } from './rollout-steps.ts';

/** How far the canary or blue-green upgrade of one app or pod is; kept with its deployment. */
export interface Rollout {
  /** Index of the stage that is under way; behind the last one the rest is replaced. */
  readonly step: number;
  /** What is replaced: while the upgrade is held, lost instances of it are launched again. */
  readonly former: RunSpec;
  /** Set once the new instances of the stage were healthy. */
  readonly pause?: {
    readonly sinceMs: number;
    /** Undefined: until somebody has it continue. */
    readonly untilMs?: number;
  };
}

/** The stage at which an app or pod is; undefined when there is none, or the last one is over. */
export const stageOf = (
  state: MarathonState,
  specId: string,
): { deployment: Deployment; rollout: Rollout; step: RolloutStep; steps: number } | undefined => {
  const deployment = state.deployments.get(state.locks.get(specId) ?? '');
  const rollout = deployment?.rollouts?.[specId];
  const spec = runSpecOf(state.root, specId);
  if (deployment === undefined || rollout === undefined || spec === undefined) return undefined;
  const steps = rolloutSteps(spec);
  const step = steps[rollout.step];
  return step && { deployment, rollout, step, steps: steps.length };
};

/** Before the last stage is over only so many instances may be new, so that old ones are launched again as they were. */
export const isHeld = (state: MarathonState, specId: string): boolean => stageOf(state, specId) !== undefined;

/** What an instance is launched as: by its present definition, or while that is held, by its own. */
export const launchedAs = (state: MarathonState, instance: Instance): RunSpec | undefined => {
  const present = runSpecOf(state.root, instance.appId);
  return present && isHeld(state, present.id) ? (definitionOf(state, instance) ?? present) : present;
};

/** All definitions by which instances of an app or pod wait to be launched. */
export const launchSpecs = (state: MarathonState, specId: string): RunSpec[] => {
  const present = runSpecOf(state.root, specId);
  if (present === undefined) return [];
  if (!isHeld(state, specId)) return [present];
  const specs = new Set<RunSpec>();
  for (const id of state.instances.scheduled(specId)) {
    const instance = state.instances.get(id);
    const spec = instance && launchedAs(state, instance);
    if (spec) specs.add(spec);
  }
  return [...specs];
};

/** Whether an instance is of the same configuration as a definition. Scaling makes versions, and no other configuration. */
export const isOfConfiguration = (
  state: MarathonState,
  instance: Instance,
  { versionInfo }: RunSpec,
): boolean =>
  definitionOf(state, instance)?.versionInfo.lastConfigChangeAt === versionInfo.lastConfigChangeAt;

/** How many instances a definition's configuration is to have: an older version of it may say another number. */
export const plannedInstances = (state: MarathonState, { id, instances, versionInfo }: RunSpec): number => {
  const latest = [runSpecOf(state.root, id), stageOf(state, id)?.rollout.former].find(
    (spec) => spec?.versionInfo.lastConfigChangeAt === versionInfo.lastConfigChangeAt,
  );
  return latest?.instances ?? instances;
};

/** Another configuration takes the place of the one that failed, whose instances go on for a while. */
export const keepBackOff = ({ state }: Turn, specId: string): void => {
  const backOff = state.backOffs.get(specId);
  if (backOff) state.backOffs.set(`${specId}@${backOff.configVersion}`, backOff);
};

/** Back-offs of former configurations are of no use once nothing is held any more. */
export const dropFormerBackOffs = (state: MarathonState, specIds: readonly string[]): void => {
  for (const specId of specIds) {
    if (isHeld(state, specId)) continue;
    for (const key of state.backOffs.keys()) if (key.startsWith(`${specId}@`)) state.backOffs.delete(key);
  }
};

/** Where the back-off of a definition is kept: what is of a former configuration fails for itself. */
export const backOffKey = (spec: RunSpec, state: MarathonState): string => {
  const present = runSpecOf(state.root, spec.id);
  const { lastConfigChangeAt } = spec.versionInfo;
  return present === undefined || present.versionInfo.lastConfigChangeAt === lastConfigChangeAt
    ? spec.id
    : `${spec.id}@${lastConfigChangeAt}`;
};
