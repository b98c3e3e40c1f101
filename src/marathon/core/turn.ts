import type { Random } from '../../runtime/random.ts';
import type { SchedulerCall } from '../../sdk/scheduler-connection.ts';
import type { Change } from '../../store/store.ts';
import type { Answer, MarathonEffect, TimerName } from './effect.ts';
import type { UntimedEvent } from './event.ts';
import type { Instance } from './instance.ts';
import { deploymentKey, instanceKey } from './keys.ts';
import { newQueueEntry } from './queue-entry.ts';
import { oweRelease } from './resident/release.ts';
import type { MarathonSettings } from './settings.ts';
import type { Deployment, MarathonState } from './state.ts';

/**
 * One step of the engine's logic: the state it works on, the moment it happens at, and what comes of it. The changes are
 * durable before the first effect is carried out.
 */
export class Turn {
  readonly state: MarathonState;
  readonly settings: MarathonSettings;
  readonly nowMs: number;
  readonly random: Random;
  readonly effects: MarathonEffect[] = [];
  /** Apps that have to be looked at before the turn ends. */
  readonly touched = new Set<string>();
  /** Something has changed that decides which offers are wanted. */
  isDemandChanged = false;
  /** Kills were added or done with. */
  areKillsChanged = false;
  readonly #changes = new Map<string, unknown>();

  constructor(options: { state: MarathonState; settings: MarathonSettings; nowMs: number; random: Random }) {
    this.state = options.state;
    this.settings = options.settings;
    this.nowMs = options.nowMs;
    this.random = options.random;
  }

  get changes(): Change[] {
    return [...this.#changes].map(([key, value]) => ({ key, value }));
  }

  /** Writes a value; undefined removes it. */
  save(key: string, value: unknown): void {
    this.#changes.set(key, value);
  }

  call(call: SchedulerCall): void {
    this.effects.push({ type: 'call', call });
  }

  publish(event: UntimedEvent): void {
    this.effects.push({ type: 'publish', event, atMs: this.nowMs });
  }

  answer(requestId: number, answer: Answer): void {
    this.effects.push({ type: 'answer', requestId, answer });
  }

  setTimer(timer: TimerName, delayMs: number): void {
    this.effects.push({ type: 'set-timer', timer, delayMs: Math.max(0, delayMs) });
  }

  cancelTimer(timer: TimerName): void {
    this.effects.push({ type: 'cancel-timer', timer });
  }

  /** Adds an instance or replaces its record, tells of its new condition, and has its app looked at. */
  putInstance(instance: Instance): void {
    const before = this.state.instances.get(instance.id);
    this.state.instances.put(instance);
    this.save(instanceKey(instance.id), instance);
    this.touched.add(instance.appId);
    this.#keepQueue(instance.appId);
    if (before?.condition !== instance.condition) this.publishCondition(instance);
  }

  /** Forgets an instance for good. */
  removeInstance(instance: Instance): void {
    const { state } = this;
    state.instances.remove(instance.id);
    state.health.delete(instance.id);
    state.readiness.delete(instance.id);
    this.save(instanceKey(instance.id), undefined);
    const { id: instanceId, role, reservation } = instance;
    if (reservation) {
      const { frameworkId, amounts } = reservation;
      oweRelease(this, { instanceId, frameworkId, role, ...(amounts ? { amounts } : {}) });
    }
    this.touched.add(instance.appId);
    this.#keepQueue(instance.appId);
  }

  publishCondition(instance: Instance): void {
    this.publish({
      eventType: 'instance_changed_event',
      instanceId: instance.id,
      condition: instance.condition,
      runSpecId: instance.appId,
      ...(instance.agent ? { agentId: instance.agent.id, host: instance.agent.hostname } : {}),
      runSpecVersion: instance.appVersion,
    });
  }

  saveDeployment(deployment: Deployment): void {
    this.state.deployments.set(deployment.plan.id, deployment);
    this.save(deploymentKey(deployment.plan.id), deployment);
  }

  /** An app is in the queue as long as an instance of it waits to be launched. */
  #keepQueue(appId: string): void {
    const { queue, instances } = this.state;
    const isWaiting = instances.scheduled(appId).size > 0;
    if (isWaiting && !queue.has(appId)) queue.set(appId, newQueueEntry(this.nowMs));
    else if (isWaiting || !queue.delete(appId)) return;
    this.isDemandChanged = true;
  }
}
