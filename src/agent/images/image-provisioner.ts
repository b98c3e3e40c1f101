import type { Image } from '../../mesos/generated/mesos.ts';
import { digestOf } from '../../registry/digest.ts';
import { credentialsFor, type DockerConfig, parseDockerConfig } from '../../registry/docker-config.ts';
import { ImageError } from '../../registry/image-error.ts';
import { DEFAULT_LIMITS, type ImageLimits } from '../../registry/image-limits.ts';
import {
  DEFAULT_REGISTRY,
  type ImageReference,
  parseImageReference,
  referenceKey,
} from '../../registry/image-reference.ts';
import type { Clock } from '../../runtime/clock.ts';
import { DurationHistory } from '../../runtime/duration-history.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Log } from '../../runtime/log.ts';
import { type Backend, ContainerRoots } from './container-roots.ts';
import { findInFile } from './file-source.ts';
import { ImageCollector } from './image-collector.ts';
import type { ImageGcConfig } from './image-gc-config.ts';
import { type ImageRecord, ImageRecords } from './image-records.ts';
import type { FoundImage } from './image-source.ts';
import { LayerStore, type StoredLayer } from './layer-store.ts';
import { LayerUse } from './layer-use.ts';
import type { ProvisionedImage, Provisioner, ProvisionOptions } from './provisioner.ts';
import { pullImage } from './pull-image.ts';
import { findInRegistry } from './registry-source.ts';
import { SharedWork, Turns } from './shared-work.ts';

export interface ImageProvisionerOptions {
  /** Where layers and images are kept (--docker-store-dir); one agent's alone. */
  readonly storeFolder: string;
  /** Where the root folders of containers are. */
  readonly containersFolder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly gc: ImageGcConfig;
  /** A URL or a folder. */
  readonly defaultRegistry?: string;
  readonly dockerConfig?: DockerConfig;
  /** Registries, HOST or HOST:PORT, that may be asked without TLS. */
  readonly insecureRegistries?: readonly string[];
  readonly backend?: Backend;
  readonly limits?: Partial<ImageLimits>;
}

/** Layers that are pulled at a time, of all images together. */
const PARALLEL_LAYERS = 3;
const HOUR_MS = 3_600_000;

/** Makes root folders from images of registries and of files, without a container engine (mesos.md 6.5). */
export class ImageProvisioner implements Provisioner {
  readonly #options: ImageProvisionerOptions;
  readonly #limits: ImageLimits;
  readonly #store: LayerStore;
  readonly #use = new LayerUse();
  readonly #records: ImageRecords;
  readonly #roots: ContainerRoots;
  readonly #collector: ImageCollector;
  readonly #pulls = new SharedWork<ImageRecord>();
  readonly #layers = new SharedWork<void>();
  readonly #turns = new Turns(PARALLEL_LAYERS);
  readonly #pullTimes = new DurationHistory(HOUR_MS);
  readonly #closed = new AbortController();

  constructor(options: ImageProvisionerOptions) {
    const { storeFolder, containersFolder, log, clock } = options;
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#store = new LayerStore(storeFolder, this.#limits);
    this.#records = new ImageRecords(storeFolder);
    this.#roots = new ContainerRoots({
      folder: containersFolder,
      backend: options.backend ?? 'auto',
      store: this.#store,
      use: this.#use,
      log,
    });
    this.#collector = new ImageCollector({
      folder: storeFolder,
      records: this.#records,
      store: this.#store,
      use: this.#use,
      config: options.gc,
      clock,
      log,
    });
  }

  async provision(options: ProvisionOptions): Promise<ProvisionedImage> {
    const { containerId, image, onProgress = () => undefined } = options;
    const signal = AbortSignal.any([options.signal, this.#closed.signal]);
    const name = nameOf(image);
    const reference = parseImageReference(name, this.#options.defaultRegistry ?? DEFAULT_REGISTRY);
    const key = referenceKey(reference);
    // A file may be another one by now, and to look costs little: its layers are stored by what they are.
    const isAsked = image.cached === false || reference.type === 'file';
    const stored = isAsked ? undefined : this.#stored(key);
    const record = stored ?? (await this.#pull(reference, image, { signal, onProgress }));
    // Held at the moment at which it is known to be there, before anything else can happen.
    const layers = this.#layersOf(record);
    this.#use.hold(containerId, record.diffIds);
    this.#records.touch(key, this.#options.clock.now());
    try {
      return { rootfs: await this.#roots.make(containerId, layers, signal), config: record.config };
    } catch (error) {
      this.#use.release(containerId);
      throw error;
    }
  }

  metrics(): Record<string, number> {
    const name = 'containerizer/mesos/provisioner/docker_store/image_pull_ms';
    return this.#pullTimes.metrics(name, this.#options.clock.now());
  }

  release(containerId: string): Promise<void> {
    return this.#roots.remove(containerId);
  }

  async recover(containerIds: readonly string[]): Promise<void> {
    await this.#roots.recover(containerIds);
    const known = this.#records.list().flatMap(({ record }) => record.diffIds);
    const used = (await this.#store.list()).filter((diffId) => this.#use.isUsed(diffId));
    await this.#store.sweep(new Set([...known, ...used]));
  }

  prune(excluded: readonly string[]): Promise<void> {
    const registry = this.#options.defaultRegistry ?? DEFAULT_REGISTRY;
    const keys = excluded.map((name) => referenceKey(parseImageReference(name, registry)));
    return this.#collector.prune([...this.#options.gc.excluded, ...keys]);
  }

  close(): void {
    this.#closed.abort(new Error('The agent stops'));
    this.#collector.close();
  }

  #stored(key: string): ImageRecord | undefined {
    const record = this.#records.get(key);
    return record?.diffIds.every((diffId) => this.#store.has(diffId)) ? record : undefined;
  }

  #layersOf({ diffIds, key }: ImageRecord): StoredLayer[] {
    return diffIds.map((diffId) => {
      const layer = this.#store.get(diffId);
      if (layer) return layer;
      throw new Error(`A layer of the image ${key} is missing`);
    });
  }

  #pull(
    reference: ImageReference,
    image: Image,
    { signal, onProgress }: { signal: AbortSignal; onProgress: (line: string) => void },
  ): Promise<ImageRecord> {
    const { clock, log } = this.#options;
    const startedMs = clock.now();
    const key = referenceKey(reference);
    const secret = secretOf(image);
    // What one may see, another with another login may not.
    const who = secret === undefined ? '' : digestOf(secret).hex;
    return this.#pulls.run(`${key} ${who}`, signal, async (shared) => {
      try {
        const found = await this.#find(reference, secret, shared);
        try {
          const parts = {
            store: this.#store,
            use: this.#use,
            layers: this.#layers,
            turns: this.#turns,
            note: (record: ImageRecord) => this.#records.put(record, clock.now()),
          };
          const record = await pullImage(key, found, parts, { signal: shared, onProgress });
          const ms = clock.now() - startedMs;
          this.#pullTimes.add(ms, clock.now());
          log.info({ image: key, digest: record.digest, ms }, 'pulled an image');
          return record;
        } finally {
          await found.close();
        }
      } catch (error) {
        shared.throwIfAborted();
        const reason = errorMessage(error);
        throw reason.includes(key)
          ? error
          : new ImageError(`Cannot pull ${key}: ${reason}`, { cause: error });
      }
    });
  }

  async #find(
    reference: ImageReference,
    secret: string | undefined,
    signal: AbortSignal,
  ): Promise<FoundImage> {
    if (reference.type === 'file') {
      return findInFile(reference, { limits: this.#limits, scratch: await this.#store.stage(), signal });
    }
    const { dockerConfig = {}, insecureRegistries = [], clock } = this.#options;
    const config = secret === undefined ? dockerConfig : parseDockerConfig(secret, "the image's config");
    return findInRegistry({
      reference,
      credentials: await credentialsFor(config, reference.registry, signal),
      insecure: insecureRegistries,
      clock,
      limits: this.#limits,
      signal,
    });
  }
}

const nameOf = ({ type, docker }: Image): string => {
  if (type !== 'DOCKER' || docker === undefined) {
    throw new ImageError('This agent runs images of type DOCKER only');
  }
  return docker.name;
};

/** The docker config that comes with an image, which is a secret by value. */
const secretOf = ({ docker }: Image): string | undefined => {
  const { config } = docker ?? {};
  if (config === undefined) return undefined;
  if (config.value === undefined)
    throw new ImageError("The secret of the image's config is not given by value");
  return Buffer.from(config.value.data, 'base64').toString('utf8');
};
