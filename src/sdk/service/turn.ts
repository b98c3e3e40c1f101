import type { Random } from '../../runtime/random.ts';
import type { Change } from '../../store/store.ts';
import type { SchedulerCall } from '../scheduler-connection.ts';
import type { ServiceCoreEffect, ServiceTimer } from './effect.ts';
import { peerValues } from './known-values.ts';
import { instanceName, taskName } from './names.ts';
import type { PodSpec, ServiceSpec, TaskSpec } from './spec.ts';
import {
  type Abandoned,
  abandonedKey,
  FRAMEWORK_KEY,
  type InstanceRecord,
  instanceKey,
  type ServiceState,
  type TaskRecord,
  taskKey,
} from './state.ts';

/** A task of an instance, with what is said of it. */
export interface Target {
  readonly pod: PodSpec;
  readonly index: number;
  readonly instance: string;
  readonly task: TaskSpec;
  readonly name: string;
}

/** All tasks of all instances, by name. */
export const targetsOf = (spec: ServiceSpec): ReadonlyMap<string, Target> => {
  const targets = new Map<string, Target>();
  for (const pod of spec.pods) {
    for (let index = 0; index < pod.count; index++) {
      const instance = instanceName(pod.name, index);
      for (const task of pod.tasks) {
        const name = taskName(instance, task.name);
        targets.set(name, { pod, index, instance, task, name });
      }
    }
  }
  return targets;
};

export interface TurnContext {
  readonly spec: ServiceSpec;
  readonly targets: ReadonlyMap<string, Target>;
  readonly state: ServiceState;
  readonly random: Random;
}

/** One step of the core: changes the state, and notes what must become durable and what is to be done then. */
export class Turn {
  readonly spec: ServiceSpec;
  readonly targets: ReadonlyMap<string, Target>;
  readonly state: ServiceState;
  readonly random: Random;
  readonly nowMs: number;
  readonly #changes = new Map<string, unknown>();
  #peers: ReadonlyMap<string, string> | undefined;
  readonly effects: ServiceCoreEffect[] = [];

  constructor({ spec, targets, state, random }: TurnContext, nowMs: number) {
    this.spec = spec;
    this.targets = targets;
    this.state = state;
    this.random = random;
    this.nowMs = nowMs;
  }

  get changes(): Change[] {
    return [...this.#changes].map(([key, value]) => ({ key, value }));
  }

  /** What is known of all tasks by now. */
  get peers(): ReadonlyMap<string, string> {
    this.#peers ??= peerValues(this.spec.name, this.targets.values(), this.state);
    return this.#peers;
  }

  setFrameworkId(id: string): void {
    if (this.state.frameworkId === id) return;
    this.state.frameworkId = id;
    this.#changes.set(FRAMEWORK_KEY, { id });
  }

  setInstance(name: string, record: InstanceRecord | undefined): void {
    if (record) this.state.instances.set(name, record);
    else this.state.instances.delete(name);
    this.#peers = undefined;
    this.#changes.set(instanceKey(name), record);
  }

  setTask(name: string, record: TaskRecord): void {
    this.state.tasks.set(name, record);
    this.#changes.set(taskKey(name), record);
  }

  setAbandoned(instance: string, agents: Abandoned): void {
    if (agents.length > 0) this.state.abandoned.set(instance, agents);
    else this.state.abandoned.delete(instance);
    this.#changes.set(abandonedKey(instance), agents.length > 0 ? agents : undefined);
  }

  call(call: SchedulerCall): void {
    this.effects.push({ type: 'call', call });
  }

  setTimer(timer: ServiceTimer, delayMs: number): void {
    this.effects.push({ type: 'set-timer', timer, delayMs });
  }

  cancelTimer(timer: ServiceTimer): void {
    this.effects.push({ type: 'cancel-timer', timer });
  }

  tasksOf(instance: string): Target[] {
    return [...this.targets.values()].filter((target) => target.instance === instance);
  }
}
