import { ImageError } from '../../registry/image-error.ts';
import { parseImageReference, referenceKey } from '../../registry/image-reference.ts';
import { isRecord } from '../../registry/manifest.ts';

/** When images go (mesos.md 6.5, --image_gc_config). */
export interface ImageGcConfig {
  /** The share of the disk that is to stay free. */
  readonly headroom: number;
  readonly watchIntervalMs: number;
  /** Keys of images that stay. */
  readonly excluded: readonly string[];
  /** After so long without use an image goes, with a disk that is nearly empty. */
  readonly maxAgeMs: number;
}

const WEEK_MS = 7 * 24 * 3_600_000;

export const DEFAULT_IMAGE_GC: ImageGcConfig = {
  headroom: 0.1,
  watchIntervalMs: 3_600_000,
  excluded: [],
  maxAgeMs: WEEK_MS,
};

/** Reads the flag: JSON with `image_disk_headroom`, `image_disk_watch_interval{nanoseconds}` and `excluded_images`. */
export const parseImageGcConfig = (text: string, defaultRegistry: string): ImageGcConfig => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ImageError('The image GC config is not valid JSON');
  }
  const { image_disk_headroom, image_disk_watch_interval, excluded_images } = isRecord(value) ? value : {};
  const { nanoseconds } = isRecord(image_disk_watch_interval) ? image_disk_watch_interval : {};
  const headroom = image_disk_headroom ?? DEFAULT_IMAGE_GC.headroom;
  if (typeof headroom !== 'number' || !(headroom >= 0 && headroom <= 1)) {
    throw new ImageError('image_disk_headroom takes a number from 0 to 1');
  }
  const intervalNs = nanoseconds ?? DEFAULT_IMAGE_GC.watchIntervalMs * 1e6;
  if (typeof intervalNs !== 'number' || !(intervalNs >= 1e9)) {
    throw new ImageError('image_disk_watch_interval takes nanoseconds, a second at least');
  }
  return {
    ...DEFAULT_IMAGE_GC,
    headroom,
    watchIntervalMs: intervalNs / 1e6,
    excluded: (Array.isArray(excluded_images) ? excluded_images : []).flatMap((image) => {
      const { docker } = isRecord(image) ? image : {};
      const { name } = isRecord(docker) ? docker : {};
      return typeof name === 'string' ? [referenceKey(parseImageReference(name, defaultRegistry))] : [];
    }),
  };
};
