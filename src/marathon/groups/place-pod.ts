import { ROOT, resolvePath } from '../definitions/path-id.ts';
import { completePod } from '../definitions/pods/complete-pod.ts';
import type { PodInput } from '../definitions/pods/pod-input.ts';
import { restrictedPodChanges } from '../definitions/pods/pod-update-restrictions.ts';
import { podViolations } from '../definitions/pods/validate-pod.ts';
import { refuseInvalid } from '../definitions/violation.ts';
import type { Placement } from './place-apps.ts';
import { enforceRolesOfNewGroups, rolePolicy } from './role-policy.ts';
import { putRunSpecs, type RootGroup } from './root-group.ts';

/** Puts a pod, completed and checked, into a root group. Throws InvalidDocument with all that is wrong about it. */
export const placePod = (
  root: RootGroup,
  input: PodInput,
  { settings, version, force }: Omit<Placement, 'before'>,
): RootGroup => {
  const id = resolvePath(input.id);
  const earlier = root.pods.get(id);
  const { fallback, allowed } = rolePolicy(root, id, settings);
  const versions = earlier ?? {
    version,
    versionInfo: { lastScalingAt: version, lastConfigChangeAt: version },
  };
  const pod = completePod(input, { base: ROOT, settings, role: fallback, versions });
  refuseInvalid([
    ...podViolations(pod, { settings, roles: allowed }),
    ...(earlier ? restrictedPodChanges(earlier, pod, { force }) : []),
  ]);
  return enforceRolesOfNewGroups(root, putRunSpecs(root, [pod]), settings);
};
