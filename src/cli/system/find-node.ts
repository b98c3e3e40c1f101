import type { MesosClient } from '../../clients/mesos-client.ts';
import type { MesosSlave } from '../../clients/mesos-types.ts';
import { CliError } from '../errors/cli-error.ts';

/** The node that is meant: the leading master, or an agent by its id. Throws CliError for both, neither, or a stranger. */
export const findNode = async (
  mesos: MesosClient,
  { leader = false, agentId }: { leader?: boolean | undefined; agentId: string | undefined },
): Promise<MesosSlave | 'leader'> => {
  if (leader === (agentId !== undefined)) {
    throw new CliError('usage', 'Name an agent by its id, or give --leader', {
      hint: 'plenum node list shows the agents',
    });
  }
  if (agentId === undefined) return 'leader';
  return findAgent(mesos, agentId);
};

/** Throws CliError. */
export const findAgent = async (mesos: MesosClient, id: string): Promise<MesosSlave> => {
  const agents = await mesos.getSlaves();
  const agent = agents.find((slave) => slave.id === id);
  if (agent) return agent;
  throw new CliError('not-found', `There is no agent ${id}`, {
    hint: hintOfAgent(id, agents, 'plenum node list shows the agents'),
  });
};

/**
 * Names the agent that was meant by its host name, or by the end of its id. What is only like an id is no hint: those of agents
 * differ by a digit, and what is done to the wrong one may not be undone.
 */
export const hintOfAgent = (wanted: string, agents: readonly MesosSlave[], otherwise: string): string => {
  const meant = agents.find(({ id, hostname }) => hostname === wanted || id.endsWith(`-${wanted}`));
  return meant ? `Did you mean ${meant.id}?` : otherwise;
};

/** The address in `slave(1)@10.0.0.11:5051`. */
export const addressOfAgent = ({ pid }: MesosSlave): string => /@(.*):\d+$/.exec(pid)?.[1] ?? '';
