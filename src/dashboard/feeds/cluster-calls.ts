import { type ContainerUsage, usageOf } from '../model/container-usage.ts';
import type { Unit } from '../model/health.ts';
import { ask } from './request.ts';

/** The parts of the control plane, and whether they answer. */
export const getUnits = async (): Promise<readonly Unit[]> =>
  (await ask<{ units: Unit[] }>('/system/health/v1')).units;

/** What a container has used so far, and uses now; undefined when its agent does not tell (it has ended). */
export const getUsage = async (agentId: string, containerId: string): Promise<ContainerUsage | undefined> => {
  const path = `/system/v1/agent/${encodeURIComponent(agentId)}/metrics/v0/containers/${encodeURIComponent(containerId)}`;
  return usageOf(await ask(path));
};
