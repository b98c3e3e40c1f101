import type { PodDefinition } from '../../definitions/pods/pod.ts';
import type { ContainerTask, Instance } from '../instance.ts';

/**
 * Whether a pod's instance is well: false when a check of one container fails, true when all have passed, undefined while a
 * result is missing and when there are no checks. A container that has done its work is not looked at any more.
 */
export const podHealth = (pod: PodDefinition, { task }: Pick<Instance, 'task'>): boolean | undefined => {
  const checked = checkedContainers(pod, task?.containers ?? []);
  if (checked.some(({ health }) => health?.isHealthy === false)) return false;
  return checked.length > 0 && checked.every(({ health }) => health?.isHealthy) ? true : undefined;
};

/** Whether all that there is to pass is passed. */
export const passesChecks = (pod: PodDefinition, { task }: Pick<Instance, 'task'>): boolean =>
  checkedContainers(pod, task?.containers ?? []).every(({ health }) => health?.isHealthy);

const checkedContainers = (pod: PodDefinition, containers: readonly ContainerTask[]): ContainerTask[] => {
  const names = new Set(pod.containers.flatMap(({ name, healthCheck }) => (healthCheck ? name : [])));
  return containers.filter(({ name, condition }) => names.has(name) && condition !== 'Finished');
};
