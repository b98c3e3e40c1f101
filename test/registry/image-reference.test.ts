import { describe, expect, it } from 'vitest';
import { choosePlatform } from '../../src/agent/images/platform.ts';
import { digestOf } from '../../src/registry/digest.ts';
import { parseImageReference, referenceKey } from '../../src/registry/image-reference.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('the name of an image', () => {
  it.each([
    ['nginx', 'registry-1.docker.io/library/nginx:latest'],
    ['nginx:1.25', 'registry-1.docker.io/library/nginx:1.25'],
    ['some/app', 'registry-1.docker.io/some/app:latest'],
    ['docker.io/nginx', 'registry-1.docker.io/library/nginx:latest'],
    ['index.docker.io/some/app:2', 'registry-1.docker.io/some/app:2'],
    ['localhost/app', 'localhost/app:latest'],
    ['localhost:5000/app', 'localhost:5000/app:latest'],
    ['reg.example/deep/er/app:2', 'reg.example/deep/er/app:2'],
    ['[::1]:5000/app', '[::1]:5000/app:latest'],
    [`app@${DIGEST}`, `registry-1.docker.io/library/app@${DIGEST}`],
    [`reg.example:443/app:1@${DIGEST}`, `reg.example:443/app@${DIGEST}`],
    ['file:/images/app.tar', 'file:/images/app.tar'],
    ['file:///images/../app.tar#a:1', 'file:/app.tar#a:1'],
  ])('%s is %s', (name, key) => {
    expect(referenceKey(parseImageReference(name))).toBe(key);
  });

  it('is looked for at another default registry as it is', () => {
    const key = (name: string) => referenceKey(parseImageReference(name, 'http://127.0.0.1:5000/'));
    expect(key('app')).toBe('127.0.0.1:5000/app:latest');
    expect(key('reg.example/app')).toBe('reg.example/app:latest');
  });

  it.each([
    '',
    ':',
    '/',
    'UPPER',
    'a//b',
    'app:',
    'app:-x',
    'app@sha256:abc',
    'app@',
    'reg.example/',
    '-a',
    'a b',
    'app:1:2',
    'reg.example:99999999/app',
    '../x',
    'a/../b',
    'http://reg.example/app',
    'file:relative',
    'file:',
    'x'.repeat(2_000),
    'app\n',
    'app:1\n',
    'app\0',
  ])('%j is refused with a reason', (name) => {
    expect(() => parseImageReference(name)).toThrow(/name of the image|image name/i);
  });
});

describe('choosing a platform', () => {
  const entry = (architecture: string | undefined, variant?: string, os = 'linux') => ({
    mediaType: '',
    digest: digestOf(`${architecture}${variant}${os}`),
    size: 1,
    os,
    architecture,
    variant,
    annotations: {},
  });

  it('takes the variant that fits best', () => {
    const entries = [entry('amd64'), entry('arm', 'v5'), entry('arm', 'v7'), entry('arm64', 'v8')];
    expect(choosePlatform(entries, 'arm').variant).toBe('v7');
    expect(choosePlatform(entries, 'arm64').variant).toBe('v8');
    expect(choosePlatform(entries, 'x64').architecture).toBe('amd64');
  });

  it('takes the only one when it does not say where it runs', () => {
    expect(choosePlatform([entry(undefined)], 'x64').architecture).toBeUndefined();
  });

  it('says what there is when nothing fits', () => {
    expect(() =>
      choosePlatform([entry('arm64', 'v8'), entry('unknown', undefined, 'unknown')], 'x64'),
    ).toThrow('not built for linux/amd64, but for linux/arm64/v8');
    expect(() => choosePlatform([], 'x64')).toThrow('but for nothing');
  });
});
