import type { AppDefinition } from '../definitions/app.ts';
import type { PathId } from '../definitions/path-id.ts';
import type { DeploymentAction, DeploymentStep } from '../engine.ts';
import { appsBelow, dependenciesOf, type RootGroup } from '../groups/root-group.ts';

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
 * is made known, then the apps are scaled or restarted in layers, those that others depend on before those others.
 */
export const planSteps = (options: PlanOptions): DeploymentStep[] => {
  const { before, after } = options;
  const stopped = [...before.apps.keys()].filter((id) => !after.apps.has(id));
  const started = [...after.apps.keys()].filter((id) => !before.apps.has(id));
  const layers = new Map<number, DeploymentAction[]>();
  const layerOf = layering(after);
  for (const app of after.apps.values()) {
    const action = actionFor(before.apps.get(app.id), app, options);
    if (action === undefined) continue;
    const layer = layerOf(app);
    const actions = layers.get(layer);
    if (actions) actions.push(action);
    else layers.set(layer, [action]);
  }
  const steps = [
    stopped.map((app) => ({ action: 'StopApplication' as const, app })),
    started.map((app) => ({ action: 'StartApplication' as const, app })),
    ...[...layers].sort(([one], [other]) => one - other).map(([, actions]) => actions),
  ];
  return steps.filter((actions) => actions.length > 0).map((actions) => ({ actions }));
};

/** The apps that a plan touches; no other plan may touch them meanwhile. */
export const affectedApps = (steps: readonly DeploymentStep[]): string[] => [
  ...new Set(steps.flatMap(({ actions }) => actions.map(({ app }) => app))),
];

const actionFor = (
  before: AppDefinition | undefined,
  after: AppDefinition,
  { toKill, unfinishedRestarts }: PlanOptions,
): DeploymentAction | undefined => {
  const { id } = after;
  if (before === undefined) return { action: 'ScaleApplication', app: id };
  if (before.versionInfo.lastConfigChangeAt !== after.versionInfo.lastConfigChangeAt) {
    return { action: 'RestartApplication', app: id };
  }
  const isScaled = before.instances !== after.instances || (toKill?.get(id)?.length ?? 0) > 0;
  if (!isScaled) return undefined;
  return { action: unfinishedRestarts?.has(id) ? 'RestartApplication' : 'ScaleApplication', app: id };
};

/** An app's layer is the length of the longest chain of dependencies below it. */
const layering = (root: RootGroup): ((app: AppDefinition) => number) => {
  const layers = new Map<PathId, number>();
  const inProgress = new Set<PathId>();

  const layerOfApp = (app: AppDefinition): number =>
    remembered(app.id, () =>
      Math.max(0, ...dependenciesOf(root, app).map((id) => layerOfDependency(id) + 1)),
    );

  /** A group is as deep as the deepest app in it; what does not exist is waited for by nobody. */
  const layerOfDependency = (id: PathId): number => {
    const app = root.apps.get(id);
    if (app) return layerOfApp(app);
    return remembered(id, () =>
      appsBelow(root, id).reduce((most, one) => Math.max(most, layerOfApp(one)), -1),
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
  return layerOfApp;
};
