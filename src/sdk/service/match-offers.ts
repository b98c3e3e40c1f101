import { attributesJson } from '../../mesos/v0/attributes-json.ts';
import { launchContent } from './launch-content.ts';
import { portKey, taskId } from './names.ts';
import { type Amounts, type OfferDraft, Unfit } from './offer-draft.ts';
import { placementRefusal } from './placement.ts';
import type { PodSpec, TaskSpec } from './spec.ts';
import { type InstanceRecord, isLive } from './state.ts';
import { taskInfo } from './task-info.ts';
import type { Target, Turn } from './turn.ts';

/** Why offers did not do, by the name of the task that they were for. */
export type Rejections = Map<string, string>;

/**
 * Launches what it can on what is offered: every wanted task in turn, the first run of an instance where the fewest of
 * its pod are, later ones only in its place. Operations are noted in the drafts, places and runs in the turn.
 */
export const matchOffers = (
  turn: Turn,
  drafts: readonly OfferDraft[],
  wanted: readonly Target[],
  agentsToAvoid: (instance: string) => ReadonlySet<string>,
): { drafts: OfferDraft[]; rejections: Rejections } => {
  const current = [...drafts];
  const rejections: Rejections = new Map();
  for (const target of wanted) {
    for (const draft of candidates(turn, current, target, agentsToAvoid(target.instance))) {
      const attempt = draft.copy();
      try {
        launch(turn, attempt, target);
        current[current.indexOf(draft)] = attempt;
        rejections.delete(target.name);
        break;
      } catch (error) {
        if (!(error instanceof Unfit)) throw error;
        rejections.set(target.name, `${draft.offer.hostname}: ${error.message}`);
      }
    }
  }
  return { drafts: current, rejections };
};

const candidates = (
  turn: Turn,
  drafts: readonly OfferDraft[],
  { pod, instance }: Target,
  avoided: ReadonlySet<string>,
): OfferDraft[] => {
  const record = turn.state.instances.get(instance);
  if (record) return drafts.filter(({ offer }) => offer.agent_id.value === record.agentId);
  const allowed = drafts.filter(({ offer }) => !avoided.has(offer.agent_id.value));
  // What a scheduler that has forgotten where its instances are finds reserved for one is that one's place.
  const holding = allowed.filter((draft) => draft.heldBy(instance).length > 0);
  if (holding.length > 0) return holding;
  const agents = recordsOf(turn, pod).map(({ agentId }) => agentId);
  const load = ({ offer }: OfferDraft): number =>
    agents.filter((agent) => agent === offer.agent_id.value).length;
  return allowed.toSorted((one, other) => load(one) - load(other));
};

const recordsOf = (turn: Turn, pod: PodSpec, but?: string): InstanceRecord[] =>
  Array.from({ length: pod.count }, (_unused, index) => `${pod.name}-${index}`).flatMap((instance) =>
    instance === but ? [] : (turn.state.instances.get(instance) ?? []),
  );

/** Everything that the task needs, and at an instance's first place what all of its tasks need. Throws Unfit. */
const launch = (turn: Turn, draft: OfferDraft, target: Target): void => {
  const { pod, instance, task, name } = target;
  const before = turn.state.instances.get(instance);
  const isHeld = draft.heldBy(instance).length > 0;
  if (before?.isConfirmed && !isHeld && !hasLiveTask(turn, instance)) {
    // Reserving anew would give it a second place beside the one that is not offered just now.
    throw new Unfit('what is reserved for it is not offered');
  }
  const place = before ?? placeOf(draft, isHeld);
  if (!before && !isHeld) {
    const refusal = placementRefusal(pod.placement, place, recordsOf(turn, pod, instance));
    if (refusal !== undefined) throw new Unfit(refusal);
  }
  const tasks = before ? [task] : pod.tasks;
  const record: InstanceRecord = {
    ...place,
    ports: { ...place.ports, ...ensure(turn, draft, target, tasks) },
  };
  const content = launchContent(turn, target, record);
  if ('missing' in content) throw new Unfit(`waits for ${content.missing.join(', ')}`);
  const resources = draft.takeForTask(instance, {
    amounts: amountsOf(task),
    ports: task.ports.map((port) => portKey(task.name, port.name)),
    volumes: task.volumes,
  });
  const id = taskId(name, content.fingerprint, turn.random.uuid());
  draft.operate({
    type: 'LAUNCH',
    launch: { task_infos: [taskInfo({ id, target, record, content, resources })] },
  });
  turn.setInstance(instance, record);
  noteLaunch(turn, target, { id, agentId: record.agentId });
};

const hasLiveTask = (turn: Turn, instance: string): boolean =>
  turn.tasksOf(instance).some(({ name }) => isLive(turn.state.tasks.get(name)));

const placeOf = ({ offer }: OfferDraft, isConfirmed: boolean): InstanceRecord => ({
  agentId: offer.agent_id.value,
  hostname: offer.hostname,
  attributes: Object.fromEntries(
    Object.entries(attributesJson(offer.attributes ?? [])).map(([key, value]) => [key, String(value)]),
  ),
  ports: {},
  isConfirmed,
});

/** Has reserved what the tasks need, and gives their ports. */
const ensure = (
  turn: Turn,
  draft: OfferDraft,
  { pod, instance }: Target,
  tasks: readonly TaskSpec[],
): Record<string, number> => {
  draft.ensureScalars(instance, footprint(tasks));
  const record = turn.state.instances.get(instance);
  const before = record?.ports ?? {};
  const ports: Record<string, number> = {};
  for (const task of tasks) {
    for (const { name, port } of task.ports) {
      const key = portKey(task.name, name);
      const previous = before[key];
      ports[key] = draft.ensurePort(instance, {
        key,
        wanted: port === 0 ? undefined : port,
        chosen: (pool) =>
          previous !== undefined && pool.has(previous) ? previous : pool.at(turn.random.next()),
      });
    }
  }
  const used = new Set(tasks.flatMap(({ volumes }) => volumes));
  for (const { path, sizeMiB } of pod.volumes) {
    if (!used.has(path)) continue;
    // A volume that was there is never made a second time: it is in use, or the place is lost.
    if (record?.isConfirmed) continue;
    const id = `${turn.spec.name}_${instance}_${path}_${turn.random.uuid()}`.replaceAll('/', '__');
    draft.ensureVolume(instance, { path, sizeMiB, id });
  }
  return ports;
};

const amountsOf = ({ cpus, memMiB }: TaskSpec): Amounts => ({ cpus, mem: memMiB });

/** Tasks that run do so together; one that runs ONCE does it before them, with what they will have. */
const footprint = (tasks: readonly TaskSpec[]): Amounts => {
  const amount = (of: (task: TaskSpec) => number): number => {
    const running = tasks.filter(({ goal }) => goal === 'RUNNING').reduce((sum, task) => sum + of(task), 0);
    return Math.max(running, ...tasks.filter(({ goal }) => goal === 'ONCE').map(of));
  };
  return { cpus: amount(({ cpus }) => cpus), mem: amount(({ memMiB }) => memMiB) };
};

const noteLaunch = (turn: Turn, { name }: Target, run: { id: string; agentId: string }): void => {
  const before = turn.state.tasks.get(name);
  turn.setTask(name, {
    ...run,
    state: 'TASK_STAGING',
    message: undefined,
    startedMs: undefined,
    isReady: false,
    isHealthy: undefined,
    isDone: false,
    isEnding: false,
    wasDeployed: before?.wasDeployed ?? false,
    failures: before?.failures ?? 0,
    notBeforeMs: turn.nowMs,
  });
};
