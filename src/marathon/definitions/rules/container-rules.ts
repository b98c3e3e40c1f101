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
  const { seccomp, ipcInfo } = linuxInfo ?? {};
  if (seccomp) {
    const hasProfile = seccomp.profileName !== undefined;
    yield* violationIf(
      hasProfile && seccomp.unconfined,
      '/container/linuxInfo/seccomp',
      'Seccomp unconfined can NOT be true when Profile is defined',
    );
    yield* violationIf(
      !hasProfile && !seccomp.unconfined,
      '/container/linuxInfo/seccomp',
      'Seccomp unconfined must be true when Profile is NOT defined',
    );
  }
  yield* violationIf(
    ipcInfo?.mode === 'SHARE_PARENT' && ipcInfo.shmSize !== undefined,
    '/container/linuxInfo/ipcInfo/shmSize',
    'ipcInfo shmSize can NOT be set when mode is SHARE_PARENT',
  );
};
