import { isDeepStrictEqual } from 'node:util';
import { violationIf } from '../rules/rule.ts';
import { isBound } from '../run-spec.ts';
import { roleChangeViolations } from '../update-restrictions.ts';
import type { Violation } from '../violation.ts';
import type { PodDefinition } from './pod.ts';

/** What must not change about a pod whose instances are bound to reservations (marathon.md 2.10). */
export const restrictedPodChanges = (
  before: PodDefinition,
  after: PodDefinition,
  { force }: { force: boolean },
): Violation[] => {
  if (!isBound(before)) return [];
  const changed = (facts: (pod: PodDefinition) => unknown): boolean =>
    !isDeepStrictEqual(facts(before), facts(after));
  return [
    ...violationIf(
      changed(({ volumes }) => volumes.filter(({ persistent }) => persistent !== undefined)),
      '/volumes',
      'Persistent volumes can not be changed!',
    ),
    ...(['cpus', 'mem', 'disk', 'gpus'] as const).flatMap((name) =>
      violationIf(
        changed(({ containers, executorResources }) => [
          containers.reduce((sum, { resources }) => sum + resources[name], 0),
          name === 'gpus' ? 0 : executorResources[name],
        ]),
        '/',
        `${name} cannot be updated if a pod has persistent volumes`,
      ),
    ),
    ...violationIf(
      changed(({ containers }) =>
        containers.flatMap(({ endpoints }) => endpoints.flatMap(({ hostPort }) => hostPort ?? [])),
      ),
      '/',
      'host ports cannot be updated if a pod has persistent volumes',
    ),
    ...roleChangeViolations(before, after, { force }),
  ];
};
