import type { IsolatorFactory } from './isolator.ts';

/** filesystem/posix: volumes are links in the sandbox; containers see the root folder of the host. */
export const filesystemPosix: IsolatorFactory = () => ({
  name: 'filesystem/posix',
  prepare: async ({ rootfs }) => {
    if (rootfs !== undefined) throw new Error('container images need filesystem/linux');
    return undefined;
  },
});
