import { areUnique, violationIf } from '../../rules/rule.ts';
import { persistentViolations } from '../../rules/volume-rules.ts';
import type { PodRule } from './pod-rule.ts';

/** Volumes, and what containers mount of them (marathon.md 2.9). */
export const volumeRules: PodRule = function* ({ volumes, containers, secrets }) {
  const mounted = new Set(containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name)));
  for (const [index, { name, host, persistent, secret }] of volumes.entries()) {
    const path = `/volumes(${index})`;
    const kinds = [host, persistent, secret].filter((kind) => kind !== undefined).length;
    yield* violationIf(kinds > 1, path, 'must have at most one of host, persistent and secret');
    if (persistent) yield* persistentViolations(persistent, `${path}/persistent`);
    yield* violationIf(
      secret !== undefined && !Object.hasOwn(secrets, secret),
      `${path}/secret`,
      'volume.secret must refer to an existing secret',
    );
    yield* violationIf(!mounted.has(name), path, 'must be mounted by at least one container');
  }
  yield* violationIf(!areUnique(volumes.map(({ name }) => name)), '/volumes', 'volume names must be unique');
  for (const [index, { volumeMounts }] of containers.entries()) {
    for (const [position, { name }] of volumeMounts.entries()) {
      yield* violationIf(
        !volumes.some((volume) => volume.name === name),
        `/containers(${index})/volumeMounts(${position})/name`,
        'Referenced Volume in VolumeMount should exist',
      );
    }
    yield* violationIf(
      !areUnique(volumeMounts.map(({ mountPath }) => mountPath)),
      `/containers(${index})/volumeMounts`,
      'mount paths must be unique in a container',
    );
  }
};
