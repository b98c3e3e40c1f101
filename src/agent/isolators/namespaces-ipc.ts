import { MEBIBYTE } from './byte-text.ts';
import type { IsolatorFactory } from './isolator.ts';

/** namespaces/ipc: System V IPC and /dev/shm of its own, of `shm_size` MB, for containers with ipc_mode PRIVATE. */
export const namespacesIpc: IsolatorFactory = () => ({
  name: 'namespaces/ipc',
  prepare: async ({ container }) => {
    const { ipc_mode, shm_size } = container?.linux_info ?? {};
    if (ipc_mode !== 'PRIVATE') {
      if (shm_size !== undefined) throw new Error("'shm_size' needs 'ipc_mode' PRIVATE");
      return undefined;
    }
    const size = shm_size === undefined ? '' : `,size=${shm_size * MEBIBYTE}`;
    return {
      namespaces: { ipc: 'own', mount: 'own' },
      mounts: [
        {
          source: 'shm',
          target: '/dev/shm',
          type: 'tmpfs',
          isReadOnly: false,
          options: `nosuid,nodev,mode=1777${size}`,
        },
      ],
    };
  },
});
