import type { AgentContainer, AgentMonitorClient } from '../../clients/agent-monitor-client.ts';
import type { MesosClient } from '../../clients/mesos-client.ts';
import { hasEnded } from '../tasks/find-tasks.ts';
import type { TopSample } from './top-view.ts';

/** Agents that are asked at a time. */
const AT_ONCE = 8;
/** Of more agents than this the use is not measured: asking them all would be a load of its own. */
const MOST_AGENTS = 200;
/** An agent that takes longer has no figures: the screen waits for all of them. */
const AGENT_TIMEOUT_MS = 1_000;

export interface SampleSources {
  readonly mesos: MesosClient;
  readonly agentMonitor: (agentId: string) => Promise<AgentMonitorClient>;
}

/**
 * Asks the master for agents and tasks, and the agents for what their containers use. Rejects with ApiError of the master,
 * and once it is aborted with the reason.
 */
export const takeSample = async (
  { mesos, agentMonitor }: SampleSources,
  signal: AbortSignal,
): Promise<TopSample> => {
  const atMs = performance.now();
  const [slaves, tasks] = await Promise.all([mesos.getSlaves(), mesos.getTasks()]);
  const running = tasks.filter((task) => !hasEnded(task));
  const busy = [...new Set(running.map(({ slave_id: id }) => id))].slice(0, MOST_AGENTS);
  const containers = new Map<string, readonly AgentContainer[]>();
  const waiting = [...busy];
  const askNext = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      // An agent that does not answer only has no figures.
      const found = await agentMonitor(id)
        .then((agent) => agent.getContainers({ timeoutMs: AGENT_TIMEOUT_MS, signal }))
        .catch(() => undefined);
      signal.throwIfAborted();
      if (found) containers.set(id, found);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askNext));
  return { atMs, slaves, tasks: running, containers };
};
