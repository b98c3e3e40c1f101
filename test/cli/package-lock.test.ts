import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { PackageLock } from '../../src/cli/catalog/lock/lock-file.ts';
import { definitionDigest } from '../../src/universe/definition/definition-digest.ts';
import type { Json } from '../../src/universe/json/json.ts';
import { buildImage, sha256 as digestOf } from '../support/registry/build-image.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry/test-registry.ts';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

const ARCHIVE = 'https://example.com/db.tgz?a=1&b=2';
const IMAGE = `example.com/db@sha256:${'a'.repeat(64)}`;
const COORDINATE = 'maven:org.example:db:1';
const NPM = 'npm:left-pad@1.3.0';

const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

const definition = {
  packagingVersion: '4.0',
  name: 'db',
  version: '2',
  releaseVersion: 7,
  description: 'A database',
  config: { properties: { a: { default: null, type: 'string' } } },
  resource: {
    assets: {
      uris: { archive: ARCHIVE, jar: COORDINATE, pad: NPM },
      container: { docker: { db: IMAGE, ui: '' } },
    },
  },
};

let cluster: FakeCluster;
let folder: string;
let file: string;
/** What stands at the archive's address. */
let content: string;
/** What mvn brings. */
let jar: string;
let registry: TestRegistry;
let path: string | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plenum-lock-'));
  file = join(folder, 'team.lock.yaml');
  content = 'the archive';
  registry = await startTestRegistry();
  registry.push('ui:1', buildImage({ layers: [[{ path: 'a' }]] }));
  definition.resource.assets.container.docker.ui = `${registry.host}/ui:1`;
  jar = 'the jar';
  path = process.env.PATH;
  await useMaven();
  cluster = await startFakeCluster({
    'POST /package/install': { body: { packageName: 'db', packageVersion: '2', appId: '/db' } },
    'GET /package/resource': () => ({ body: content, headers: { 'content-type': 'application/gzip' } }),
  });
  answerWith(definition);
});

afterEach(async () => {
  process.env.PATH = path;
  await registry.close();
  await cluster.close();
  await rm(folder, { recursive: true });
});

/** A program in the place of mvn that brings the file which the test names. */
const useMaven = async (): Promise<void> => {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  const script = `#!/bin/sh\nfor word in "$@"; do case "$word" in -DoutputDirectory=*) printf '%s' "${jar}" >"\${word#*=}/db-1.jar";; esac; done\n`;
  await writeFile(join(bin, 'mvn'), script, { mode: 0o755 });
  process.env.PATH = `${bin}:${path}`;
};

/** Answers as the service does: addresses lead through the cluster. */
const answerWith = (described: typeof definition): void => {
  const { resource } = described;
  const archive = `${cluster.server.url}/package/resource?url=${encodeURIComponent(ARCHIVE)}`;
  const assets = { ...resource.assets, uris: { ...resource.assets.uris, archive } };
  const repository = { name: 'team', uri: 'https://example.com/u.git', commit: 'c0ffee' };
  cluster.answers['POST /package/describe'] = {
    body: { package: { ...described, resource: { assets } }, repository },
  };
};

const lock = (...args: string[]) => cluster.run(['package', 'lock', ...args, '--file', file]);
const install = (...args: string[]) =>
  cluster.run(['package', 'install', 'db', '--yes', '--locked', '--lock-file', file, ...args]);
const readFileLock = async (): Promise<PackageLock> => parse(await readFile(file, 'utf8'));
const installs = (): string[] =>
  cluster.changes().filter((change) => change.startsWith('POST /package/install'));

describe('package lock', () => {
  it('writes version, source, commit, digest of the definition and the hash of every asset', async () => {
    const { code, stderr } = await lock('db');
    expect(code).toBe(0);
    expect(stderr.split('\n')).toEqual([
      `${NPM} has no hash: it is fixed by its name alone`,
      'db 2',
      `Wrote ${file}`,
      '',
    ]);
    const own: unknown = definition;
    expect(await readFileLock()).toEqual({
      lockVersion: 1,
      packages: {
        db: {
          version: '2',
          releaseVersion: 7,
          source: 'https://example.com/u.git',
          commit: 'c0ffee',
          definition: definitionDigest(own as Json),
          assets: [
            { kind: 'uri', name: 'archive', location: ARCHIVE, hash: sha256('the archive') },
            { kind: 'uri', name: 'jar', location: COORDINATE, hash: sha256('the jar') },
            { kind: 'uri', name: 'pad', location: NPM },
            { kind: 'image', name: 'db', location: IMAGE, hash: `sha256:${'a'.repeat(64)}` },
            {
              kind: 'image',
              name: 'ui',
              location: `${registry.host}/ui:1`,
              hash: digestOf(buildImage({ layers: [[{ path: 'a' }]] }).manifest),
            },
          ],
        },
      },
    });
    const target = cluster.server.requests.find((request) => request.method === 'GET')?.target;
    expect(cluster.changes()).toContain('POST /package/describe {"packageName":"db","withRepository":true}');
    expect(target).toBe(`/package/resource?url=${encodeURIComponent(ARCHIVE)}`);
  });

  it('adds to a file, as JSON where its name says so, and without names takes what is installed', async () => {
    await writeFile(
      file,
      'lockVersion: 1\npackages: {other: {version: "1", definition: "sha256:x", assets: []}}\n',
    );
    await lock('db@2');
    expect(Object.keys((await readFileLock()).packages)).toEqual(['db', 'other']);
    file = join(folder, 'lock.json');
    const packageDefinition = { name: 'db', version: '2', description: '' };
    const packages = [{ appId: '/db', packageInformation: { packageDefinition } }];
    cluster.answers['POST /package/list'] = { body: { packages } };
    await lock();
    expect(Object.keys(JSON.parse(await readFile(file, 'utf8')).packages)).toEqual(['db']);
    cluster.answers['POST /package/list'] = { body: { packages: [] } };
    expect((await lock()).code).toBe(3);
  });

  it('writes nothing when an asset cannot be fetched, or is not what the package says', async () => {
    delete cluster.answers['GET /package/resource'];
    expect((await lock('db')).stderr).toContain(`${ARCHIVE} cannot be fetched`);
    const contentHash = [{ algo: 'sha256', value: 'b'.repeat(64) }];
    const binary = { kind: 'executable', url: 'https://example.com/cli', contentHash };
    const cli = { binaries: { linux: { 'x86-64': binary } } };
    cluster.answers['POST /package/describe'] = { body: { package: { ...definition, resource: { cli } } } };
    cluster.answers['GET /package/resource'] = { body: 'something else' };
    const { code, stderr } = await lock('db');
    expect({ code, stderr }).toMatchObject({
      code: 5,
      stderr: expect.stringContaining(`expected sha256:bbb`),
    });
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  it.each(['{"lockVersion": 2, "packages": {}}', '{"lockVersion": 1, "packages": {"db": {"version": 1}}}'])(
    'does not take %s for a lock file',
    async (text) => {
      file = join(folder, 'lock.json');
      await writeFile(file, text);
      expect((await lock('db')).stderr).toContain('is no lock file of version 1');
      expect(await readFile(file, 'utf8')).toBe(text);
    },
  );
});

describe('package install --locked', () => {
  it('installs what was locked, and has the service hold to it', async () => {
    await lock('db');
    const { code } = await install();
    expect(code).toBe(0);
    const own: unknown = definition;
    expect(installs()).toEqual([
      expect.stringContaining(`"definitionDigest":"${definitionDigest(own as Json)}"`),
    ]);
  });

  it('refuses another definition, another content of an asset and another version', async () => {
    await lock('db');
    answerWith({ ...definition, description: 'Tampered with' });
    const changed = await install();
    expect({ code: changed.code, stderr: changed.stderr }).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(
        /db is not what was locked\n {2}definition: locked sha256:.*, found sha256:/,
      ),
    });
    answerWith(definition);
    content = 'another archive';
    const moved = await install();
    expect(moved.stderr).toContain(
      `uri archive: hash: locked ${sha256('the archive')}, found ${sha256('another archive')}`,
    );
    content = 'the archive';
    jar = 'another jar';
    await useMaven();
    registry.push('ui:1', buildImage({ layers: [[{ path: 'b' }]] }));
    const remade = await install();
    expect(remade.stderr).toMatch(
      /uri jar: hash: locked sha256:\w+, found sha256:\w+\n {2}image ui: hash: locked/,
    );
    process.env.PATH = folder;
    expect((await install()).stderr).toMatch(
      /mvn is not on the PATH[\s\S]*uri jar: hash: locked sha256:\w+, found none/,
    );
    expect((await install('--package-version', '1')).code).toBe(4);
    expect(installs()).toEqual([]);
  });

  it('wants a lock file with the package in it', async () => {
    expect((await install()).code).toBe(3);
    await writeFile(file, 'lockVersion: 1\npackages: {}\n');
    const { code, stderr } = await install();
    expect({ code, stderr }).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('does not have package db'),
    });
    expect(cluster.server.requests).toEqual([]);
  });
});
