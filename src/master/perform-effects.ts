import type { AgentEvent } from '../mesos/agent-protocol.ts';
import type { Event } from '../mesos/generated/scheduler.ts';
import type { Log } from '../runtime/log.ts';
import type { TimerEffect } from '../store/turn-runner.ts';
import type { EventStreams } from './api/event-streams.ts';
import type { OperatorStreams } from './api/routes.ts';
import type { MasterEffect, TimerName } from './core/effect.ts';
import type { OperatorOutcome } from './core/input.ts';
import { HEARTBEAT_INTERVAL_SECONDS } from './core/settings.ts';

/** What effects are carried out with. */
export interface MasterParts {
  readonly schedulers: EventStreams<Event>;
  readonly agents: EventStreams<AgentEvent>;
  readonly operators: OperatorStreams;
  readonly answer: (requestId: string, outcome: OperatorOutcome) => void;
  readonly heartbeatSent: (frameworkId: string) => void;
  readonly allocationWaited: (durationMs: number) => void;
  /** The master must not go on. */
  readonly end: (message: string) => void;
  readonly log: Log;
}

/** Carries out one effect of the core. Timers are the turn runner's. */
export const performEffect = (
  { schedulers, agents, operators, answer, heartbeatSent, allocationWaited, end, log }: MasterParts,
  effect: Exclude<MasterEffect, TimerEffect<TimerName>>,
): void => {
  switch (effect.type) {
    case 'send-scheduler':
      schedulers.send(effect.streamId, effect.event);
      if (effect.event.type === 'SUBSCRIBED') {
        const frameworkId = effect.event.subscribed.framework_id.value;
        schedulers.sendRepeatedly(
          effect.streamId,
          { type: 'HEARTBEAT' },
          { everyMs: HEARTBEAT_INTERVAL_SECONDS * 1000, onSent: () => heartbeatSent(frameworkId) },
        );
      }
      break;
    case 'close-scheduler':
      schedulers.end(effect.streamId);
      break;
    case 'send-agent':
      agents.send(effect.streamId, effect.event);
      break;
    case 'close-agent':
      agents.end(effect.streamId);
      break;
    case 'answer':
      answer(effect.requestId, effect.outcome);
      break;
    case 'observe':
      operators.observe(effect.observation);
      break;
    case 'allocation-waited':
      allocationWaited(effect.durationMs);
      break;
    case 'end':
      end(effect.message);
      break;
    case 'log':
      log[effect.level](effect.fields, effect.message);
      break;
  }
};
