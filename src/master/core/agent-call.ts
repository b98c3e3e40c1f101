import type { AgentCall } from '../../mesos/agent-protocol.ts';
import { executorExited, messageFramework } from './executor-calls.ts';
import { pong } from './liveness.ts';
import { takeOperationUpdate } from './operation-status.ts';
import { removeAgent } from './remove-agent.ts';
import type { Agent } from './state.ts';
import { takeStatusUpdate } from './status-update.ts';
import type { Turn } from './turn.ts';
import { updateOversubscribed } from './update-agent.ts';

/** Takes what a subscribed agent says. */
export const takeAgentCall = (
  turn: Turn,
  agent: Agent,
  call: Exclude<AgentCall, { type: 'SUBSCRIBE' }>,
): void => {
  switch (call.type) {
    case 'PONG':
      pong(turn, agent);
      break;
    case 'UNREGISTER':
      turn.count('master/messages_unregister_slave');
      turn.count('master/slave_removals/reason_unregistered');
      removeAgent(turn, agent, 'the agent unregistered');
      break;
    case 'UPDATE_AGENT':
      updateOversubscribed(turn, agent, call.update_agent);
      break;
    case 'STATUS_UPDATE':
      takeStatusUpdate(turn, agent, call.status_update);
      break;
    case 'OPERATION_UPDATE':
      takeOperationUpdate(turn, agent, call.operation_update);
      break;
    case 'EXECUTOR_EXITED':
      executorExited(turn, agent, call.executor_exited);
      break;
    case 'EXECUTOR_MESSAGE':
      messageFramework(turn, agent, call.executor_message);
      break;
  }
};
