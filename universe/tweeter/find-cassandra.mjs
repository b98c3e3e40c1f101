/**
 * Finds the nodes of a package cassandra as HOST:PORT, by the state of the master of the agent that runs this: its tasks
 * say at which port clients find them.
 *
 * @param {string} service name of the framework
 */
export const findCassandra = async (service) => {
  const { MESOS_AGENT_ENDPOINT: agent } = process.env;
  if (agent === undefined) throw new Error('Outside of a cluster the nodes must be named: CONTACT_POINTS');
  const { flags = {}, master_hostname: hostname } = await json(`http://${agent}/state`);
  const { master = '' } = flags;
  // A master that was found through ZooKeeper is known by where it is.
  const [address] = master.startsWith('zk:') ? [`${hostname}:5050`] : master.split(',');
  const state = await json(`${/^https?:/.test(address) ? address : `http://${address}`}/state`);
  const hosts = new Map(state.slaves.map(({ id, hostname: name }) => [id, name]));
  return state.frameworks
    .filter(({ name }) => name === service)
    .flatMap(({ tasks }) => tasks)
    .filter((task) => task.state === 'TASK_RUNNING')
    .flatMap(({ slave_id, discovery }) =>
      (discovery?.ports?.ports ?? [])
        .filter(({ name }) => name === 'client')
        .map(({ number }) => `${hosts.get(slave_id)}:${number}`),
    );
};

const TIMEOUT_MS = 10_000;

const json = async (url) => {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
};
