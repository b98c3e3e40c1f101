import type { OfferOperation } from '../../mesos/generated/mesos.ts';
import { conversionOf } from '../../mesos/resources/conversion.ts';
import { toStackFormat } from '../../mesos/resources/reservation-format.ts';
import { resourcesText } from '../../mesos/resources/resource-text.ts';
import { deactivateAgent, reactivateAgent } from './agent-activation.ts';
import { drainAgent } from './drain-agent.ts';
import type { OperatorCommand, OperatorOutcome } from './input.ts';
import { startMaintenance, stopMaintenance, updateSchedule } from './maintenance.ts';
import { offersOf, rescindOffer } from './offers.ts';
import { isResourceOperation, operationProblem } from './operation-problem.ts';
import { mapResources, resourcesOf } from './operation-resources.ts';
import { updateQuotas } from './quota.ts';
import { markGone } from './remove-agent.ts';
import { removeFramework } from './remove-framework.ts';
import { convertAvailable, order, volumesInUse } from './resource-operations.ts';
import { resourcesProblem } from './resource-problem.ts';
import { type Agent, isConnected } from './state.ts';
import type { Turn } from './turn.ts';
import { wantAllocation } from './want-allocation.ts';
import { updateWeights } from './weights.ts';

const ACCEPTED: OperatorOutcome = { type: 'accepted' };
const DEFAULT_REFUSE_MS = 5_000;

const refused = (
  status: Extract<OperatorOutcome, { type: 'refused' }>['status'],
  message: string,
): OperatorOutcome => ({ type: 'refused', status, message });

const outcomeOf = (problem: string | undefined): OperatorOutcome =>
  problem === undefined ? ACCEPTED : refused(400, problem);

/** Does what an operator wants (mesos.md 3.3 to 3.7), or says why not; then nothing has changed. */
export const takeCommand = (turn: Turn, command: OperatorCommand): OperatorOutcome => {
  switch (command.type) {
    case 'teardown': {
      const framework = turn.state.frameworks.get(command.frameworkId);
      if (!framework) return refused(400, 'No framework found with specified ID');
      removeFramework(turn, framework);
      return ACCEPTED;
    }
    case 'apply-operation':
      return applyOperation(turn, command);
    case 'update-quotas':
      return updateQuotas(turn, command.configs, command.isForced);
    case 'update-weights':
      updateWeights(turn, command.weights);
      return ACCEPTED;
    case 'mark-agent-gone': {
      const { state } = turn;
      const id = command.agentId;
      if (state.goneAgents.has(id)) return ACCEPTED;
      const isKnown =
        state.agents.has(id) || state.recoveredAgents.has(id) || state.unreachableAgents.has(id);
      if (!isKnown) return refused(404, `Agent '${id}' not found`);
      markGone(turn, id);
      return ACCEPTED;
    }
    case 'deactivate-agent':
      return outcomeOf(deactivateAgent(turn, command.agentId));
    case 'reactivate-agent':
      return outcomeOf(reactivateAgent(turn, command.agentId));
    case 'drain-agent':
      return outcomeOf(drainAgent(turn, command));
    case 'update-schedule':
      return outcomeOf(updateSchedule(turn, command.schedule));
    case 'start-maintenance':
      return outcomeOf(startMaintenance(turn, command.machines));
    case 'stop-maintenance':
      return outcomeOf(stopMaintenance(turn, command.machines));
  }
};

const applyOperation = (
  turn: Turn,
  { agentId, operation, principal }: Extract<OperatorCommand, { type: 'apply-operation' }>,
): OperatorOutcome => {
  const agent = turn.state.agents.get(agentId);
  if (!agent) return refused(400, 'No agent found with specified ID');
  if (!isResourceOperation(operation)) return refused(400, `${operation.type} is not for operators`);
  const unsound = resourcesProblem(resourcesOf(operation));
  if (unsound !== undefined) return refused(400, unsound);
  const upgraded = mapResources(operation, toStackFormat);
  const problem = operationProblem(
    upgraded,
    { type: 'operator', principal },
    agent,
    volumesInUse(turn, agent),
  );
  if (problem !== undefined) return refused(400, problemText(operation, agent, problem));
  if (!isConnected(agent)) return refused(409, `Agent ${agentId} is disconnected`);
  const conversion = conversionOf(upgraded);
  while (!turn.allocator.updateAvailable(agent.id, [conversion])) {
    const [offer] = offersOf(turn, agent.offerIds);
    if (!offer) {
      const available = resourcesText(turn.allocator.available(agent.id));
      return refused(409, `${available} does not contain ${resourcesText(conversion.consumed)}`);
    }
    rescindOffer(turn, offer, DEFAULT_REFUSE_MS);
  }
  convertAvailable(agent, conversion);
  order(turn, agent, upgraded, undefined);
  wantAllocation(turn, [agent.id]);
  return ACCEPTED;
};

const problemText = ({ type }: OfferOperation, agent: Agent, problem: string): string => {
  if (type === 'DESTROY') return `Invalid DESTROY operation: ${problem}`;
  const { ip, port } = agent.address;
  return `Invalid ${type} operation on agent ${agent.id} at slave(1)@${ip}:${port} (${agent.info.hostname}): ${problem}`;
};
