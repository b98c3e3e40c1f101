import type { Role, TaskDetail } from '../model/mesos.ts';
import { ask } from './request.ts';

const MASTER = '/mesos';

/** A task with all its statuses, also one that has ended; undefined when the master has forgotten it. */
export const getTask = async (id: string): Promise<TaskDetail | undefined> => {
  const { tasks } = await ask<{ tasks: TaskDetail[] }>(`${MASTER}/tasks?task_id=${encodeURIComponent(id)}`);
  return tasks.find((task) => task.id === id);
};

export const getRoles = async (): Promise<readonly Role[]> =>
  (await ask<{ roles: Role[] }>(`${MASTER}/roles`)).roles;

/** Kills the tasks of an agent, after their grace periods, and offers nothing of it any more. */
export const drainAgent = (id: string, options: { isGone: boolean }): Promise<unknown> =>
  callMaster('DRAIN_AGENT', { ...agent(id), mark_gone: options.isGone });

/** Offers nothing of an agent any more; its tasks go on. */
export const deactivateAgent = (id: string): Promise<unknown> => callMaster('DEACTIVATE_AGENT', agent(id));

export const reactivateAgent = (id: string): Promise<unknown> => callMaster('REACTIVATE_AGENT', agent(id));

/** Amounts by resource; of mem and disk in MiB. */
export type QuotaAmounts = Readonly<Record<string, number>>;

/** What is not given is not guaranteed, and has no bound. */
export const setQuota = (
  role: string,
  { guarantees, limits }: { readonly guarantees: QuotaAmounts; readonly limits: QuotaAmounts },
): Promise<unknown> =>
  callMaster('UPDATE_QUOTA', {
    force: false,
    quota_configs: [{ role, guarantees: scalars(guarantees), limits: scalars(limits) }],
  });

export const removeQuota = (role: string): Promise<unknown> => callMaster('REMOVE_QUOTA', { role });

const scalars = (amounts: QuotaAmounts): object =>
  Object.fromEntries(Object.entries(amounts).map(([name, value]) => [name, { value }]));

const agent = (id: string): object => ({ agent_id: { value: id } });

const callMaster = (type: string, call: object): Promise<unknown> =>
  ask(`${MASTER}/api/v1`, { method: 'POST', body: { type, [type.toLowerCase()]: call } });
