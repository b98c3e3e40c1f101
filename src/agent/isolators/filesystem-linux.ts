import { join } from 'node:path';
import { SANDBOX_IN_CONTAINER } from '../containerizers/container-config.ts';
import { findHostPrograms, requireProgram } from '../processes/host-programs.ts';
import type { IsolatorFactory } from './isolator.ts';

/**
 * filesystem/linux: a mount namespace for every container, in which its volumes are mounted, so that nothing of them is
 * left outside when it ends; and root folders from images.
 */
export const filesystemLinux: IsolatorFactory = () => {
  const programs = findHostPrograms();
  for (const name of ['unshare', 'mount', 'umount', 'nsenter', 'setpriv'] as const)
    requireProgram(programs, name);
  if (process.getuid?.() !== 0) throw new Error('only root may mount');
  return {
    name: 'filesystem/linux',
    prepare: async ({ mounts, sandbox, rootfs }) => ({
      namespaces: { mount: 'own' },
      mounts: mounts.map(({ containerPath, hostPath, isReadOnly, propagation }) => {
        if (propagation === 'BIDIRECTIONAL') {
          throw new Error(
            `The volume ${containerPath} cannot be mounted so that its own mounts are seen outside`,
          );
        }
        const home = rootfs === undefined ? sandbox : SANDBOX_IN_CONTAINER;
        return {
          source: hostPath,
          target: containerPath.startsWith('/') ? containerPath : join(home, containerPath),
          type: 'bind',
          isReadOnly,
          ...(propagation === undefined ? {} : { propagation }),
        };
      }),
    }),
  };
};
