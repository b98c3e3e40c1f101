import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildImage, sha256 } from '../../support/registry/build-image.ts';
import { waitFor } from '../../support/wait-for.ts';
import { testProvisioner, testRegistry } from './provision.ts';

const BASE = [
  { path: 'etc', type: 'Directory' as const },
  { path: 'etc/os-release', content: 'NAME=Small\n' },
];
const small = buildImage({
  layers: [BASE],
  config: {
    Entrypoint: ['/bin/app'],
    Cmd: ['--fast'],
    Env: ['A=1', 'B=x=y'],
    User: 'web',
    WorkingDir: '/srv',
  },
});

const largestIn = (folder: string): number =>
  Math.max(0, ...readdirSync(folder).map((name) => statSync(join(folder, name)).size));

describe('pulling an image', () => {
  it('makes a root folder, and says how the image is run', async () => {
    const registry = await testRegistry();
    registry.push('some/app:1', small);
    const { provision } = await testProvisioner();
    const { rootfs, config } = await provision(`${registry.host}/some/app:1`);
    expect(readFileSync(join(rootfs, 'etc/os-release'), 'utf8')).toBe('NAME=Small\n');
    expect(config).toEqual({
      entrypoint: ['/bin/app'],
      cmd: ['--fast'],
      env: { A: '1', B: 'x=y' },
      user: 'web',
      workingDir: '/srv',
    });
  });

  it('takes manifests of both formats', async () => {
    const registry = await testRegistry();
    registry.push('some/app:docker', buildImage({ layers: [BASE], format: 'docker' }));
    registry.push('some/app:oci', buildImage({ layers: [BASE], format: 'oci' }));
    const { provision } = await testProvisioner();
    for (const tag of ['docker', 'oci']) {
      const { rootfs } = await provision(`${registry.host}/some/app:${tag}`);
      expect(existsSync(join(rootfs, 'etc/os-release'))).toBe(true);
    }
  });

  it('finds latest when no tag is given, and an image by its digest', async () => {
    const registry = await testRegistry();
    registry.push('some/app', small);
    const { provision } = await testProvisioner();
    await provision(`${registry.host}/some/app`);
    await provision(`${registry.host}/some/app@${sha256(small.manifest)}`);
    expect(registry.count(`manifests/${sha256(small.manifest)}`)).toBe(1);
  });

  it('chooses the image of an index that runs on this machine', async () => {
    const registry = await testRegistry();
    const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
    const other = buildImage({ layers: [[{ path: 'other', content: 'x' }]] });
    registry.pushIndex('some/app:1', [
      { image: other, platform: { os: 'windows', architecture } },
      { image: other, platform: { os: 'linux', architecture: 's390x' } },
      { image: small, platform: { os: 'linux', architecture } },
    ]);
    const { provision } = await testProvisioner();
    const { rootfs } = await provision(`${registry.host}/some/app:1`);
    expect(existsSync(join(rootfs, 'etc/os-release'))).toBe(true);
  });

  it('says for what an image is built that does not run here', async () => {
    const registry = await testRegistry();
    registry.pushIndex('some/app:1', [
      { image: small, platform: { os: 'linux', architecture: 'mips', variant: 'v9' } },
    ]);
    const { provision } = await testProvisioner();
    await expect(provision(`${registry.host}/some/app:1`)).rejects.toThrow(
      /is not built for linux\/\w+, but for linux\/mips\/v9/,
    );
  });

  it('asks the default registry for names without a host', async () => {
    const registry = await testRegistry();
    registry.push('app:2', small);
    const { provision } = await testProvisioner({ defaultRegistry: `http://${registry.host}` });
    await provision('app:2');
    expect(registry.count('/v2/app/manifests/2')).toBe(1);
  });

  it('pulls an image once, and again only when it must not come from the store', async () => {
    const registry = await testRegistry();
    registry.push('some/app:1', small);
    const { provision } = await testProvisioner();
    const name = `${registry.host}/some/app:1`;
    await provision(name);
    await provision(name);
    expect(registry.count('manifests/1')).toBe(1);
    await provision(name, { image: { type: 'DOCKER', docker: { name }, cached: false } });
    expect(registry.count('manifests/1')).toBe(2);
    // The layer has not changed, and is there.
    expect(registry.count(`blobs/${sha256(small.layers[0] ?? '')}`)).toBe(1);
  });

  it('shares layers between images, also those that are on their way', async () => {
    const registry = await testRegistry();
    const top = (content: string) => buildImage({ layers: [BASE, [{ path: 'top', content }]] });
    const images = ['a', 'b', 'c', 'd'].map((name) => ({ name, image: top(name) }));
    for (const { name, image } of images) registry.push(`some/${name}:1`, image);
    const { provision } = await testProvisioner();
    const roots = await Promise.all(images.map(({ name }) => provision(`${registry.host}/some/${name}:1`)));
    expect(roots.map(({ rootfs }) => readFileSync(join(rootfs, 'top'), 'utf8'))).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
    expect(registry.count(`blobs/${sha256(images[0]?.image.layers[0] ?? '')}`)).toBe(1);
  });

  it('goes on for others when one of those who wait for the same image is killed', async () => {
    const registry = await testRegistry();
    registry.push('some/app:1', small);
    let letGo = (): void => undefined;
    registry.fault = (request, response) => {
      if (!request.url?.includes('blobs')) return false;
      registry.fault = () => false;
      letGo = () => response.writeHead(302, { Location: request.url ?? '' }).end();
      return true;
    };
    const { provision } = await testProvisioner();
    const killed = new AbortController();
    const first = provision(`${registry.host}/some/app:1`, { signal: killed.signal });
    const second = provision(`${registry.host}/some/app:1`);
    await waitFor('a request for a blob', () => registry.count('blobs') > 0);
    killed.abort(new Error('Killed'));
    await expect(first).rejects.toThrow('Killed');
    letGo();
    expect(existsSync((await second).rootfs)).toBe(true);
  });

  it('ends the download when nobody wants it any more, and leaves nothing of it', async () => {
    const registry = await testRegistry();
    registry.push('some/app:1', small);
    registry.fault = (request, response) => {
      if (!request.url?.includes(`blobs/${sha256(small.layers[0] ?? '')}`)) return false;
      response.writeHead(200).write('begins');
      return true;
    };
    const { provision, folder } = await testProvisioner();
    const killed = new AbortController();
    const pulled = provision(`${registry.host}/some/app:1`, { signal: killed.signal });
    await waitFor(
      'a request for the layer',
      () => registry.count(`blobs/${sha256(small.layers[0] ?? '')}`) > 0,
    );
    killed.abort(new Error('Killed'));
    await expect(pulled).rejects.toThrow('Killed');
    expect(readdirSync(join(folder, 'store', 'staging'))).toEqual([]);
  });

  it('takes a broken download up where it broke', async () => {
    const content = Buffer.alloc(300_000, 'some bytes ');
    const image = buildImage({ layers: [[{ path: 'big', content }]], compress: (tar) => tar });
    const layer = image.layers[0] ?? Buffer.alloc(0);
    const registry = await testRegistry();
    registry.push('some/app:1', image);
    const ranges: (string | undefined)[] = [];
    registry.fault = (request, response) => {
      if (!request.url?.includes(`blobs/${sha256(layer)}`)) return false;
      ranges.push(request.headers.range);
      if (ranges.length > 2) return false;
      const from = Number(/\d+/.exec(request.headers.range ?? '0')?.[0]);
      response.writeHead(from === 0 ? 200 : 206, {
        'Content-Length': layer.length - from,
        ...(from === 0 ? {} : { 'Content-Range': `bytes ${from}-${layer.length - 1}/${layer.length}` }),
      });
      response.write(layer.subarray(from, from + 100_000));
      void waitFor('something of the layer', () => largestIn(staging) > from).then(() => response.destroy());
      return true;
    };
    const { provision, folder } = await testProvisioner();
    const staging = join(folder, 'store', 'staging');
    const { rootfs } = await provision(`${registry.host}/some/app:1`);
    expect(statSync(join(rootfs, 'big')).size).toBe(content.length);
    expect(ranges[0]).toBeUndefined();
    expect(ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it('begins anew at a registry that knows no ranges', async () => {
    const registry = await testRegistry();
    registry.push('some/app:1', small);
    const layer = small.layers[0] ?? Buffer.alloc(0);
    let answers = 0;
    registry.fault = (request, response) => {
      if (!request.url?.includes(`blobs/${sha256(layer)}`)) return false;
      answers++;
      response.writeHead(200, { 'Content-Length': layer.length });
      if (answers === 1) response.write(layer.subarray(0, 50), () => response.socket?.end());
      else response.end(layer);
      return true;
    };
    const { provision } = await testProvisioner();
    expect(existsSync((await provision(`${registry.host}/some/app:1`)).rootfs)).toBe(true);
  });

  it('waits for a registry that is busy', async () => {
    const registry = await testRegistry();
    registry.push('some/app:1', small);
    let refusals = 0;
    registry.fault = (_request, response) => {
      refusals++;
      if (refusals > 3) return false;
      response.writeHead(refusals === 1 ? 429 : 503, { 'Retry-After': '0' }).end();
      return true;
    };
    const { provision } = await testProvisioner();
    expect(existsSync((await provision(`${registry.host}/some/app:1`)).rootfs)).toBe(true);
  });

  it('follows redirects of blobs without showing the other host what is for the registry', async () => {
    const registry = await testRegistry({ type: 'token' });
    const other = await testRegistry();
    registry.push('some/app:1', small);
    const layer = small.layers[0] ?? Buffer.alloc(0);
    const seen: (string | undefined)[] = [];
    registry.fault = (request, response) => {
      if (!request.url?.includes(`blobs/${sha256(layer)}`)) return false;
      response.writeHead(307, { Location: `http://${other.host}/elsewhere` }).end();
      return true;
    };
    other.fault = (request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(200).end(layer);
      return true;
    };
    const { provision } = await testProvisioner();
    await provision(`${registry.host}/some/app:1`);
    expect(seen).toEqual([undefined]);
  });

  it('refuses an image of another kind, with a reason', async () => {
    const { provision } = await testProvisioner();
    await expect(provision('x', { image: { type: 'APPC', appc: { name: 'x' } } })).rejects.toThrow(
      'This agent runs images of type DOCKER only',
    );
  });

  it('names an image that a registry does not have', async () => {
    const registry = await testRegistry();
    const { provision } = await testProvisioner();
    await expect(provision(`${registry.host}/some/app:9`)).rejects.toThrow(
      `Cannot pull ${registry.host}/some/app:9: ${registry.host} has no some/app:9: manifest unknown`,
    );
  });
});
