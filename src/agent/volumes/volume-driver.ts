/** A volume that is somebody else's: a driver knows where it is, and what its options mean. */
export interface ExternalVolume {
  readonly driver: string;
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
}

/** Who makes external volumes folders of this machine. Both ways reject, for people, when that fails or takes too long. */
export interface VolumeDriver {
  /** Gives the folder. Mounted again it is the same one. */
  mount(volume: ExternalVolume): Promise<string>;
  unmount(volume: ExternalVolume): Promise<void>;
}

/** Tells volumes apart; options do not make another one of it. */
export const volumeKey = ({ driver, name }: Pick<ExternalVolume, 'driver' | 'name'>): string =>
  JSON.stringify([driver, name]);
