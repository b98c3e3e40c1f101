import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { cachedSource } from '../../src/universe/sources/cached-source.ts';
import { filesReader } from '../../src/universe/sources/files-reader.ts';
import type { RepositorySource } from '../../src/universe/sources/loaded-repository.ts';

/** A folder of this test alone, gone when the test has ended. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'plenum-universe-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
};

/** Writes files below a folder; values other than text and bytes are written as JSON. */
export const writeFiles = async (folder: string, files: Readonly<Record<string, unknown>>): Promise<void> => {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    const isWhole = typeof content === 'string' || content instanceof Uint8Array;
    await writeFile(path, isWhole ? content : JSON.stringify(content));
  }
};

/** package.json of a package that nothing is wrong with. */
export const metadataOf = (name: string, changes: object = {}): object => ({
  packagingVersion: '4.0',
  name,
  version: '1.0.0',
  description: `The package ${name}`,
  maintainer: 'someone@example.com',
  tags: ['test'],
  ...changes,
});

/** The files of one revision, by their path within a folder repository. */
export const revisionFiles = (
  name: string,
  revision: number,
  changes: object = {},
): Record<string, unknown> => {
  const folder = `repo/packages/${name.charAt(0).toUpperCase()}/${name}/${revision}`;
  return {
    [`${folder}/package.json`]: metadataOf(name, changes),
    [`${folder}/marathon.json.mustache`]: '{"id": "{{service.name}}", "cmd": "sleep 1000"}',
    [`${folder}/config.json`]: {
      type: 'object',
      properties: { service: { type: 'object', properties: { name: { type: 'string', default: name } } } },
    },
  };
};

/** A folder or file as a repository of which no copy is kept. */
export const filesSource = (path: string): RepositorySource =>
  cachedSource(filesReader({ path, scratchDir: join(tmpdir(), 'plenum-scratch') }), {
    read: async () => undefined,
    write: async () => undefined,
    confirm: async () => undefined,
  });
