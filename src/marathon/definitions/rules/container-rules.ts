import type { LinuxInfo } from '../container.ts';
import type { Violation } from '../violation.ts';
import { type Rule, violationIf } from './rule.ts';

/** The image, and what only one of the two containerizers can do (marathon.md 2.3). */
export const containerRules: Rule = function* ({ container }) {
  if (!container) return;
  const { type, docker, linuxInfo } = container;
  const isDocker = type === 'DOCKER';
  yield* violationIf(isDocker && docker === undefined, '/container/docker', 'not defined');
  yield* violationIf(docker?.image === '', '/container/docker/image', 'must not be empty');
  yield* violationIf(
    isDocker && docker?.pullConfig !== undefined,
    '/container/docker/pullConfig',
    'pullConfig is not supported with Docker containerizer',
  );
  yield* violationIf(
    !isDocker && docker?.privileged === true,
    '/container/docker/privileged',
    'privileged is only supported with the Docker containerizer',
  );
  yield* violationIf(
    !isDocker && (docker?.parameters.length ?? 0) > 0,
    '/container/docker/parameters',
    'parameters are only supported with the Docker containerizer',
  );
  yield* violationIf(
    isDocker && linuxInfo !== undefined,
    '/container/linuxInfo',
    'linuxInfo is not supported with Docker containerizer',
  );
  if (linuxInfo) yield* linuxViolations(linuxInfo, '/container/linuxInfo');
};

/** How far a container, or a pod, is kept apart. */
export const linuxViolations = ({ seccomp, ipcInfo }: LinuxInfo, path: string): Violation[] => {
  const hasProfile = seccomp?.profileName !== undefined;
  return [
    ...violationIf(
      hasProfile && seccomp?.unconfined === true,
      `${path}/seccomp`,
      'Seccomp unconfined can NOT be true when Profile is defined',
    ),
    ...violationIf(
      seccomp !== undefined && !hasProfile && !seccomp.unconfined,
      `${path}/seccomp`,
      'Seccomp unconfined must be true when Profile is NOT defined',
    ),
    ...violationIf(
      ipcInfo?.mode === 'SHARE_PARENT' && ipcInfo.shmSize !== undefined,
      `${path}/ipcInfo/shmSize`,
      'ipcInfo shmSize can NOT be set when mode is SHARE_PARENT',
    ),
  ];
};
