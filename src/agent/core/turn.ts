import { keyPart } from '../../store/key-part.ts';
import type { Change } from '../../store/store.ts';
import type { Effect, TimerName } from './effect.ts';
import type { OperatorContainer } from './operator-containers.ts';
import type { AgentSettings } from './settings.ts';
import type { AgentState, ContainerRecord, RunRecord, TaskRecord } from './state.ts';

/**
 * One step of the agent's logic: the state it works on, the moment it happens at, and what comes of it. Changes are made
 * durable before the first effect is carried out, so that nothing is ever told or started that a crash could undo.
 */
export class Turn {
  readonly state: AgentState;
  readonly settings: AgentSettings;
  readonly nowMs: number;
  readonly uuid: () => string;
  readonly effects: Effect[] = [];
  readonly #changes = new Map<string, unknown>();

  constructor(options: { state: AgentState; settings: AgentSettings; nowMs: number; uuid: () => string }) {
    this.state = options.state;
    this.settings = options.settings;
    this.nowMs = options.nowMs;
    this.uuid = options.uuid;
  }

  get changes(): Change[] {
    return [...this.#changes].map(([key, value]) => ({ key, value }));
  }

  do(effect: Effect): void {
    this.effects.push(effect);
  }

  setTimer(timer: TimerName, delayMs: number): void {
    this.effects.push({ type: 'set-timer', timer, delayMs });
  }

  /** Writes a value under a key of the checkpoint; undefined removes it. */
  save(key: string, value: unknown): void {
    this.#changes.set(key, value);
  }

  saveContainer(container: ContainerRecord): void {
    this.save(containerKey(container.id), container);
  }

  saveOperatorContainer(container: OperatorContainer): void {
    this.save(operatorContainerKey(container.key), container);
  }

  saveRun(run: RunRecord): void {
    this.save(runKey(run.id), run);
  }

  saveTask(task: TaskRecord): void {
    this.save(taskKey(task), task);
  }
}

/** Keys of the checkpoint. Ids are encoded, so that one with a slash cannot pose as a path. */
export const AGENT_KEY = 'agent';
export const RESOURCES_KEY = 'resources';
export const DRAIN_KEY = 'drain';
export const frameworkKey = (frameworkId: string): string => `frameworks/${keyPart(frameworkId)}`;
export const runKey = (runId: string): string => `runs/${runId}`;
export const containerKey = (containerId: string): string => `containers/${containerId}`;
export const operatorContainerKey = (key: string): string => `operator-containers/${key}`;
export const operationKey = (uuid: string): string => `operations/${keyPart(uuid)}`;
export const taskKey = ({ runId, info }: TaskRecord): string =>
  `tasks/${runId}/${keyPart(info.task_id.value)}`;
/** Updates of one task sort by their sequence. */
export const updateKey = (streamKey: string, sequence: number): string =>
  `updates/${streamKey}/${String(sequence).padStart(10, '0')}`;
