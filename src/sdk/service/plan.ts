import { type ContentContext, launchContent } from './launch-content.ts';
import { instanceName, parseTaskId, taskName } from './names.ts';
import type { PhaseSpec, ServiceSpec } from './spec.ts';
import { hasEnded, isLive, isPlaceKnown, type ServiceState } from './state.ts';
import type { Target } from './turn.ts';

/** How far something is, in the words of DC/OS schedulers. */
export type PlanStatus =
  | 'COMPLETE'
  | 'STARTED'
  | 'STARTING'
  | 'PENDING'
  | 'WAITING'
  | 'DELAYED'
  | 'IN_PROGRESS';

export interface StepView {
  readonly target: Target;
  readonly status: PlanStatus;
  /** What it waits for. */
  readonly message: string;
}

export interface PhaseView {
  readonly phase: PhaseSpec;
  readonly status: PlanStatus;
  readonly steps: readonly StepView[];
}

export interface PlanView {
  readonly status: PlanStatus;
  readonly phases: readonly PhaseView[];
  /** Tasks whose turn it is. */
  readonly due: readonly Target[];
}

export interface PlanContext extends ContentContext {
  readonly spec: ServiceSpec;
  readonly targets: ReadonlyMap<string, Target>;
  readonly state: ServiceState;
  readonly nowMs: number;
}

/**
 * Where the plan is at. It follows from what runs and from nothing else: a task is deployed when it is done, or runs
 * ready with what the description says now. So an interrupted deployment goes on where it was, and a changed
 * description is a deployment of what has changed, in the same order.
 */
export const viewPlan = (context: PlanContext): PlanView => {
  const { plan } = context.spec;
  const phases = plan.phases.map((phase) => viewPhase(context, phase));
  const open = phases.filter(({ status }) => status !== 'COMPLETE');
  const turn = plan.strategy === 'serial' ? open.slice(0, 1) : open;
  const due = turn.flatMap((phase) => dueIn(context, phase));
  return { status: overall(phases.map(({ status }) => status)), phases, due };
};

const viewPhase = (context: PlanContext, phase: PhaseSpec): PhaseView => {
  const pod = context.spec.pods.find(({ name }) => name === phase.pod);
  const steps = Array.from({ length: pod?.count ?? 0 }, (_unused, index) =>
    instanceName(phase.pod, index),
  ).flatMap((instance) =>
    phase.tasks.flatMap((task) => {
      const target = context.targets.get(taskName(instance, task));
      return target ? [{ target, ...viewStep(context, target) }] : [];
    }),
  );
  return { phase, steps, status: overall(steps.map(({ status }) => status)) };
};

/** A task that ends again and again is not ready for a better reason than its age. */
const notReady = (failures: number): string => {
  if (failures === 0) return 'not ready yet';
  return `not ready yet; ${failures === 1 ? 'the run before' : `${failures} runs before`} ended too early`;
};

const viewStep = (context: PlanContext, target: Target): Pick<StepView, 'status' | 'message'> => {
  const { state, nowMs } = context;
  const task = state.tasks.get(target.name);
  if (!task) return { status: 'PENDING', message: '' };
  if (target.task.goal === 'ONCE' && task.isDone) return { status: 'COMPLETE', message: '' };
  if (hasEnded(task.state)) {
    const message = [task.state, task.message].filter((part) => part).join(': ');
    return { status: task.notBeforeMs > nowMs ? 'DELAYED' : 'PENDING', message };
  }
  if (isOutdated(context, target))
    return { status: 'PENDING', message: 'to be started again with what has changed' };
  if (task.state !== 'TASK_RUNNING') return { status: 'STARTING', message: task.message ?? '' };
  if (!task.isReady) return { status: 'STARTED', message: notReady(task.failures) };
  if (task.isHealthy === false) return { status: 'STARTED', message: 'fails its health check' };
  return { status: 'COMPLETE', message: '' };
};

/** Whether a live task was launched with something else than the description says now. */
export const isOutdated = (context: PlanContext, target: Target): boolean => {
  const record = context.state.instances.get(target.instance);
  const launched = parseTaskId(context.state.tasks.get(target.name)?.id ?? '')?.fingerprint;
  if (!record || target.task.goal === 'ONCE' || !isPlaceKnown(record)) return false;
  const content = launchContent(context, target, record);
  return 'fingerprint' in content && content.fingerprint !== launched;
};

/** Tasks of an instance are deployed one after another; instances as the phase says. */
const dueIn = (context: PlanContext, { phase, steps }: PhaseView): Target[] => {
  const due = new Map<string, Target>();
  for (const { target, status } of steps) {
    if (status !== 'COMPLETE' && !due.has(target.instance)) due.set(target.instance, target);
  }
  const targets = [...due.values()];
  switch (phase.strategy) {
    case 'serial':
      return targets.slice(0, 1);
    case 'parallel':
      return targets;
    case 'rolling':
      return rolling(context, targets);
  }
};

/**
 * What runs with something else than the description says, or was renewed before, comes before what is new. Of those the
 * ones that are down come first: no other is ended beside them.
 */
const rolling = (context: PlanContext, targets: readonly Target[]): Target[] => {
  const isToBeRenewed = (target: Target): boolean =>
    isLive(context.state.tasks.get(target.name)) && isOutdated(context, target);
  const former = targets.filter(
    (target) => context.state.tasks.get(target.name)?.wasDeployed || isToBeRenewed(target),
  );
  if (former.length === 0) return [...targets];
  const down = former.filter((target) => !isToBeRenewed(target));
  return down.length > 0 ? down : former.slice(0, 1);
};

const overall = (statuses: readonly PlanStatus[]): PlanStatus => {
  if (statuses.every((status) => status === 'COMPLETE')) return 'COMPLETE';
  return statuses.every((status) => status === 'PENDING') ? 'PENDING' : 'IN_PROGRESS';
};
