import { ApiError } from '../clients/api-error.ts';
import type { MesosClient } from '../clients/mesos-client.ts';
import type { MesosSlave } from '../clients/mesos-types.ts';
import { CliError } from './errors/cli-error.ts';
import { hintOfAgent } from './system/find-node.ts';

/** What masters say of an agent that they do not know, where they do not say it by a 404. */
const UNKNOWN = 'Unknown agent';

/** Has an agent changed. Throws CliError, with `what` could not be done, when there is no such agent. */
export const changeNode = async (
  what: string,
  { id, mesos, change }: { id: string; mesos: MesosClient; change: (id: string) => Promise<void> },
): Promise<void> => {
  try {
    await change(id);
  } catch (error) {
    const isUnknown = error instanceof ApiError && (error.status === 404 || error.message === UNKNOWN);
    if (!isUnknown) throw error;
    throw new CliError('not-found', `could not ${what}`, {
      details: [`There is no agent with the id ${id}`],
      hint: hintOfAgent(id, await mesos.getSlaves().catch(() => []), 'plenum node list prints the ids'),
      cause: error,
    });
  }
};

/** The agent as the master shows it; undefined when it is not registered. */
export const findNode = async (mesos: MesosClient, id: string): Promise<MesosSlave | undefined> =>
  (await mesos.getSlaves()).find((node) => node.id === id);
