import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type ArtifactOptions, openArtifact, pushArtifact } from '../../src/registry/artifact.ts';
import type { DockerConfig } from '../../src/registry/docker-config.ts';
import { DEFAULT_LIMITS } from '../../src/registry/image-limits.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import {
  type RegistryLogin,
  startTestRegistry,
  type TestRegistry,
} from '../support/registry/test-registry.ts';
import { temporaryFolder } from '../universe/repository-files.ts';

const startRegistry = async (login?: RegistryLogin): Promise<TestRegistry> => {
  const registry = await startTestRegistry(login);
  onTestFinished(() => registry.close());
  return registry;
};

const optionsOf = (name: string, config: DockerConfig = {}): ArtifactOptions => ({
  name,
  config,
  insecure: [],
  clock: systemClock,
  limits: { ...DEFAULT_LIMITS, retryMs: 1 },
  signal: new AbortController().signal,
});

const ARTIFACT = {
  type: 'application/vnd.example.thing.v1',
  layers: [{ mediaType: 'text/plain', bytes: Buffer.from('what is in it'), title: 'thing.txt' }],
};

it('keeps files in a registry, and gives them back', async () => {
  const { host, count } = await startRegistry();
  const options = optionsOf(`${host}/some/thing:1`);
  const digest = await pushArtifact(options, ARTIFACT);
  const artifact = await openArtifact(options);
  expect(artifact.digest).toBe(digest);
  const [layer] = artifact.layers;
  if (!layer) throw new Error('There is no layer');
  const target = join(await temporaryFolder(), 'layer');
  await artifact.download(layer, target);
  expect(await readFile(target, 'utf8')).toBe('what is in it');
  await pushArtifact(optionsOf(`${host}/some/thing:2`), ARTIFACT);
  expect(count('POST')).toBe(2);
});

it('shows who it is where that is asked for', async () => {
  const { host } = await startRegistry({ type: 'token', username: 'ann', password: 'secret' });
  const auth = Buffer.from('ann:secret').toString('base64');
  const config = { auths: { [host]: { auth } } };
  const name = `${host}/some/app:1`;
  await expect(pushArtifact(optionsOf(name), ARTIFACT)).rejects.toThrow(/gave no token.*login is wrong/);
  const digest = await pushArtifact(optionsOf(name, config), ARTIFACT);
  expect((await openArtifact(optionsOf(`${host}/some/app@${digest}`, config))).digest).toBe(digest);
});

it('is refused with the reason', async () => {
  const registry = await startRegistry();
  await expect(openArtifact(optionsOf(`${registry.host}/some/thing:1`))).rejects.toThrow(
    /has no some\/thing:1/,
  );
  await expect(openArtifact(optionsOf('file:/tmp/x'))).rejects.toThrow(/names a file/);
  await expect(openArtifact(optionsOf(`${registry.host}/Bad`))).rejects.toThrow(/cannot be used/);
  registry.fault = (request, response) => {
    if (request.method !== 'PUT') return false;
    response.writeHead(413).end();
    return true;
  };
  const options = optionsOf(`${registry.host}/some/thing:1`);
  await expect(pushArtifact(options, ARTIFACT)).rejects.toThrow(/answered 413/);
});
