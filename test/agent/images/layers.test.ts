import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildImage, type LayerEntry } from '../../support/registry/build-image.ts';
import { isRoot, testProvisioner, testRegistry } from './provision.ts';

const folder = (path: string, more: Partial<LayerEntry> = {}): LayerEntry => ({
  path,
  type: 'Directory',
  ...more,
});
const file = (path: string, content = path): LayerEntry => ({ path, content });

/** Overlays can be mounted by root alone; copies by anybody. */
const BACKENDS = isRoot ? (['overlay', 'copy'] as const) : (['copy'] as const);

const rootOf = async (
  backend: 'overlay' | 'copy',
  layers: readonly (readonly LayerEntry[])[],
  compress?: (tar: Buffer) => Buffer,
): Promise<string> => {
  const registry = await testRegistry();
  registry.push('some/app:1', buildImage({ layers, ...(compress ? { compress } : {}) }));
  const { provision } = await testProvisioner({ backend });
  return (await provision(`${registry.host}/some/app:1`)).rootfs;
};

describe.each(BACKENDS)('the layers of an image, by %s', (backend) => {
  it('lie on top of each other', async () => {
    const root = await rootOf(backend, [
      [folder('etc'), file('etc/a', 'old'), file('etc/b')],
      [folder('etc'), file('etc/a', 'new'), file('etc/c')],
    ]);
    expect(readFileSync(join(root, 'etc/a'), 'utf8')).toBe('new');
    expect(readdirSync(join(root, 'etc')).sort()).toEqual(['a', 'b', 'c']);
  });

  it('remove files and folders of those below them', async () => {
    const root = await rootOf(backend, [
      [folder('a'), file('a/gone'), file('a/stays'), folder('a/b'), file('a/b/deep'), file('top')],
      [folder('a'), file('a/.wh.gone'), file('a/.wh.b'), file('.wh.top')],
    ]);
    expect(readdirSync(join(root, 'a'))).toEqual(['stays']);
    expect(existsSync(join(root, 'top'))).toBe(false);
  });

  it('hide all that is in a folder below, but nothing of their own', async () => {
    const root = await rootOf(backend, [
      [folder('a'), file('a/one'), folder('a/two'), file('a/two/x')],
      [folder('a'), file('a/three')],
      [folder('a'), file('a/new'), file('a/.wh..wh..opq')],
      [folder('a'), file('a/newer')],
    ]);
    expect(readdirSync(join(root, 'a')).sort()).toEqual(['new', 'newer']);
  });

  it('remove a folder as a whole, also when they remove things in it one by one, in whatever order', async () => {
    const below = [folder('a'), file('a/x'), file('a/y'), folder('b'), file('b/x'), file('b/y')];
    const root = await rootOf(backend, [
      below,
      [file('a/.wh.x'), file('.wh.a'), file('.wh.b'), file('b/.wh.x'), file('b/new')],
    ]);
    expect(readdirSync(root)).toEqual(['b']);
    expect(readdirSync(join(root, 'b'))).toEqual(['new']);
  });

  it('replace what a lower layer has by the same name, whatever it is', async () => {
    const root = await rootOf(backend, [
      [folder('a'), file('a/x'), file('b'), { path: 'c', type: 'SymbolicLink', linkpath: 'b' }],
      [file('.wh.a'), file('a', 'a file now'), folder('b'), file('b/y'), folder('c'), file('c/z')],
    ]);
    expect(readFileSync(join(root, 'a'), 'utf8')).toBe('a file now');
    expect(readdirSync(join(root, 'b'))).toEqual(['y']);
    expect(lstatSync(join(root, 'c')).isDirectory()).toBe(true);
  });

  it('keep links of both kinds, modes and times', async () => {
    const root = await rootOf(backend, [
      [
        { ...file('tool'), mode: 0o4755 },
        { path: 'hard', type: 'Link', linkpath: 'tool' },
        { path: 'soft', type: 'SymbolicLink', linkpath: '/no/where' },
        folder('locked', { mode: 0o555 }),
        file('locked/in'),
      ],
    ]);
    const tool = statSync(join(root, 'tool'));
    expect(tool.mode & 0o7777).toBe(0o4755);
    expect(tool.mtimeMs).toBe(1_600_000_000_000);
    expect(statSync(join(root, 'hard')).ino).toBe(tool.ino);
    expect(readlinkSync(join(root, 'soft'))).toBe('/no/where');
    expect(statSync(join(root, 'locked')).mode & 0o777).toBe(0o555);
  });

  it.runIf(isRoot)('keep the owners of files', async () => {
    const root = await rootOf(backend, [
      [folder('home', { uid: 1234, gid: 2345 }), { ...file('home/x'), uid: 1234, gid: 2345 }],
      [file('home/.wh.y')],
    ]);
    for (const path of ['home', 'home/x']) {
      expect(statSync(join(root, path))).toMatchObject({ uid: 1234, gid: 2345 });
    }
  });

  it('leave device nodes out', async () => {
    const root = await rootOf(backend, [[file('a'), { path: 'sda', type: 'BlockDevice' }]]);
    expect(readdirSync(root)).toEqual(['a']);
  });

  it('are not changed by a container that writes to its root folder', async () => {
    const registry = await testRegistry();
    registry.push('some/app:1', buildImage({ layers: [[file('a', 'from the image')]] }));
    const { provision } = await testProvisioner({ backend });
    const first = await provision(`${registry.host}/some/app:1`);
    writeFileSync(join(first.rootfs, 'a'), 'changed');
    const second = await provision(`${registry.host}/some/app:1`);
    expect(readFileSync(join(second.rootfs, 'a'), 'utf8')).toBe('from the image');
  });

  it('may be as many as images have', async () => {
    const layers = Array.from({ length: 100 }, (_, index) => [file(`f${index}`)]);
    expect(readdirSync(await rootOf(backend, layers))).toHaveLength(100);
  });

  it('may be the same one twice', async () => {
    const same = [file('a')];
    expect(readdirSync(await rootOf(backend, [same, [file('b')], same])).sort()).toEqual(['a', 'b']);
  });
});

describe('unpacking a layer', () => {
  it('takes layers that are not compressed, and what gzip and zstd compress', async () => {
    const zstd = spawnSync('zstd', ['--version']).status === 0;
    const ways = [
      (tar: Buffer) => tar,
      ...(zstd ? [(tar: Buffer) => spawnSync('zstd', ['-c'], { input: tar }).stdout] : []),
    ];
    for (const compress of ways) {
      expect(readdirSync(await rootOf('copy', [[file('a')]], compress))).toEqual(['a']);
    }
  });

  it('follows links of the layer as its containers see them', async () => {
    const root = await rootOf('copy', [
      [
        folder('usr'),
        folder('usr/lib'),
        { path: 'lib', type: 'SymbolicLink', linkpath: '/usr/lib' },
        { path: 'up', type: 'SymbolicLink', linkpath: '../../../../usr' },
        file('lib/x', 'inside'),
        file('up/lib/y', 'inside'),
      ],
    ]);
    expect(readdirSync(join(root, 'usr/lib')).sort()).toEqual(['x', 'y']);
  });

  it('never lets a link lead out', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'plenum-outside-'));
    writeFileSync(join(outside, 'victim'), 'safe');
    await rootOf('copy', [
      [
        { path: 'way', type: 'SymbolicLink', linkpath: outside },
        file('way/evil', 'evil'),
        { path: 'target', type: 'SymbolicLink', linkpath: join(outside, 'victim') },
        file('target', 'evil'),
      ],
    ]);
    expect(readdirSync(outside)).toEqual(['victim']);
    expect(readFileSync(join(outside, 'victim'), 'utf8')).toBe('safe');
  });

  it.each([
    ['a path with ..', [file('a/../../evil')], 'leads out of it'],
    [
      'a hard link that leads out',
      [{ path: 'a', type: 'Link', linkpath: '../../etc/passwd' }],
      'leads out of it',
    ],
    ['a hard link to nothing', [{ path: 'a', type: 'Link', linkpath: '/etc/passwd' }], 'not in it'],
    [
      'links in a circle',
      [
        { path: 'a', type: 'SymbolicLink', linkpath: 'b' },
        { path: 'b', type: 'SymbolicLink', linkpath: 'a' },
        file('a/x'),
      ],
      'in a circle',
    ],
    ['an entry below a file', [file('a'), file('a/b')], 'below a file'],
    ['a removal without a name', [file('a/.wh...')], 'without a name'],
    [
      'folders nested without end',
      [folder('a/'.repeat(49)), file(`${'a/'.repeat(49)}x`)],
      'nested too deeply',
    ],
  ] as [string, LayerEntry[], string][])('refuses %s', async (_what, entries, reason) => {
    const registry = await testRegistry();
    registry.push('some/app:1', buildImage({ layers: [entries] }));
    const { provision, folder: place } = await testProvisioner({ backend: 'copy', limits: { depth: 40 } });
    await expect(provision(`${registry.host}/some/app:1`)).rejects.toThrow(reason);
    expect(readdirSync(join(place, 'store', 'staging'))).toEqual([]);
    expect(existsSync(join(place, 'store', 'layers'))).toBe(false);
  });

  it('refuses a layer that unpacks to more than is allowed, or to more entries', async () => {
    const registry = await testRegistry();
    const bomb = buildImage({ layers: [[file('zeros', '\0'.repeat(5_000_000))]] });
    registry.push('some/bomb:1', bomb);
    registry.push(
      'some/many:1',
      buildImage({ layers: [Array.from({ length: 200 }, (_, i) => file(`f${i}`))] }),
    );
    const { provision } = await testProvisioner({ limits: { layerBytes: 1_000_000, layerEntries: 100 } });
    await expect(provision(`${registry.host}/some/bomb:1`)).rejects.toThrow(
      'unpacks to more than 1000000 bytes',
    );
    await expect(provision(`${registry.host}/some/many:1`)).rejects.toThrow('more than 100 entries');
  });

  it.each([
    ['is no archive', Buffer.from('no archive at all, but some text that is long enough'.repeat(40))],
    ['is cut short', Buffer.alloc(700, 1)],
  ])('refuses what %s', async (_what, bytes) => {
    const registry = await testRegistry();
    const built = buildImage({ layers: [[file('a')]], compress: () => bytes });
    const config = Buffer.from(
      JSON.stringify({
        rootfs: { diff_ids: [`sha256:${createHash('sha256').update(bytes).digest('hex')}`] },
      }),
    );
    const manifest = JSON.parse(built.manifest.toString('utf8'));
    manifest.config.digest = `sha256:${createHash('sha256').update(config).digest('hex')}`;
    registry.push('some/app:1', { ...built, config, manifest: Buffer.from(JSON.stringify(manifest)) });
    const { provision } = await testProvisioner();
    await expect(provision(`${registry.host}/some/app:1`)).rejects.toThrow('not a valid archive');
  });
});
