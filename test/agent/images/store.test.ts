import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ImageCollector } from '../../../src/agent/images/image-collector.ts';
import { DEFAULT_IMAGE_GC, parseImageGcConfig } from '../../../src/agent/images/image-gc-config.ts';
import { ImageRecords } from '../../../src/agent/images/image-records.ts';
import { LayerStore } from '../../../src/agent/images/layer-store.ts';
import { LayerUse } from '../../../src/agent/images/layer-use.ts';
import { DEFAULT_LIMITS } from '../../../src/registry/image-limits.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { buildImage } from '../../support/registry/build-image.ts';
import { temporaryFolder } from '../test-agent.ts';
import { isRoot, testProvisioner, testRegistry } from './provision.ts';

const BASE = [{ path: 'base', content: 'base' }];
const app = (name: string) => buildImage({ layers: [BASE, [{ path: 'name', content: name }]] });

const mountsBelow = (folder: string): string[] =>
  readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes(folder));

describe('what is stored', () => {
  it('is there after a restart, root folders of known containers included', async () => {
    const registry = await testRegistry();
    registry.push('some/app:1', app('one'));
    const test = await testProvisioner();
    const name = `${registry.host}/some/app:1`;
    const { rootfs } = await test.provision(name, { containerId: 'lives' });
    writeFileSync(join(rootfs, 'written'), 'by the container');
    const other = await test.provision(name, { containerId: 'gone' });
    await test.restart(['lives']);
    expect(readFileSync(join(rootfs, 'written'), 'utf8')).toBe('by the container');
    expect(existsSync(other.rootfs)).toBe(false);
    await test.provision(name);
    expect(registry.count('manifests')).toBe(1);
  });

  it.runIf(isRoot)('takes back whatever was mounted', async () => {
    const registry = await testRegistry();
    registry.push('some/app:1', app('one'));
    const test = await testProvisioner({ backend: 'overlay' });
    await test.provision(`${registry.host}/some/app:1`, { containerId: 'c' });
    expect(mountsBelow(test.folder)).toHaveLength(1);
    await test.provisioner.release('c');
    await test.provisioner.release('c');
    expect(mountsBelow(test.folder)).toEqual([]);
    expect(readdirSync(join(test.folder, 'provisioner', 'containers'))).toEqual([]);
  });

  it('starts over for a container that is provisioned again', async () => {
    const registry = await testRegistry();
    registry.push('some/app:1', app('one'));
    const test = await testProvisioner();
    const name = `${registry.host}/some/app:1`;
    const first = await test.provision(name, { containerId: 'c' });
    writeFileSync(join(first.rootfs, 'written'), '');
    const second = await test.provision(name, { containerId: 'c' });
    expect(existsSync(join(second.rootfs, 'written'))).toBe(false);
  });

  it('does not hold what a crash left half done', async () => {
    const registry = await testRegistry();
    registry.push('some/app:1', app('one'));
    const test = await testProvisioner();
    await test.provision(`${registry.host}/some/app:1`);
    const store = join(test.folder, 'store');
    const stray = join(store, 'layers', `sha256-${'b'.repeat(64)}`);
    mkdirSync(join(stray, 'fs'), { recursive: true });
    mkdirSync(join(store, 'staging', 'half'), { recursive: true });
    writeFileSync(join(store, 'images', 'broken'), '{"key":');
    await test.restart([]);
    expect(existsSync(stray)).toBe(false);
    expect(existsSync(join(store, 'staging'))).toBe(false);
    expect(readdirSync(join(store, 'images'))).toHaveLength(1);
    expect(readdirSync(join(store, 'layers'))).toHaveLength(2);
  });

  it('pulls again what somebody has removed', async () => {
    const registry = await testRegistry();
    const image = app('one');
    registry.push('some/app:1', image);
    const test = await testProvisioner();
    const name = `${registry.host}/some/app:1`;
    await test.provision(name);
    const layer = join(test.folder, 'store', 'layers', (image.diffIds[1] ?? '').replace(':', '-'));
    rmSync(layer, { recursive: true });
    await test.provision(name);
    expect(existsSync(layer)).toBe(true);
  });

  it('refuses containers whose id is no name for a folder', async () => {
    const registry = await testRegistry();
    registry.push('some/app:1', app('one'));
    const { provision } = await testProvisioner();
    for (const containerId of ['../x', '..', 'a/b', '']) {
      await expect(provision(`${registry.host}/some/app:1`, { containerId })).rejects.toThrow(
        'name of a folder',
      );
    }
  });
});

describe('images that nobody uses', () => {
  it('go when they are pruned, without those that are excluded or in use, and layers that others have', async () => {
    const registry = await testRegistry();
    for (const name of ['a', 'b', 'c']) registry.push(`some/${name}:1`, app(name));
    const test = await testProvisioner();
    const nameOf = (name: string) => `${registry.host}/some/${name}:1`;
    const a = await test.provision(nameOf('a'), { containerId: 'uses-a' });
    for (const name of ['b', 'c']) {
      await test.provision(nameOf(name), { containerId: name });
      await test.provisioner.release(name);
    }
    await test.provisioner.prune([nameOf('c')]);
    expect(readdirSync(join(test.folder, 'store', 'layers'))).toHaveLength(3);
    expect(readdirSync(join(test.folder, 'store', 'images'))).toHaveLength(2);
    expect(readFileSync(join(a.rootfs, 'name'), 'utf8')).toBe('a');
    await test.provision(nameOf('b'));
    expect(registry.count('some/b/manifests')).toBe(2);
    expect(registry.count('some/a/blobs') + registry.count('some/b/blobs')).toBe(3 + 2 + 2);
  });

  const collected = async (options: { usage: () => number; ageMs: number }) => {
    const folder = await temporaryFolder();
    const records = new ImageRecords(folder);
    const clock = new VirtualClock(0);
    for (const [index, key] of ['old', 'newer', 'newest'].entries()) {
      const config = { entrypoint: [], cmd: [], env: {}, user: undefined, workingDir: undefined };
      const diffIds = [`sha256:${String(index).repeat(64)}`];
      records.put({ key, digest: '', config, diffIds }, index);
    }
    const use = new LayerUse();
    use.hold('container', [`sha256:${'0'.repeat(64)}`]);
    const collector = new ImageCollector({
      folder,
      records,
      store: new LayerStore(folder, DEFAULT_LIMITS),
      use,
      config: DEFAULT_IMAGE_GC,
      clock,
      log: silentLog,
      usage: async () => options.usage(),
    });
    clock.advance(options.ageMs);
    await collector.collect();
    collector.close();
    return records.list().map(({ record }) => record.key);
  };

  it('stay while there is room and they are not old', async () => {
    expect(await collected({ usage: () => 0.5, ageMs: 1_000 })).toEqual(['old', 'newer', 'newest']);
  });

  it('go the longest unused first until there is room, but never one in use', async () => {
    // Asked once for the age, then before each image.
    const answers = [0.85, 0.95, 0.95, 0.85];
    expect(await collected({ usage: () => answers.shift() ?? 0.85, ageMs: 1_000 })).toEqual([
      'old',
      'newest',
    ]);
    expect(await collected({ usage: () => 0.95, ageMs: 1_000 })).toEqual(['old']);
  });

  it('go when they are old, the sooner the fuller the disk is', async () => {
    const day = 24 * 3_600_000;
    expect(await collected({ usage: () => 0.1, ageMs: 5 * day })).toEqual(['old', 'newer', 'newest']);
    expect(await collected({ usage: () => 0.5, ageMs: 5 * day })).toEqual(['old']);
  });
});

describe('the image GC config', () => {
  it("is read in Mesos' form", () => {
    const text = JSON.stringify({
      image_disk_headroom: 0.2,
      image_disk_watch_interval: { nanoseconds: 60e9 },
      excluded_images: [{ type: 'DOCKER', docker: { name: 'nginx' } }],
    });
    expect(parseImageGcConfig(text, 'https://registry-1.docker.io')).toMatchObject({
      headroom: 0.2,
      watchIntervalMs: 60_000,
      excluded: ['registry-1.docker.io/library/nginx:latest'],
    });
  });

  it.each([['no JSON'], ['{"image_disk_headroom":2}'], ['{"image_disk_watch_interval":{"nanoseconds":0}}']])(
    'refuses %s',
    (text) => {
      expect(() => parseImageGcConfig(text, 'https://registry-1.docker.io')).toThrow(/image/);
    },
  );
});
