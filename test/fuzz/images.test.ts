import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ImageError } from '../../src/registry/image-error.ts';
import type { Random } from '../../src/runtime/random.ts';
import { isRoot, testProvisioner, testRegistry } from '../agent/images/provision.ts';
import { type BuiltImage, buildImage, type LayerEntry, sha256 } from '../support/registry/build-image.ts';
import { fire, pick, randomFor, SEED, TIMEOUT_MS } from './support/budget.ts';
import { hostileJson } from './support/hostile-json.ts';
import type { JsonObject } from './support/template.ts';

const seed = `PLENUM_FUZZ_SEED=${SEED}`;

const LIMITS = { layerBytes: 4_000_000, layerEntries: 200, depth: 30, documentBytes: 200_000, attempts: 1 };
/** Each takes a good deal of work. */
const FEW = { width: 2, least: 8 };
const BACKENDS = isRoot ? (['overlay', 'copy'] as const) : (['copy'] as const);

const NAMES = ['a', 'b', 'lib', 'usr', '.', 'ü', 'a b', '.wh.a', '.wh.lib', '.wh..wh..opq'];
/** For most of these the whole layer is refused. */
const BAD_NAMES = ['..', '', 'x'.repeat(200), '.wh.', '.wh...'];
const TYPES = [
  ...([
    'File',
    'File',
    'File',
    'Directory',
    'Directory',
    'Directory',
    'SymbolicLink',
    'SymbolicLink',
  ] as const),
  ...(['FIFO', 'CharacterDevice'] as const),
];

const pathOf = (random: Random): string => {
  const parts = Array.from({ length: 1 + Math.floor(random.next() * 4) }, () =>
    pick(random, random.next() < 0.01 ? BAD_NAMES : NAMES),
  );
  return `${random.next() < 0.1 ? '/' : ''}${parts.join('/')}`;
};

/** Entries of which many lead elsewhere, through links that came before them. */
const entriesOf = (random: Random, victim: string): LayerEntry[] =>
  Array.from({ length: 1 + Math.floor(random.next() * 12) }, () => {
    const type = random.next() < 0.02 ? 'Link' : pick(random, TYPES);
    const linkpath = pick(random, [
      'a',
      'b',
      '/',
      '..',
      'lib',
      '/usr',
      victim,
      join(victim, 'file'),
      '../'.repeat(12) + victim.slice(1),
      pathOf(random),
    ]);
    return {
      path: pathOf(random),
      type,
      ...(type === 'File' ? { content: 'evil'.repeat(Math.floor(random.next() * 300)) } : {}),
      ...(type === 'SymbolicLink' || type === 'Link' ? { linkpath } : {}),
      mode: pick(random, [0o644, 0o755, 0o000, 0o4755, 0o7777, 0o1777]),
      uid: pick(random, [0, 1, 65_534]),
      gid: 0,
    };
  });

/** What is where, with the beginnings of files. */
const contentOf = (folder: string, shown = ''): string =>
  readdirSync(folder, { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return `${shown}/${entry.name}/ ${contentOf(path, `${shown}/${entry.name}`)}`;
      if (entry.isSymbolicLink()) return `${shown}/${entry.name} -> ${readlinkSync(path)}`;
      return `${shown}/${entry.name} ${entry.isFile() ? readFileSync(path).length : 'no file'}`;
    })
    .join('; ');

it('layers of any kind land in their root folder or are refused', { timeout: 2 * TIMEOUT_MS }, async () => {
  const random = randomFor('layers');
  const registry = await testRegistry();
  const places = await Promise.all(BACKENDS.map((backend) => testProvisioner({ backend, limits: LIMITS })));
  const victims = places.map(({ folder }) => join(folder, 'victim'));
  for (const victim of victims) {
    mkdirSync(victim);
    writeFileSync(join(victim, 'file'), 'safe');
  }
  const faults = new Map<string, string>();
  let landed = 0;
  await fire(async (turn) => {
    const count = 1 + Math.floor(random.next() * 3);
    const layers = Array.from({ length: count }, () => entriesOf(random, pick(random, victims)));
    let image: BuiltImage;
    try {
      image = buildImage({ layers });
    } catch {
      // Nothing that a header can hold.
      return;
    }
    registry.push(`some/app:${turn}`, image);
    const containerId = `container-${turn}`;
    const fault = (what: string): unknown => faults.set(what, JSON.stringify(layers).slice(0, 3_000));
    const seen = await Promise.all(
      places.map(async ({ provision, provisioner }) => {
        try {
          const { rootfs } = await provision(`${registry.host}/some/app:${turn}`, { containerId });
          const content = contentOf(rootfs);
          await provisioner.release(containerId);
          return content;
        } catch (error) {
          if (!(error instanceof ImageError)) fault(String(error).slice(0, 200));
          return 'refused';
        }
      }),
    );
    if (seen[0] !== 'refused') landed++;
    // However a root folder is made, it is the same one.
    if (new Set(seen).size > 1) fault(`differs:\n${seen.join('\n')}`.slice(0, 2_000));
  }, FEW);
  expect(landed).toBeGreaterThan(0);
  expect([...faults].slice(0, 3), seed).toEqual([]);
  for (const victim of victims) {
    expect(readdirSync(victim), seed).toEqual(['file']);
    expect(readFileSync(join(victim, 'file'), 'utf8'), seed).toBe('safe');
  }
});

it('documents of any kind make an image or are refused', { timeout: TIMEOUT_MS }, async () => {
  const random = randomFor('documents');
  const registry = await testRegistry();
  const { provision, provisioner } = await testProvisioner({ backend: 'copy', limits: LIMITS });
  const plain = buildImage({
    layers: [[{ path: 'file', content: 'x' }]],
    config: { Entrypoint: ['/bin/x'], Cmd: ['y'], Env: ['A=b'], User: 'root', WorkingDir: '/srv' },
  });
  const parsed = (bytes: Buffer): JsonObject => JSON.parse(bytes.toString()) as JsonObject;
  const faults = new Map<string, string>();
  await fire(async (turn) => {
    const isConfig = random.next() < 0.5;
    const text = hostileJson(parsed(isConfig ? plain.config : plain.manifest), random);
    const bytes = Buffer.from(text);
    const image = { ...plain };
    if (isConfig) {
      const descriptor = {
        ...(parsed(plain.manifest).config as JsonObject),
        digest: sha256(bytes),
        size: bytes.length,
      };
      image.config = bytes;
      image.manifest = Buffer.from(JSON.stringify({ ...parsed(plain.manifest), config: descriptor }));
    } else image.manifest = bytes;
    registry.push(`some/app:${turn}`, image);
    const containerId = `container-${turn}`;
    try {
      const { config } = await provision(`${registry.host}/some/app:${turn}`, { containerId });
      const words = [...config.entrypoint, ...config.cmd, ...Object.entries(config.env).flat()];
      if (words.some((word) => typeof word !== 'string' || word.includes('\0'))) faults.set('words', text);
      await provisioner.release(containerId);
    } catch (error) {
      if (!(error instanceof ImageError)) faults.set(String(error).slice(0, 200), text.slice(0, 2_000));
    }
  }, FEW);
  expect([...faults].slice(0, 3), seed).toEqual([]);
});
