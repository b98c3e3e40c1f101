import { sendForJson } from './call.ts';
import type { Connection } from './connection.ts';
import { MESOS } from './mesos-client.ts';

/** A container of an agent with what it uses (mesos.md 3.10). */
export interface AgentContainer {
  /** Of a command task: the task's id. */
  readonly executor_id: string;
  readonly framework_id: string;
  /** Missing while nothing was measured. */
  readonly statistics?: {
    readonly cpus_user_time_secs?: number;
    readonly cpus_system_time_secs?: number;
    readonly cpus_limit?: number;
    readonly mem_rss_bytes?: number;
    readonly mem_limit_bytes?: number;
  };
}

/** What an agent measures; the connection leads to the agent. Every call throws ApiError, or why it was aborted. */
export interface AgentMonitorClient {
  getContainers(bounds?: Pick<Connection, 'timeoutMs' | 'signal'>): Promise<AgentContainer[]>;
}

export const createAgentMonitorClient = (connection: Connection): AgentMonitorClient => ({
  getContainers: (bounds = {}) => sendForJson(MESOS, { ...connection, ...bounds }, { path: '/containers' }),
});
