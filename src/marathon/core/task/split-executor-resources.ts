import type { Resource } from '../../../mesos/generated/mesos.ts';
import { isPersistentVolume } from '../../../mesos/resources/traits.ts';
import type { AppDefinition } from '../../definitions/app.ts';
import { executorResourcesOf } from '../executor-path.ts';

const THOUSANDTHS = 1000;

/** Gives an app's own executor its share of what was taken from an offer; the task has the rest. */
export const splitExecutorResources = (
  app: AppDefinition,
  resources: readonly Resource[],
): { task: Resource[]; executor: Resource[] } => {
  const wanted = new Map(
    Object.entries(executorResourcesOf(app)).map(([name, amount]) => [
      name,
      Math.round(amount * THOUSANDTHS),
    ]),
  );
  const task: Resource[] = [];
  const executor: Resource[] = [];
  for (const resource of resources) {
    const offered = Math.round((resource.scalar?.value ?? 0) * THOUSANDTHS);
    const share =
      resource.type === 'SCALAR' && !isPersistentVolume(resource)
        ? Math.min(offered, wanted.get(resource.name) ?? 0)
        : 0;
    if (share === 0) {
      task.push(resource);
      continue;
    }
    wanted.set(resource.name, (wanted.get(resource.name) ?? 0) - share);
    executor.push({ ...resource, scalar: { value: share / THOUSANDTHS } });
    if (offered > share) task.push({ ...resource, scalar: { value: (offered - share) / THOUSANDTHS } });
  }
  return { task, executor };
};
