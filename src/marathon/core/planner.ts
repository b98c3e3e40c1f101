import type { PathId } from '../definitions/path-id.ts';
import { isPod, type RunSpec } from '../definitions/run-spec.ts';
import { type DeploymentAction, type DeploymentStep, type DeploymentVerb, targetOf } from '../engine.ts';
import {
  dependenciesOf,
  type RootGroup,
  runSpecOf,
  runSpecsBelow,
  runSpecsOf,
} from '../groups/root-group.ts';

export interface PlanOptions {
  readonly before: RootGroup;
  /** With its versions stamped. */
  readonly after: RootGroup;
  readonly toKill?: ReadonlyMap<string, readonly string[]>;
  /** Apps whose restart this plan cuts short: it has to bring them to their end itself. */
  readonly unfinishedRestarts?: ReadonlySet<string>;
}

/**
 * The steps from one root group to another (marathon.md 3.3): first everything that goes is stopped, then everything new
 * is made known, then what is there is scaled or restarted in layers, those that others depend on before those others.
 */
export const planSteps = (options: PlanOptions): DeploymentStep[] => {
  const { before, after } = options;
  const stopped = [...runSpecsOf(before)].filter((spec) => counterpart(after, spec) === undefined);
  const started = [...runSpecsOf(after)].filter((spec) => counterpart(before, spec) === undefined);
  const layers = new Map<number, DeploymentAction[]>();
  const layerOf = layering(after);
  for (const spec of runSpecsOf(after)) {
    const verb = verbFor(counterpart(before, spec), spec, options);
    if (verb === undefined) continue;
    const action = actionOf(verb, spec);
    const layer = layerOf(spec);
    const actions = layers.get(layer);
    if (actions) actions.push(action);
    else layers.set(layer, [action]);
  }
  const steps = [
    stopped.map((spec) => actionOf('Stop', spec)),
    started.map((spec) => actionOf('Start', spec)),
    ...[...layers].sort(([one], [other]) => one - other).map(([, actions]) => actions),
  ];
  return steps.filter((actions) => actions.length > 0).map((actions) => ({ actions }));
};

/** The apps and pods that a plan touches; no other plan may touch them meanwhile. */
export const affectedSpecs = (steps: readonly DeploymentStep[]): string[] => [
  ...new Set(steps.flatMap(({ actions }) => actions.map(targetOf))),
];

/** The same, apps and pods apart. */
export const affectedBy = (
  steps: readonly DeploymentStep[],
): { affectedApps: string[]; affectedPods: string[] } => {
  const actions = steps.flatMap((step) => step.actions);
  return {
    affectedApps: [...new Set(actions.flatMap((action) => ('app' in action ? action.app : [])))],
    affectedPods: [...new Set(actions.flatMap((action) => ('pod' in action ? action.pod : [])))],
  };
};

/** What has the same id and is of the same kind: an app that becomes a pod is another thing. */
const counterpart = ({ apps, pods }: RootGroup, spec: RunSpec): RunSpec | undefined =>
  isPod(spec) ? pods.get(spec.id) : apps.get(spec.id);

const actionOf = (verb: DeploymentVerb, spec: RunSpec): DeploymentAction =>
  isPod(spec) ? { action: `${verb}Pod`, pod: spec.id } : { action: `${verb}Application`, app: spec.id };

const verbFor = (
  before: RunSpec | undefined,
  after: RunSpec,
  { toKill, unfinishedRestarts }: PlanOptions,
): DeploymentVerb | undefined => {
  const { id } = after;
  if (before === undefined) return 'Scale';
  if (before.versionInfo.lastConfigChangeAt !== after.versionInfo.lastConfigChangeAt) return 'Restart';
  const isScaled = before.instances !== after.instances || (toKill?.get(id)?.length ?? 0) > 0;
  if (!isScaled) return undefined;
  return unfinishedRestarts?.has(id) ? 'Restart' : 'Scale';
};

/** A layer is the length of the longest chain of dependencies below it. */
const layering = (root: RootGroup): ((spec: RunSpec) => number) => {
  const layers = new Map<PathId, number>();
  const inProgress = new Set<PathId>();

  const layerOfSpec = (spec: RunSpec): number =>
    remembered(spec.id, () =>
      Math.max(0, ...dependenciesOf(root, spec).map((id) => layerOfDependency(id) + 1)),
    );

  /** A group is as deep as the deepest thing in it; what does not exist is waited for by nobody. */
  const layerOfDependency = (id: PathId): number => {
    const spec = runSpecOf(root, id);
    if (spec) return layerOfSpec(spec);
    return remembered(id, () =>
      runSpecsBelow(root, id).reduce((most, one) => Math.max(most, layerOfSpec(one)), -1),
    );
  };

  // Cycles are refused before a root group gets here; should there be one nevertheless, it ends instead of turning.
  const remembered = (id: PathId, compute: () => number): number => {
    const known = layers.get(id);
    if (known !== undefined) return known;
    if (inProgress.has(id)) return 0;
    inProgress.add(id);
    const layer = compute();
    inProgress.delete(id);
    layers.set(id, layer);
    return layer;
  };
  return layerOfSpec;
};
