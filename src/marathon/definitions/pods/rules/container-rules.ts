import { linuxViolations } from '../../rules/container-rules.ts';
import { fetchViolations } from '../../rules/fetch-rules.ts';
import { commandViolations } from '../../rules/health-rules.ts';
import { limitViolations } from '../../rules/resource-rules.ts';
import { areUnique, featureViolations, violationIf } from '../../rules/rule.ts';
import type { PodRule } from './pod-rule.ts';

/** What runs in the containers, and what they get (marathon.md 2.9); the plain bounds are the schema's. */
export const containerRules: PodRule = function* (pod, settings) {
  yield* violationIf(
    !areUnique(pod.containers.map(({ name }) => name)),
    '/containers',
    'container names must be unique',
  );
  if (pod.linuxInfo) yield* linuxViolations(pod.linuxInfo, '/linuxInfo');
  for (const [index, container] of pod.containers.entries()) {
    const { exec, image, resources, resourceLimits, artifacts, linuxInfo } = container;
    const path = `/containers(${index})`;
    yield* violationIf(!exec && !image, path, 'must have exec, an image, or both');
    if (exec) yield* commandViolations(exec, `${path}/exec`);
    yield* featureViolations(resources.gpus > 0, 'gpu_resources', `${path}/resources/gpus`, settings);
    yield* limitViolations(resourceLimits, resources, `${path}/resourceLimits`);
    yield* fetchViolations(artifacts, `${path}/artifacts`);
    if (linuxInfo) yield* linuxViolations(linuxInfo, `${path}/linuxInfo`);
  }
};
