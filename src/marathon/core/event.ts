import type { HealthCheck } from '../definitions/health.ts';
import type { DeploymentPlan, DeploymentStep } from '../engine.ts';
import type { Condition } from './instance.ts';

type PlanEvent<Type extends string> = {
  eventType: Type;
  plan: DeploymentPlan;
  currentStep: DeploymentStep;
};

/**
 * Where a canary or blue-green upgrade is; beyond Marathon, like those. `started`: the first new instances of the stage are
 * launched. `paused`: they are healthy, and it waits until then, or until somebody has it continue. `aborted`: the deployment
 * has ended before, for the reason; what took its place may go on at the same stage.
 */
export interface StageEvent {
  eventType:
    | 'deployment_stage_started'
    | 'deployment_stage_paused'
    | 'deployment_stage_continued'
    | 'deployment_stage_aborted';
  /** Of the deployment. */
  id: string;
  app?: string;
  pod?: string;
  /** From 1 on. */
  step: number;
  totalSteps: number;
  /** New instances that there are to be in the stage, and that are healthy and ready. */
  target: number;
  ready: number;
  until?: string;
  reason?: string;
  replacedBy?: string;
}

type WithoutTime =
  | {
      eventType: 'status_update_event';
      slaveId: string;
      taskId: string;
      taskStatus: string;
      message: string;
      appId: string;
      host: string;
      ipAddresses?: readonly { ipAddress: string; protocol: 'IPv4' | 'IPv6' }[];
      ports: readonly number[];
      version: string;
    }
  | {
      eventType: 'instance_changed_event';
      instanceId: string;
      condition: Condition;
      runSpecId: string;
      agentId?: string;
      host?: string;
      runSpecVersion: string;
    }
  | {
      eventType: 'unknown_instance_terminated_event';
      instanceId: string;
      runSpecId: string;
      condition: Condition;
    }
  | {
      eventType: 'instance_health_changed_event';
      instanceId: string;
      runSpecId: string;
      runSpecVersion: string;
      healthy: boolean | null;
    }
  | {
      eventType: 'health_status_changed_event';
      appId: string;
      instanceId: string;
      version: string;
      alive: boolean;
    }
  | { eventType: 'add_health_check_event'; appId: string; version: string; healthCheck: HealthCheck }
  | { eventType: 'remove_health_check_event'; appId: string }
  | { eventType: 'failed_health_check_event'; appId: string; taskId: string; healthCheck: HealthCheck }
  | {
      eventType: 'unhealthy_instance_kill_event';
      appId: string;
      taskId: string;
      instanceId: string;
      version: string;
      reason: string;
      host: string;
      slaveId?: string;
    }
  | { eventType: 'app_terminated_event'; appId: string }
  | { eventType: 'group_change_success'; groupId: string; version: string }
  | PlanEvent<'deployment_info'>
  | PlanEvent<'deployment_step_success'>
  | StageEvent
  | { eventType: 'deployment_success'; id: string; plan: DeploymentPlan }
  | { eventType: 'deployment_failed'; id: string; plan: DeploymentPlan; reason?: string }
  | { eventType: 'scheduler_registered_event'; frameworkId: string; master: string }
  | { eventType: 'scheduler_reregistered_event'; master: string }
  | { eventType: 'scheduler_disconnected_event' }
  | { eventType: 'framework_message_event'; executorId: string; slaveId: string; message: string };

/**
 * Something that happened, with the fields that /v2/events shows (marathon.md 1.13); `timestamp` is in the API's form. What
 * only the API knows (`api_post_event`, `event_stream_attached`, a change that was refused) is the API's to tell.
 */
export type EngineEvent = WithoutTime & { timestamp: string };
/** An event before its time is set. */
export type UntimedEvent = WithoutTime;
