import type { MarathonEffect, Probe, ProbeResult, TimerName } from '../../../src/marathon/core/effect.ts';
import { emptyState } from '../../../src/marathon/core/empty-state.ts';
import type { UntimedEvent } from '../../../src/marathon/core/event.ts';
import type { MarathonInput } from '../../../src/marathon/core/input.ts';
import { MarathonCore } from '../../../src/marathon/core/marathon-core.ts';
import type { AppDefinition } from '../../../src/marathon/definitions/app.ts';
import { putApp } from '../../../src/marathon/groups/root-group.ts';
import type { TaskState, TaskStatus } from '../../../src/mesos/generated/mesos.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import type { SchedulerCall } from '../../../src/sdk/scheduler-connection.ts';
import { TEST_SETTINGS } from './engine-harness.ts';

/** Drives the core by hand: each input and the moment it happens at, and what came of it. */
export class CoreDriver {
  readonly core = new MarathonCore({
    state: emptyState(),
    settings: TEST_SETTINGS,
    random: seededRandom(1),
  });
  nowMs = Date.UTC(2026, 0, 1);
  effects: MarathonEffect[] = [];
  readonly #timers = new Map<TimerName, number>();

  constructor() {
    this.handle({ type: 'started' });
    this.handle({
      type: 'master-event',
      event: { type: 'SUBSCRIBED', subscribed: { framework_id: { value: 'f' } } },
    });
  }

  /** Gives an input; what came of it is in `effects` afterwards. */
  handle(input: MarathonInput): void {
    this.effects = [...this.core.handle(input, this.nowMs).effects];
    for (const effect of this.effects) {
      if (effect.type === 'set-timer') this.#timers.set(effect.timer, this.nowMs + effect.delayMs);
      else if (effect.type === 'cancel-timer') this.#timers.delete(effect.timer);
    }
  }

  /** Lets time pass until a timer is due, and fires it. Returns the milliseconds that it took. */
  fire(timer: TimerName): number {
    const dueMs = this.#timers.get(timer);
    if (dueMs === undefined) throw new Error(`There is no timer ${timer}`);
    this.#timers.delete(timer);
    const passedMs = dueMs - this.nowMs;
    this.nowMs = dueMs;
    this.handle({ type: 'timer', timer });
    return passedMs;
  }

  hasTimer(timer: TimerName): boolean {
    return this.#timers.has(timer);
  }

  /** Adds an app with one instance, or changes it, and launches what is missing. Returns the task's id. */
  launch(app: AppDefinition): string {
    this.handle({
      type: 'update-root',
      requestId: 1,
      update: { force: true, change: (root) => putApp(root, app) },
    });
    const scalar = (name: string) => ({ name, type: 'SCALAR' as const, scalar: { value: 1000 } });
    this.handle({
      type: 'master-event',
      event: {
        type: 'OFFERS',
        offers: {
          offers: [
            {
              id: { value: 'o' },
              framework_id: { value: 'f' },
              agent_id: { value: 'agent-1' },
              hostname: '10.0.0.1',
              allocation_info: { role: '*' },
              resources: [
                scalar('cpus'),
                scalar('mem'),
                { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31_000, end: 31_000 }] } },
              ],
            },
          ],
        },
      },
    });
    const [accept] = this.calls('ACCEPT');
    const [operation] = accept?.accept.operations ?? [];
    if (operation?.type !== 'LAUNCH') throw new Error('Nothing was launched');
    return operation.launch.task_infos?.[0]?.task_id.value ?? '';
  }

  status(taskId: string, state: TaskState, more: Partial<TaskStatus> = {}): void {
    this.handle({
      type: 'master-event',
      event: {
        type: 'UPDATE',
        update: {
          status: { task_id: { value: taskId }, agent_id: { value: 'agent-1' }, state, uuid: 'u', ...more },
        },
      },
    });
  }

  /** The probe that was just asked for. */
  get probe(): Probe | undefined {
    return this.effects.find((effect) => effect.type === 'probe')?.probe;
  }

  /** Fires a check's timer and answers its probe. */
  check(timer: TimerName, result: ProbeResult): void {
    this.fire(timer);
    const { probe } = this;
    if (probe === undefined) throw new Error('Nothing is probed');
    this.handle({ type: 'probe-result', purpose: probe.purpose, result });
  }

  calls<Type extends SchedulerCall['type']>(type: Type): Extract<SchedulerCall, { type: Type }>[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'call' && isOf(effect.call, type) ? [effect.call] : [],
    );
  }

  events(): UntimedEvent[] {
    return this.effects.flatMap((effect) => (effect.type === 'publish' ? [effect.event] : []));
  }
}

const isOf = <Type extends SchedulerCall['type']>(
  call: SchedulerCall,
  type: Type,
): call is Extract<SchedulerCall, { type: Type }> => call.type === type;
