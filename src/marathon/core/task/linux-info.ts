import type { LinuxInfo } from '../../../mesos/generated/mesos.ts';
import type { LinuxInfo as LinuxInfoDefinition } from '../../definitions/container.ts';

/** What a container may do, and shares, on Linux. */
export const linuxInfoOf = ({ seccomp, ipcInfo }: LinuxInfoDefinition): LinuxInfo => ({
  ...(seccomp
    ? {
        seccomp: {
          unconfined: seccomp.unconfined,
          ...(seccomp.profileName === undefined ? {} : { profile_name: seccomp.profileName }),
        },
      }
    : {}),
  ...(ipcInfo
    ? {
        ipc_mode: ipcInfo.mode,
        ...(ipcInfo.shmSize === undefined ? {} : { shm_size: ipcInfo.shmSize }),
      }
    : {}),
});
