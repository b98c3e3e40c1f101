import type { CallSubscribe } from '../../mesos/generated/scheduler.ts';
import { registrationProblem } from './authorization.ts';
import { countForFramework } from './count-for-framework.ts';
import { frameworkInfoProblem, submissionProblem, subscriptionProblem } from './framework-info.ts';
import { addFramework, adoptSubscription, announceFramework, withdrawOffers } from './frameworks.ts';
import { HEARTBEAT_INTERVAL_SECONDS } from './settings.ts';
import type { Framework } from './state.ts';
import type { Turn } from './turn.ts';
import { wantAllocation } from './want-allocation.ts';

/**
 * A scheduler subscribes on a new stream (mesos.md 1.7): as a framework nobody knows yet, as one that comes back, or in the
 * place of another scheduler of the same framework. What is wrong is said on the stream, which then ends.
 */
export const subscribe = (
  turn: Turn,
  streamId: string,
  subscription: CallSubscribe,
  caller?: string,
): void => {
  const problem = problemOf(turn, subscription, caller);
  if (problem !== undefined) {
    turn.do({ type: 'send-scheduler', streamId, event: { type: 'ERROR', error: { message: problem } } });
    turn.do({ type: 'close-scheduler', streamId });
    turn.log('refused a framework', { name: subscription.framework_info.name, reason: problem }, 'warn');
    return;
  }
  const id = subscription.framework_info.id?.value ?? '';
  const known = turn.state.frameworks.get(id);
  if (known) {
    known.caller = caller;
    resubscribe(turn, known, streamId, subscription);
    return;
  }
  const isNew = id === '';
  const framework = registerFramework(turn, isNew ? newFrameworkId(turn) : id, streamId, subscription);
  framework.caller = caller;
  if (isNew) return;
  framework.reregisteredMs = turn.nowMs;
  announceFramework(turn, framework);
};

const problemOf = (
  turn: Turn,
  subscription: CallSubscribe,
  caller: string | undefined,
): string | undefined => {
  const { framework_info } = subscription;
  const problem = frameworkInfoProblem(framework_info);
  if (problem !== undefined) return problem;
  const id = framework_info.id?.value ?? '';
  if (turn.state.completedFrameworks.has(id)) return 'Framework has been removed';
  const forbidden = submissionProblem(framework_info, turn.settings);
  if (forbidden !== undefined) return forbidden;
  const known = turn.state.frameworks.get(id);
  if (known && known.info.principal !== framework_info.principal) {
    return "Changing framework's principal is not allowed.";
  }
  return subscriptionProblem(subscription) ?? registrationProblem(turn.settings, framework_info, caller);
};

const newFrameworkId = ({ state }: Turn): string =>
  `${state.masterId}-${String(state.next.framework++).padStart(4, '0')}`;

const registerFramework = (
  turn: Turn,
  id: string,
  streamId: string,
  subscription: CallSubscribe,
): Framework => {
  turn.count('master/messages_register_framework');
  const info = { ...subscription.framework_info, id: { value: id } };
  const framework = addFramework(turn, info, 'connected');
  adoptSubscription(turn, framework, subscription);
  turn.observe({ type: 'framework-added', framework });
  connect(turn, framework, streamId);
  return framework;
};

const resubscribe = (
  turn: Turn,
  framework: Framework,
  streamId: string,
  subscription: CallSubscribe,
): void => {
  turn.count('master/messages_reregister_framework');
  if (framework.streamId !== undefined) {
    turn.toFramework(framework, { type: 'ERROR', error: { message: 'Framework failed over' } });
    turn.do({ type: 'close-scheduler', streamId: framework.streamId });
  }
  turn.cancelTimer(`failover:${framework.id}`);
  withdrawOffers(turn, framework);
  // Whatever the scheduler before it refused, this one has not seen yet.
  turn.allocator.deactivateFramework(framework.id);
  adoptSubscription(turn, framework, subscription);
  framework.connection = 'connected';
  framework.reregisteredMs = turn.nowMs;
  connect(turn, framework, streamId);
  turn.observe({ type: 'framework-updated', framework });
  announceFramework(turn, framework);
};

const connect = (turn: Turn, framework: Framework, streamId: string): void => {
  framework.streamId = streamId;
  countForFramework(turn, framework, 'calls/subscribe');
  framework.disconnectedMs = undefined;
  turn.toFramework(framework, {
    type: 'SUBSCRIBED',
    subscribed: {
      framework_id: { value: framework.id },
      heartbeat_interval_seconds: HEARTBEAT_INTERVAL_SECONDS,
      master_info: turn.state.info,
    },
  });
  turn.allocator.activateFramework(framework.id);
  wantAllocation(turn);
  turn.log('framework subscribed', { frameworkId: framework.id, name: framework.info.name });
};
