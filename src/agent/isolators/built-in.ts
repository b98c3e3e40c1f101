import { cgroupsCpu } from './cgroups-cpu.ts';
import { cgroupsDevices } from './cgroups-devices.ts';
import { cgroupsMem } from './cgroups-mem.ts';
import { cgroupsNetCls } from './cgroups-net-cls.ts';
import { cgroupsPids } from './cgroups-pids.ts';
import { diskDu } from './disk-du.ts';
import { dockerRuntime } from './docker-runtime.ts';
import { dockerVolume } from './docker-volume.ts';
import { filesystemLinux } from './filesystem-linux.ts';
import { filesystemPosix } from './filesystem-posix.ts';
import { gpuNvidia } from './gpu-nvidia.ts';
import type { IsolatorFactory } from './isolator.ts';
import { linuxCapabilities } from './linux-capabilities.ts';
import { namespacesIpc } from './namespaces-ipc.ts';
import { namespacesPid } from './namespaces-pid.ts';
import { networkCni } from './network-cni.ts';
import { networkPorts } from './network-ports.ts';
import { posixRlimits } from './posix-rlimits.ts';
import { volumeSecret } from './volume-secret.ts';

/** Figures of what is used come from a look at all processes; there is nothing that limits it. */
const measuredOnly =
  (name: string): IsolatorFactory =>
  () => ({ name });

/** The isolators that come with the agent, by their names in --isolation. */
export const BUILT_IN_ISOLATORS: Readonly<Record<string, IsolatorFactory>> = {
  'posix/cpu': measuredOnly('posix/cpu'),
  'posix/mem': measuredOnly('posix/mem'),
  'posix/rlimits': posixRlimits,
  'cgroups/cpu': cgroupsCpu,
  'cgroups/mem': cgroupsMem,
  'cgroups/net_cls': cgroupsNetCls,
  'cgroups/pids': cgroupsPids,
  'cgroups/devices': cgroupsDevices,
  'disk/du': diskDu,
  'docker/runtime': dockerRuntime,
  'docker/volume': dockerVolume,
  'filesystem/linux': filesystemLinux,
  'filesystem/posix': filesystemPosix,
  'gpu/nvidia': gpuNvidia,
  'linux/capabilities': linuxCapabilities,
  'namespaces/ipc': namespacesIpc,
  'namespaces/pid': namespacesPid,
  'network/cni': networkCni,
  'network/ports': networkPorts,
  'volume/secret': volumeSecret,
};
