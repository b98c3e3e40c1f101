import {
  type DefinitionChange,
  deleteEmptyGroup,
  deleteSpec,
  type MarathonDefinitions,
  type MarathonDefinitionsClient,
  postPod,
  putApps,
  putPod,
  type SpecDefinition,
} from '../../clients/marathon-definitions-client.ts';
import type { MarathonPreview } from '../../clients/marathon-types.ts';
import { compareDefinitions } from './compare-definitions.ts';
import { isOwnerAlone, ownedBy, ownerOf } from './owner-label.ts';
import { placingErrors } from './place-errors.ts';
import { emptiedGroups, planGroups } from './plan-groups.ts';
import type { FieldChange, PlannedChange } from './planned-change.ts';
import type { WantedDefinitions, WantedSpec } from './wanted-definitions.ts';

/** What has to be done so that a Marathon is as the definitions say. */
export interface ApplyPlan {
  /** By kind and id. */
  readonly changes: readonly PlannedChange[];
  /** In the order in which they are sent; each makes a deployment. */
  readonly steps: readonly ApplyStep[];
  /** Deployments that hold what is to be changed. */
  readonly lockedBy: readonly string[];
}

export interface ApplyStep {
  readonly change: DefinitionChange;
  readonly ids: readonly string[];
}

export interface PlanOptions {
  readonly client: MarathonDefinitionsClient;
  readonly wanted: WantedDefinitions;
  readonly present: MarathonDefinitions;
  /** The set that the definitions are of. */
  readonly owner: string | undefined;
  /** What is as it should be, but of another set or of none, is taken over. */
  readonly adopts: boolean;
  /** What is of the set and not wanted any more goes. */
  readonly prunes: boolean;
  /** Marathon is asked what would change; else the definitions are compared here. */
  readonly hasDryRun: boolean;
}

/** Nothing is changed yet. Throws CliError that names the places of what is not valid, and ApiError. */
export const planApply = async (options: PlanOptions): Promise<ApplyPlan> => {
  const { wanted, client, hasDryRun } = options;
  const groups = planGroups(wanted, options.present);
  if (hasDryRun) {
    for (const { change, group } of groups) {
      const locate = ({ pointer }: { pointer: string }): string => group.placeOf(pointer);
      await placingErrors(client.preview(change), { isArray: false, locate });
    }
  }
  const apps = await planSpecs(options, 'app');
  const pods = await planSpecs(options, 'pod');
  const gone = options.prunes ? unwanted(options) : [];
  // Another Marathon could not be kept from removing what somebody puts into such a group meanwhile.
  const emptied = hasDryRun
    ? emptiedGroups(options.present, { wanted, gone: new Set(gone.map(({ id }) => id)) })
    : [];
  return {
    changes: [
      ...groups.map(({ planned }) => planned),
      ...apps.changes,
      ...pods.changes,
      ...gone,
      ...emptied.map((id) => ({ kind: 'group', id, change: 'delete', changes: [] }) as const),
    ],
    steps: [
      ...groups.map(({ change, planned }) => ({ change, ids: [planned.id] })),
      ...apps.steps,
      ...pods.steps,
      ...gone.map(({ kind, id }) => ({ change: deleteSpec(kind, id), ids: [id] })),
      ...emptied.map((id) => ({ change: deleteEmptyGroup(id), ids: [id] })),
    ],
    lockedBy: [...new Set([...apps.lockedBy, ...pods.lockedBy])],
  };
};

interface Compared {
  readonly spec: WantedSpec;
  /** As it is sent. */
  readonly definition: SpecDefinition;
  readonly isNew: boolean;
  readonly changes: readonly FieldChange[];
}

const planSpecs = async (options: PlanOptions, kind: 'app' | 'pod'): Promise<ApplyPlan> => {
  const known = new Map(options.present[`${kind}s`].map((spec) => [spec.id, spec]));
  const drafts = [...options.wanted.specs.values()]
    .filter((spec) => spec.kind === kind)
    .map((spec) => {
      const present = known.get(spec.id);
      const definition = withInstances(ownedBy(spec.definition, options.owner), present);
      return { spec, definition, present };
    });
  const lockedBy = new Set<string>();
  const differ = await compare(options, kind, drafts, lockedBy);
  const changed = differ.filter(
    ({ isNew, changes }) => isNew || (changes.length > 0 && (options.adopts || !isOwnerAlone(changes))),
  );
  return {
    changes: changed.map(({ spec, isNew, changes }) => ({
      kind,
      id: spec.id,
      change: isNew ? 'create' : 'update',
      changes,
    })),
    steps: kind === 'app' ? appSteps(changed) : changed.map(podStep),
    lockedBy: [...lockedBy],
  };
};

interface Draft {
  readonly spec: WantedSpec;
  readonly definition: SpecDefinition;
  readonly present: SpecDefinition | undefined;
}

const compare = async (
  { client, hasDryRun }: PlanOptions,
  kind: 'app' | 'pod',
  drafts: readonly Draft[],
  lockedBy: Set<string>,
): Promise<Compared[]> => {
  const compared = (draft: Draft, changes: readonly FieldChange[]): Compared => ({
    ...draft,
    isNew: draft.present === undefined,
    changes: draft.present === undefined ? [] : changes,
  });
  if (!hasDryRun) {
    return drafts.map((draft) => compared(draft, compareDefinitions(draft.present, draft.definition)));
  }
  if (drafts.length === 0) return [];
  const previews: MarathonPreview[] = [];
  if (kind === 'app') {
    const locate = ({ index, pointer }: { index: number; pointer: string }): string | undefined =>
      drafts[index]?.spec.placeOf(pointer);
    const asked = client.preview(putApps(drafts.map(({ definition }) => definition)));
    previews.push(await placingErrors(asked, { isArray: true, locate }));
  } else {
    for (const draft of drafts) {
      const locate = ({ pointer }: { pointer: string }): string => draft.spec.placeOf(pointer);
      previews.push(
        await placingErrors(client.preview(podChange(compared(draft, []))), { isArray: false, locate }),
      );
    }
  }
  for (const preview of previews) for (const id of preview.lockedBy ?? []) lockedBy.add(id);
  const diffs = new Map(previews.flatMap(({ diff }) => diff).map((one) => [one.id, one.changes]));
  return drafts.map((draft) => compared(draft, diffs.get(draft.spec.id) ?? []));
};

const appSteps = (changed: readonly Compared[]): ApplyStep[] => {
  const isAdopted = ({ changes }: Compared): boolean => isOwnerAlone(changes);
  return [false, true].flatMap((keepsRunning) => {
    const some = changed.filter((one) => isAdopted(one) === keepsRunning);
    if (some.length === 0) return [];
    const change = putApps(
      some.map(({ definition }) => definition),
      { keepsRunning },
    );
    return [{ change, ids: some.map(({ spec }) => spec.id) }];
  });
};

const podStep = (pod: Compared): ApplyStep => ({ change: podChange(pod), ids: [pod.spec.id] });

const podChange = ({ definition, isNew, changes }: Compared): DefinitionChange =>
  isNew ? postPod(definition) : putPod(definition.id, definition, { keepsRunning: isOwnerAlone(changes) });

/** A definition that does not say how many leaves that to whoever scales it. */
const withInstances = (definition: SpecDefinition, present: SpecDefinition | undefined): SpecDefinition => {
  const field = 'containers' in definition ? 'scaling' : 'instances';
  const value = present?.[field];
  return field in definition || value === undefined ? definition : { ...definition, [field]: value };
};

const unwanted = ({ wanted, present, owner }: PlanOptions): (PlannedChange & { kind: 'app' | 'pod' })[] =>
  (['app', 'pod'] as const).flatMap((kind) =>
    present[`${kind}s`]
      .filter((spec) => owner !== undefined && ownerOf(spec) === owner && !wanted.specs.has(spec.id))
      .map(({ id }) => ({ kind, id, change: 'delete' as const, changes: [] })),
  );
