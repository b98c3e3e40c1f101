import type { IsolatorFactory } from './isolator.ts';

/**
 * namespaces/pid: a container sees its own processes only, and none of them outlives it. One that shares its parent's
 * namespace (share_pid_namespace) shares the agent's: executors of groups have no process here that could own one.
 */
export const namespacesPid: IsolatorFactory = () => ({
  name: 'namespaces/pid',
  prepare: async ({ container }) =>
    container?.linux_info?.share_pid_namespace ? undefined : { namespaces: { pid: 'own' } },
});
