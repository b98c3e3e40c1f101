import type { Agent, MasterState } from './state.ts';

/** Finds agents among thousands without asking each of them. */

export const agentOfStream = ({ agentIndex }: MasterState, streamId: string): Agent | undefined =>
  agentIndex.byStream.get(streamId);

export const agentAt = ({ agentIndex }: MasterState, address: Agent['address']): Agent | undefined =>
  agentIndex.byAddress.get(keyOf(address));

/** Has an agent found by its stream and its address of now. */
export const index = ({ agentIndex }: MasterState, agent: Agent): void => {
  if (agent.streamId !== undefined) agentIndex.byStream.set(agent.streamId, agent);
  agentIndex.byAddress.set(keyOf(agent.address), agent);
};

/** To be called before an agent's stream or address is another one, and when it is removed. */
export const unindex = ({ agentIndex }: MasterState, agent: Agent): void => {
  if (agent.streamId !== undefined) agentIndex.byStream.delete(agent.streamId);
  const key = keyOf(agent.address);
  if (agentIndex.byAddress.get(key) === agent) agentIndex.byAddress.delete(key);
};

const keyOf = ({ ip, port }: Agent['address']): string => `${ip}:${port}`;
