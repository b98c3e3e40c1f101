import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend } from '../../../src/agent/images/container-roots.ts';
import { DEFAULT_IMAGE_GC, type ImageGcConfig } from '../../../src/agent/images/image-gc-config.ts';
import { ImageProvisioner } from '../../../src/agent/images/image-provisioner.ts';
import type { ProvisionedImage } from '../../../src/agent/images/provisioner.ts';
import type { Image } from '../../../src/mesos/generated/mesos.ts';
import type { DockerConfig } from '../../../src/registry/docker-config.ts';
import type { ImageLimits } from '../../../src/registry/image-limits.ts';
import { type Clock, systemClock } from '../../../src/runtime/clock.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import {
  type RegistryLogin,
  startTestRegistry,
  type TestRegistry,
} from '../../support/registry/test-registry.ts';
import { onTestEnd, temporaryFolder } from '../test-agent.ts';

export const isRoot = process.getuid?.() === 0;

export interface TestProvisioner {
  readonly folder: string;
  provisioner: ImageProvisioner;
  /** Provisions an image by its name; the container's id is made up unless it is given. */
  provision(
    name: string,
    options?: { containerId?: string; signal?: AbortSignal; image?: Partial<Image> },
  ): Promise<ProvisionedImage>;
  /** As after a restart of the agent, of which these containers still run. */
  restart(containerIds: readonly string[]): Promise<void>;
}

export interface TestProvisionerOptions {
  backend?: Backend;
  limits?: Partial<ImageLimits>;
  dockerConfig?: DockerConfig;
  defaultRegistry?: string;
  gc?: ImageGcConfig;
  clock?: Clock;
}

/** Quick to give up, so that tests of what goes wrong do not wait. */
const IMPATIENT = { retryMs: 1, answerMs: 30_000 };

let count = 0;

/** A provisioner over a folder of its own; whatever it has mounted is unmounted when the test ends. */
export const testProvisioner = async (options: TestProvisionerOptions = {}): Promise<TestProvisioner> => {
  const folder = await temporaryFolder();
  const start = (): ImageProvisioner =>
    new ImageProvisioner({
      storeFolder: join(folder, 'store'),
      containersFolder: join(folder, 'provisioner'),
      clock: systemClock,
      log: silentLog,
      gc: DEFAULT_IMAGE_GC,
      ...options,
      limits: { ...IMPATIENT, ...options.limits },
    });
  mkdirSync(join(folder, 'provisioner'), { recursive: true });
  const test: TestProvisioner = {
    folder,
    provisioner: start(),
    provision: (name, { containerId, signal, image } = {}) => {
      count++;
      return test.provisioner.provision({
        containerId: containerId ?? `container-${count}`,
        image: { type: 'DOCKER', docker: { name }, ...image },
        signal: signal ?? new AbortController().signal,
      });
    },
    restart: async (containerIds) => {
      test.provisioner.close();
      test.provisioner = start();
      await test.provisioner.recover(containerIds);
    },
  };
  onTestEnd(async () => {
    await test.restart([]);
    test.provisioner.close();
  });
  return test;
};

/** A registry that ends with the test. */
export const testRegistry = async (login?: RegistryLogin): Promise<TestRegistry> => {
  const registry = await startTestRegistry(login);
  onTestEnd(() => registry.close());
  return registry;
};
