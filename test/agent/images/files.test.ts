import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  type BuiltImage,
  buildImage,
  layoutOf,
  saveImage,
  tarOf,
} from '../../support/registry/build-image.ts';
import { temporaryFolder } from '../test-agent.ts';
import { testProvisioner } from './provision.ts';

const image = buildImage({ layers: [[{ path: 'a', content: 'one' }], [{ path: 'b', content: 'two' }]] });

const writeLayout = (folder: string, built: BuiltImage, name?: string): void => {
  for (const [path, bytes] of Object.entries(layoutOf(built, name))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
};

describe('an image in a file', () => {
  it('may be what docker save writes, packed or not', async () => {
    const { provision, folder } = await testProvisioner();
    const saved = saveImage(image, ['some/app:1']);
    writeFileSync(join(folder, 'app.tar'), saved);
    writeFileSync(join(folder, 'app.tar.gz'), gzipSync(saved));
    for (const name of ['app.tar', 'app.tar.gz', 'app.tar#some/app:1']) {
      const { rootfs } = await provision(`file:${join(folder, name)}`);
      expect(readFileSync(join(rootfs, 'b'), 'utf8')).toBe('two');
    }
  });

  it('may be a folder or an archive of the OCI layout', async () => {
    const { provision, folder } = await testProvisioner();
    const layout = join(folder, 'layout');
    writeLayout(layout, image);
    const archive = tarOf(Object.entries(layoutOf(image)).map(([path, content]) => ({ path, content })));
    writeFileSync(join(folder, 'layout.tar'), archive);
    for (const name of ['layout', 'layout.tar']) {
      const { rootfs } = await provision(`file://${join(folder, name)}`);
      expect(readFileSync(join(rootfs, 'a'), 'utf8')).toBe('one');
    }
  });

  it('is read again when it is another one', async () => {
    const { provision, provisioner, folder } = await testProvisioner();
    const path = join(folder, 'app.tar');
    writeFileSync(path, saveImage(image, ['some/app:1']));
    await provision(`file:${path}`, { containerId: 'first' });
    const rebuilt = buildImage({ layers: [[{ path: 'a', content: 'rebuilt' }]] });
    writeFileSync(path, saveImage(rebuilt, ['some/app:1']));
    const { rootfs } = await provision(`file:${path}`, { containerId: 'second' });
    expect(readFileSync(join(rootfs, 'a'), 'utf8')).toBe('rebuilt');
    for (const id of ['first', 'second']) await provisioner.release(id);
    await provisioner.prune([`file:${path}`]);
    expect(readdirSync(join(folder, 'store', 'layers'))).toHaveLength(1);
  });

  it('is found by its name in the folder that stands for the registry', async () => {
    const registry = await temporaryFolder();
    writeFileSync(join(registry, 'app:latest.tar'), saveImage(image, ['app:latest']));
    const { provision } = await testProvisioner({ defaultRegistry: registry });
    expect(existsSync((await provision('app')).rootfs)).toBe(true);
  });

  it('may share layers by links, as older programs wrote it', async () => {
    const { provision, folder } = await testProvisioner();
    const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = image.layers;
    const archive = tarOf([
      { path: 'one/layer.tar', content: first },
      { path: 'two/layer.tar', type: 'SymbolicLink', linkpath: '../one/layer.tar' },
      { path: 'three/layer.tar', content: second },
      { path: 'c.json', content: image.config },
      {
        path: 'manifest.json',
        content: JSON.stringify([{ Config: 'c.json', Layers: ['two/layer.tar', 'three/layer.tar'] }]),
      },
    ]);
    writeFileSync(join(folder, 'app.tar'), archive);
    expect(existsSync((await provision(`file:${join(folder, 'app.tar')}`)).rootfs)).toBe(true);
  });

  it('that holds several has to be told which', async () => {
    const { provision, folder } = await testProvisioner();
    const other = buildImage({ layers: [[{ path: 'other', content: '' }]] });
    const entries = [image, other].flatMap((built, index) =>
      [built.config, ...built.layers].map((content, part) => ({ path: `${index}-${part}`, content })),
    );
    const manifest = [
      { Config: '0-0', RepoTags: ['some/app:1'], Layers: ['0-1', '0-2'] },
      { Config: '1-0', RepoTags: ['some/app:2'], Layers: ['1-1'] },
    ];
    const path = join(folder, 'both.tar');
    writeFileSync(path, tarOf([...entries, { path: 'manifest.json', content: JSON.stringify(manifest) }]));
    await expect(provision(`file:${path}`)).rejects.toThrow(
      'holds 2 images: say which with #NAME; it holds some/app:1, some/app:2',
    );
    const { rootfs } = await provision(`file:${path}#some/app:2`);
    expect(existsSync(join(rootfs, 'other'))).toBe(true);
  });

  it.each([
    ['is not there', 'missing.tar', undefined, 'there is no such file'],
    ['is something else', 'text', Buffer.alloc(2000, 'text'), 'neither a tar archive nor a folder'],
    ['is an archive of something else', 'x.tar', tarOf([{ path: 'x', content: 'x' }]), 'no file index.json'],
    [
      'lacks a layer',
      'y.tar',
      tarOf([
        { path: 'manifest.json', content: '[{"Config":"c","Layers":["l1","l2"]}]' },
        { path: 'c', content: image.config },
      ]),
      'no file l1',
    ],
  ])('that %s is refused', async (_what, name, bytes, reason) => {
    const { provision, folder } = await testProvisioner();
    if (bytes) writeFileSync(join(folder, name), bytes);
    await expect(provision(`file:${join(folder, name)}`)).rejects.toThrow(reason);
  });

  it('cannot lead out of its folder by links', async () => {
    const { provision, folder } = await testProvisioner();
    const layout = join(folder, 'layout');
    writeLayout(layout, image);
    writeFileSync(join(folder, 'secret'), '{}');
    const { manifests } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));
    const blob = join(layout, 'blobs', manifests[0].digest.replace(':', '/'));
    symlinkSync(join(folder, 'secret'), `${blob}.link`);
    renameSync(`${blob}.link`, blob);
    await expect(provision(`file:${layout}`)).rejects.toThrow("lies outside of the image's folder");
  });
});
