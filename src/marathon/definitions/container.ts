import type { PortMapping } from './network.ts';

export type VolumeMode = 'RO' | 'RW';

/** A folder of the agent. */
export interface HostVolume {
  readonly containerPath: string;
  readonly hostPath: string;
  readonly mode: VolumeMode;
}

/** Reserved disk that outlives its task; it makes an app resident. Sizes in MiB. */
export interface PersistentVolume {
  readonly containerPath: string;
  readonly mode: VolumeMode;
  readonly persistent: {
    readonly type: 'root' | 'path' | 'mount';
    readonly size: number;
    readonly maxSize?: number;
    readonly profileName?: string;
    readonly constraints: readonly (readonly [field: string, operator: 'LIKE' | 'UNLIKE', value: string])[];
  };
}

export interface DvdiVolumeInfo {
  readonly name: string;
  readonly provider: 'dvdi';
  /** GiB. */
  readonly size?: number;
  readonly shared: boolean;
  readonly options: Readonly<Record<string, string>>;
}

export type CsiAccessMode =
  | 'SINGLE_NODE_WRITER'
  | 'SINGLE_NODE_READER_ONLY'
  | 'MULTI_NODE_READER_ONLY'
  | 'MULTI_NODE_SINGLE_WRITER'
  | 'MULTI_NODE_MULTI_WRITER';

export interface CsiVolumeInfo {
  readonly name: string;
  readonly provider: 'csi';
  readonly options: {
    readonly pluginName: string;
    readonly capability: {
      readonly accessMode: CsiAccessMode;
      readonly accessType: 'block' | 'mount';
      readonly fsType?: string;
      readonly mountFlags?: readonly string[];
    };
    readonly nodeStageSecret?: Readonly<Record<string, string>>;
    readonly nodePublishSecret?: Readonly<Record<string, string>>;
    readonly volumeContext?: Readonly<Record<string, string>>;
  };
}

/** A volume that somebody else provides. */
export interface ExternalVolume {
  readonly containerPath: string;
  readonly mode: VolumeMode;
  readonly external: DvdiVolumeInfo | CsiVolumeInfo;
}

/** A file that holds a secret; `secret` names one of the app's `secrets`. */
export interface SecretVolume {
  readonly containerPath: string;
  readonly secret: string;
}

export type Volume = HostVolume | PersistentVolume | ExternalVolume | SecretVolume;

export interface DockerImage {
  readonly image: string;
  readonly forcePullImage: boolean;
  /** DOCKER only. */
  readonly privileged: boolean;
  /** DOCKER only: `docker run --key=value`. */
  readonly parameters: readonly { readonly key: string; readonly value: string }[];
  /** MESOS only. */
  readonly pullConfig?: { readonly secret: string };
}

export interface LinuxInfo {
  readonly seccomp?: { readonly profileName?: string; readonly unconfined: boolean };
  readonly ipcInfo?: { readonly mode: 'PRIVATE' | 'SHARE_PARENT'; readonly shmSize?: number };
}

/** The container of an app (marathon.md 2.3). */
export interface Container {
  readonly type: 'DOCKER' | 'MESOS';
  readonly docker?: DockerImage;
  readonly linuxInfo?: LinuxInfo;
  readonly volumes: readonly Volume[];
  /** With every network but the host's, and then always; undefined with host networking. */
  readonly portMappings?: readonly PortMapping[];
}

export const isPersistentVolume = (volume: Volume): volume is PersistentVolume => 'persistent' in volume;
export const isExternalVolume = (volume: Volume): volume is ExternalVolume => 'external' in volume;
export const isHostVolume = (volume: Volume): volume is HostVolume => 'hostPath' in volume;
export const isSecretVolume = (volume: Volume): volume is SecretVolume => 'secret' in volume;
