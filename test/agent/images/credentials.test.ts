import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parseChallenges } from '../../../src/registry/auth-challenge.ts';
import { credentialsFor, readDockerConfig } from '../../../src/registry/docker-config.ts';
import { buildImage } from '../../support/registry/build-image.ts';
import { temporaryFolder } from '../test-agent.ts';
import { testProvisioner, testRegistry } from './provision.ts';

const image = buildImage({ layers: [[{ path: 'a', content: 'x' }], [{ path: 'b', content: 'y' }]] });
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const signal = new AbortController().signal;
const path = process.env.PATH;

afterEach(() => {
  process.env.PATH = path;
});

/** A credential helper of this name on the PATH, which answers so. */
const helper = async (name: string, script: string): Promise<void> => {
  const folder = await temporaryFolder();
  const program = join(folder, `docker-credential-${name}`);
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  process.env.PATH = `${folder}:${path}`;
};

describe('a registry that wants to know who asks', () => {
  it('gets the name and the password of the docker config', async () => {
    const registry = await testRegistry({ type: 'basic', username: 'me', password: 'se:cret' });
    registry.push('some/app:1', image);
    const { provision } = await testProvisioner({
      dockerConfig: { auths: { [registry.host]: { auth: base64('me:se:cret') } } },
    });
    expect(existsSync((await provision(`${registry.host}/some/app:1`)).rootfs)).toBe(true);
  });

  it('gets a token, which anybody may have', async () => {
    const registry = await testRegistry({ type: 'token' });
    registry.push('some/app:1', image);
    const { provision } = await testProvisioner();
    await provision(`${registry.host}/some/app:1`);
    const [asked] = registry.requests.filter((request) => request.startsWith('GET /token'));
    expect(asked).toBe('GET /token?service=test+registry&scope=repository%3Asome%2Fapp%3Apull');
    expect(registry.count('/token')).toBe(1);
  });

  it('gets a token for a password, and another when the first has run out', async () => {
    const registry = await testRegistry({ type: 'token', username: 'me', password: 'secret', tokenUses: 2 });
    registry.push('some/app:1', image);
    const { provision } = await testProvisioner({
      dockerConfig: { auths: { [`https://${registry.host}/v1/`]: { username: 'me', password: 'secret' } } },
    });
    expect(existsSync((await provision(`${registry.host}/some/app:1`)).rootfs)).toBe(true);
    expect(registry.count('/token')).toBe(2);
  });

  it('gets a token for what an earlier login left', async () => {
    const registry = await testRegistry({ type: 'token', refreshToken: 'earlier' });
    registry.push('some/app:1', image);
    const { provision } = await testProvisioner({
      dockerConfig: { auths: { [registry.host]: { identitytoken: 'earlier' } } },
    });
    expect(existsSync((await provision(`${registry.host}/some/app:1`)).rootfs)).toBe(true);
    expect(registry.count('POST /token')).toBe(1);
  });

  it("gets what an image's own config says, which wins", async () => {
    const registry = await testRegistry({ type: 'basic', username: 'me', password: 'right' });
    registry.push('some/app:1', image);
    const { provision } = await testProvisioner({
      dockerConfig: { auths: { [registry.host]: { auth: base64('me:wrong') } } },
    });
    const name = `${registry.host}/some/app:1`;
    const config = JSON.stringify({ auths: { [registry.host]: { auth: base64('me:right') } } });
    const docker = { name, config: { type: 'VALUE' as const, value: { data: base64(config) } } };
    expect(existsSync((await provision(name, { image: { docker } })).rootfs)).toBe(true);
  });

  it('tells who has no login, and who has a wrong one, without naming it', async () => {
    const registry = await testRegistry({ type: 'basic', username: 'me', password: 'right' });
    registry.push('some/app:1', image);
    const name = `${registry.host}/some/app:1`;
    const none = await testProvisioner();
    await expect(none.provision(name)).rejects.toThrow('it needs a login: give the agent --docker-config');
    const wrong = await testProvisioner({
      dockerConfig: { auths: { [registry.host]: { auth: base64('me:wrong-secret') } } },
    });
    const error = await wrong.provision(name).catch((reason: unknown) => String(reason));
    expect(error).toContain('its login in the docker config does not suffice');
    expect(error).not.toContain('wrong-secret');
  });
});

describe('credential helpers', () => {
  it('are asked for their registry, before the file and before the helper for all', async () => {
    await helper('one', `read host; echo "{\\"Username\\":\\"u\\",\\"Secret\\":\\"for $host\\"}"`);
    const config = {
      credHelpers: { 'reg.example': 'one' },
      credsStore: 'missing',
      auths: { 'reg.example': { auth: base64('a:b') } },
    };
    expect(await credentialsFor(config, 'reg.example', signal)).toEqual({
      type: 'password',
      username: 'u',
      password: 'for reg.example',
    });
  });

  it('may give what an earlier login left', async () => {
    await helper('two', `echo '{"Username":"<token>","Secret":"t"}'`);
    expect(await credentialsFor({ credsStore: 'two' }, 'reg.example', signal)).toEqual({
      type: 'identity-token',
      token: 't',
    });
  });

  it('that have nothing leave it to the file', async () => {
    await helper('three', 'echo credentials not found in native keychain; exit 1');
    const config = { credsStore: 'three', auths: { 'reg.example': { auth: base64('a:b') } } };
    expect(await credentialsFor(config, 'reg.example', signal)).toMatchObject({ username: 'a' });
  });

  it.each([
    ['is missing', 'missing-helper', undefined, 'docker-credential-missing-helper is missing'],
    ['fails', 'four', 'echo locked; exit 2', 'docker-credential-four failed for reg.example: locked'],
    ['says nonsense', 'five', 'echo secret-text', 'something else than a user name and a secret'],
    ['has a path for a name', '../evil', undefined, 'not the name of a credential helper'],
  ])('that %s is named', async (_what, name, script, reason) => {
    if (script !== undefined) await helper(name, script);
    await expect(
      credentialsFor({ credHelpers: { 'reg.example': name } }, 'reg.example', signal),
    ).rejects.toThrow(reason);
  });
});

describe('the docker config', () => {
  it('is read from a file, a file: URI or the flag itself', async () => {
    const file = join(await temporaryFolder(), 'config.json');
    writeFileSync(file, '{"auths":{}}');
    for (const text of [file, `file://${file}`, '{"auths":{}}']) {
      expect(await readDockerConfig(text)).toEqual({ auths: {} });
    }
  });

  it('is found for Docker Hub under its old name', async () => {
    const config = { auths: { 'https://index.docker.io/v1/': { auth: base64('a:b') } } };
    expect(await credentialsFor(config, 'registry-1.docker.io', signal)).toMatchObject({ username: 'a' });
  });

  it('may be an old .dockercfg', async () => {
    const config = { 'https://reg.example': { auth: base64('a:b\0\0') } };
    expect(await credentialsFor(config, 'reg.example', signal)).toMatchObject({ password: 'b' });
  });

  it('that is broken is told without what is in it', async () => {
    await expect(readDockerConfig('{"auths": secret')).rejects.toThrow(
      /^the docker config is not valid JSON$/,
    );
    await expect(readDockerConfig('/no/such/file')).rejects.toThrow('cannot be read');
  });
});

describe('a challenge', () => {
  it('is understood, with others and with quotes', () => {
    const header = 'Basic realm="a \\"b\\"", Bearer realm="https://x/t?a=b,c",service=s , scope="r:a:pull"';
    expect(parseChallenges(header)).toEqual([
      { scheme: 'basic', parameters: { realm: 'a "b"' } },
      { scheme: 'bearer', parameters: { realm: 'https://x/t?a=b,c', service: 's', scope: 'r:a:pull' } },
    ]);
  });

  it('that is nonsense is none, however long it is', () => {
    expect(parseChallenges('')).toEqual([]);
    expect(parseChallenges('"'.repeat(100_000))).toEqual([]);
    expect(parseChallenges(`Bearer ${'a="\\'.repeat(50_000)}`).length).toBeLessThan(10_000);
  });
});
