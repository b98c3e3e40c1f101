import { ipcFolder } from '../core/work-folder.ts';
import { KeyedTurns } from '../keyed-turns.ts';
import { MEBIBYTE } from './byte-text.ts';
import type { ContainerConfig, IsolatorFactory, Preparation } from './isolator.ts';
import { Members } from './members.ts';
import { SharedIpcNamespaces } from './shared-ipc-namespaces.ts';

/**
 * namespaces/ipc: System V IPC and /dev/shm, of `shm_size` MB, for containers with ipc_mode PRIVATE: their own, or, when it is
 * their executor that wants it, together with the others of that.
 */
export const namespacesIpc: IsolatorFactory = ({ workDir }) => {
  const shared = new SharedIpcNamespaces(ipcFolder(workDir));
  const members = new Members();
  const turns = new KeyedTurns();
  return {
    name: 'namespaces/ipc',
    recover: async (containers) => {
      for (const { id, ipc } of containers) if (ipc) members.add(ipc.ownerId, id);
      await shared.removeOthers(members.owners());
    },
    prepare: async ({ id, ipc, container }) => {
      if (!ipc) return ownIpc(container);
      members.add(ipc.ownerId, id);
      const { namespace, shm } = await turns.run(ipc.ownerId, () => shared.ready(ipc));
      return {
        namespaces: { ipc: { path: namespace }, mount: 'own' },
        mounts: [{ source: shm, target: '/dev/shm', type: 'bind', isReadOnly: false }],
      };
    },
    cleanup: async (containerId) => {
      const ownerId = members.remove(containerId);
      if (ownerId === undefined) return;
      await turns.run(ownerId, async () => {
        if (!members.has(ownerId)) await shared.remove(ownerId);
      });
    },
  };
};

const ownIpc = (container: ContainerConfig['container']): Preparation | undefined => {
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
};
