import type { AgentEvent } from '../../mesos/agent-protocol.ts';
import { forgetDrain, startDrain } from './drain.ts';
import { killTask, notePreemption, shutDownFramework, shutDownRun } from './kill.ts';
import { launch, upsertFramework } from './launch.ts';
import { acknowledgeOperation, applyOperation, resendOperations } from './operations.ts';
import { findRun, findTask } from './state.ts';
import { lostState } from './status.ts';
import { AGENT_KEY, type Turn } from './turn.ts';
import { acknowledgeUpdate, reportUnknownTask, resendUpdates } from './updates.ts';

/** Does what the master says. */
export const applyEvent = (turn: Turn, event: AgentEvent): void => {
  const { state } = turn;
  switch (event.type) {
    case 'SUBSCRIBED':
      subscribed(turn, event.subscribed);
      break;
    case 'PING':
      break;
    case 'LAUNCH':
      launch(turn, event.launch);
      break;
    case 'KILL': {
      const { framework_id, task_id, kill_policy, preemption } = event.kill;
      if (preemption) notePreemption(turn, framework_id.value, task_id.value, preemption.message);
      killTask(turn, framework_id.value, task_id.value, kill_policy);
      break;
    }
    case 'ACKNOWLEDGE': {
      const { framework_id, task_id, uuid } = event.acknowledge;
      acknowledgeUpdate(turn, framework_id.value, task_id.value, uuid);
      break;
    }
    case 'MESSAGE': {
      const { framework_id, executor_id, data } = event.message;
      const run = findRun(state, framework_id.value, executor_id.value);
      if (!run?.isSubscribed) {
        state.counters.invalidMessages++;
        return;
      }
      state.counters.validMessages++;
      turn.do({
        type: 'send-executor',
        runId: run.record.id,
        event: { type: 'MESSAGE', message: { data } },
      });
      break;
    }
    case 'SHUTDOWN_EXECUTOR': {
      const { framework_id, executor_id } = event.shutdown_executor;
      const run = findRun(state, framework_id.value, executor_id.value);
      if (run) shutDownRun(turn, run);
      break;
    }
    case 'SHUTDOWN_FRAMEWORK':
      shutDownFramework(turn, event.shutdown_framework.framework_id.value);
      break;
    case 'UPDATE_FRAMEWORK': {
      const { framework_info } = event.update_framework;
      const frameworkId = framework_info.id?.value ?? '';
      if (state.frameworks.has(frameworkId)) upsertFramework(turn, framework_info);
      resendUpdates(turn, frameworkId);
      break;
    }
    case 'APPLY_OPERATION':
      applyOperation(turn, event.apply_operation);
      break;
    case 'ACKNOWLEDGE_OPERATION':
      acknowledgeOperation(turn, event.acknowledge_operation.uuid);
      break;
    case 'DRAIN':
      startDrain(turn, event.drain.config);
      break;
    case 'SHUTDOWN':
      shutDown(turn, event.shutdown);
      break;
  }
};

const subscribed = (
  turn: Turn,
  {
    agent_id,
    master_info,
    unknown_tasks,
    drain_config,
  }: Extract<AgentEvent, { type: 'SUBSCRIBED' }>['subscribed'],
): void => {
  const { state } = turn;
  state.master = master_info;
  if (state.agentId !== agent_id.value) {
    state.agentId = agent_id.value;
    turn.save(AGENT_KEY, { agentId: agent_id.value });
  }
  if (drain_config) startDrain(turn, drain_config);
  else forgetDrain(turn);
  for (const { framework_id, task_id } of unknown_tasks) {
    if (findTask(state, framework_id.value, task_id.value)) continue;
    reportUnknownTask(turn, framework_id.value, task_id.value, {
      state: lostState(turn, framework_id.value, 'TASK_DROPPED'),
      reason: 'REASON_RECONCILIATION',
      message: 'Reconciliation: task unknown to the agent',
    });
  }
  resendUpdates(turn);
  resendOperations(turn);
};

/** The master will not have this agent: everything here ends and nobody hears of it. */
const shutDown = (turn: Turn, { message, keeps_id }: { message: string; keeps_id?: boolean }): void => {
  for (const frameworkId of [...turn.state.frameworks.keys()]) endFrameworkAtOnce(turn, frameworkId);
  if (!keeps_id) turn.save(AGENT_KEY, undefined);
  turn.do({ type: 'end', message });
};

/** Ends everything of a framework without asking; nobody hears of it any more. */
export const endFrameworkAtOnce = (turn: Turn, frameworkId: string): void => {
  shutDownFramework(turn, frameworkId);
  for (const container of turn.state.containers.values()) {
    if (container.frameworkId !== frameworkId) continue;
    turn.do({ type: 'signal-container', containerId: container.id, signal: 'SIGKILL' });
  }
};
