import type { Volume } from '../../../mesos/generated/mesos.ts';
import type { PodContainer, PodDefinition, PodVolume } from '../../definitions/pods/pod.ts';
import { secretReference } from '../task/variables.ts';

/** Where in the sandbox of the pod's executor volumes without a place of their own are. */
const EPHEMERAL_FOLDER = 'volumes';

/**
 * The volumes that a container mounts (marathon.md 2.9). Ephemeral and persistent ones lie in the sandbox of the executor,
 * which all containers of the pod share.
 */
export const podVolumes = (pod: PodDefinition, { volumeMounts }: PodContainer): Volume[] =>
  volumeMounts.flatMap(({ name, mountPath, readOnly }) => {
    const volume = pod.volumes.find((one) => one.name === name);
    if (volume === undefined) return [];
    const place = { container_path: mountPath, mode: readOnly === true ? ('RO' as const) : ('RW' as const) };
    return [{ ...place, ...sourceOf(pod, volume) }];
  });

const sourceOf = (
  pod: PodDefinition,
  { name, host, persistent, secret }: PodVolume,
): Pick<Volume, 'host_path' | 'source'> & Partial<Pick<Volume, 'mode'>> => {
  if (host !== undefined) return { host_path: host };
  if (secret !== undefined) {
    return { mode: 'RO', source: { type: 'SECRET', secret: secretReference(pod, secret) } };
  }
  const path = persistent === undefined ? `${EPHEMERAL_FOLDER}/${name}` : name;
  return { source: { type: 'SANDBOX_PATH', sandbox_path: { type: 'PARENT', path } } };
};
