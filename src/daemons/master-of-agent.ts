import { request } from '../http/client.ts';
import { OptionError } from './daemon-options.ts';

const DEFAULT_MASTER_PORT = 5050;

/** The masters of the agent that runs this process as a task. Throws OptionError, naming the flag that does without, outside of one. */
export const masterOfAgent = async (
  { MESOS_AGENT_ENDPOINT: agent }: NodeJS.ProcessEnv,
  flag: string,
): Promise<string[]> => {
  if (agent === undefined) {
    throw new OptionError(`${flag} is missing: outside of a task it must be named`);
  }
  const { body } = await request({ url: `http://${agent}/state`, headers: { Accept: 'application/json' } });
  const state: { flags?: { master?: string }; master_hostname?: string } = JSON.parse(body.toString('utf8'));
  const { flags: { master = '' } = {}, master_hostname: hostname = '' } = state;
  // Masters that are found through ZooKeeper are known by where the leading one is.
  const addresses = master.startsWith('zk:') ? [`${hostname}:${DEFAULT_MASTER_PORT}`] : master.split(',');
  return addresses.map((address) => (/^https?:/.test(address) ? address : `http://${address}`));
};
