import { existsSync, readdirSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImageLimits } from '../../../src/registry/image-limits.ts';
import { buildImage, sha256 } from '../../support/registry/build-image.ts';
import type { Fault } from '../../support/registry/test-registry.ts';
import { testProvisioner, testRegistry } from './provision.ts';

const image = buildImage({ layers: [[{ path: 'a', content: 'x'.repeat(5_000) }]], compress: (tar) => tar });
const layer = image.layers[0] ?? Buffer.alloc(0);
const LAYER = `blobs/${sha256(layer)}`;

/** Sends for ever, as fast as it is taken. */
const pour = (response: ServerResponse): void => {
  const chunk = Buffer.alloc(64 * 1024, ' ');
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  response.on('error', () => undefined);
  more();
};

const answer =
  (part: string, respond: (response: ServerResponse, host: string) => void): Fault =>
  (request, response) => {
    if (!request.url?.includes(part)) return false;
    respond(response, request.headers.host ?? '');
    return true;
  };

/** Pulls from a registry that behaves so; gives the reason why it failed. */
const failure = async (fault: Fault, limits: Partial<ImageLimits> = {}): Promise<string> => {
  const registry = await testRegistry();
  registry.push('some/app:1', image);
  registry.fault = fault;
  const { provision, folder } = await testProvisioner({ limits });
  const error = await provision(`${registry.host}/some/app:1`).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const staging = join(folder, 'store', 'staging');
  expect(existsSync(staging) ? readdirSync(staging) : []).toEqual([]);
  expect(
    existsSync(join(folder, 'store', 'layers')) ? readdirSync(join(folder, 'store', 'layers')) : [],
  ).toEqual([]);
  expect(error).toBeInstanceOf(Error);
  return String((error as Error).message);
};

describe('a registry that lies', () => {
  it('about the contents of a blob is found out', async () => {
    const other = Buffer.alloc(layer.length, 'y');
    expect(await failure(answer(LAYER, (response) => response.writeHead(200).end(other)))).toMatch(
      /The blob sha256:\w+ has another digest: sha256:/,
    );
  });

  it('about a manifest is found out', async () => {
    const fault = answer('manifests', (response) =>
      response
        .writeHead(200, { 'Content-Type': image.mediaType, 'Docker-Content-Digest': sha256('another') })
        .end(image.manifest),
    );
    expect(await failure(fault)).toContain('The manifest of the image should have the digest');
  });

  it('about what a layer unpacks to is found out', async () => {
    const config = Buffer.from(JSON.stringify({ rootfs: { diff_ids: [sha256('another')] } }));
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        config: { digest: sha256(config), size: config.length },
        layers: [{ digest: sha256(layer), size: layer.length }],
      }),
    );
    const registry = await testRegistry();
    registry.push('some/app:1', { ...image, config, manifest });
    const { provision } = await testProvisioner();
    await expect(provision(`${registry.host}/some/app:1`)).rejects.toThrow(
      /The layer sha256:\w+ has another digest/,
    );
  });

  it('about the size of a blob is cut off', async () => {
    expect(await failure(answer(LAYER, (response) => pour(response.writeHead(200))))).toContain(
      `is longer than the ${layer.length} bytes it should have`,
    );
  });
});

describe('a registry that never ends', () => {
  it('a manifest is cut off', async () => {
    const fault = answer('manifests', (response) => pour(response.writeHead(200)));
    expect(await failure(fault, { documentBytes: 100_000 })).toContain('longer than 100000 bytes');
  });

  it('an error is cut off', async () => {
    expect(await failure(answer('manifests', (response) => pour(response.writeHead(404))))).toContain(
      'has no some/app:1',
    );
  });

  it('redirects in a circle is left', async () => {
    const fault: Fault = (request, response) => {
      if (!request.url?.includes('blobs')) return false;
      response.writeHead(302, { Location: request.url ?? '' }).end();
      return true;
    };
    expect(await failure(fault)).toContain('redirects more than 5 times');
  });

  it('asking who it is is left', async () => {
    const fault: Fault = (request, response) => {
      if (request.url?.startsWith('/token')) response.writeHead(200).end('{"token":"never-good-enough"}');
      else {
        const challenge = `Bearer realm="http://${request.headers.host}/token",service="x"`;
        response.writeHead(401, { 'WWW-Authenticate': challenge }).end();
      }
      return true;
    };
    expect(await failure(fault)).toContain('refuses some/app: it needs a login');
  });

  it('being busy is given up', async () => {
    expect(await failure(answer('blobs', (response) => response.writeHead(503).end()))).toContain(
      'answered 503',
    );
  });

  it('sending next to nothing is broken off', async () => {
    const fault = answer(LAYER, (response) => response.writeHead(200).write('x'));
    expect(await failure(fault, { stallMs: 50, attempts: 2 })).toContain('hardly anything arrived');
  });

  it('beginning to answer is left', async () => {
    const fault: Fault = (request) => request.url?.includes('manifests') ?? false;
    expect(await failure(fault, { answerMs: 200, attempts: 2 })).toContain('timed out');
  });

  it('finishing a manifest is left', async () => {
    const fault = answer('manifests', (response) => response.writeHead(200).write('{'));
    // Long enough for the beginning of the answer on any machine.
    expect(await failure(fault, { answerMs: 3_000, attempts: 1 })).toContain('was not complete');
  });
});

describe('a registry that sends nonsense', () => {
  it.each([
    ['no JSON', 'hello', 'not valid JSON'],
    ['no object', '[]', 'not a JSON object'],
    ['another kind of manifest', '{"schemaVersion":1,"fsLayers":[]}', 'Unsupported manifest MIME type'],
    [
      'no digests',
      '{"schemaVersion":2,"config":{"digest":"x","size":1},"layers":[]}',
      'without a valid digest',
    ],
    [
      'a negative size',
      `{"schemaVersion":2,"layers":[],"config":{"digest":"${sha256('x')}","size":-1}}`,
      'valid digest and size',
    ],
    ['no layers', `{"schemaVersion":2,"config":{"digest":"${sha256('x')}","size":1}}`, 'names no layers'],
    ['too many layers', JSON.stringify({ schemaVersion: 2, layers: Array(500).fill({}) }), 'more than 127'],
  ])('gets a clear answer to %s', async (_what, text, reason) => {
    const fault = answer('manifests', (response) =>
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(text),
    );
    expect(await failure(fault)).toContain(reason);
  });

  it.each([
    ['to another protocol', 'ftp://example.com/x', 'redirects from http: to'],
    ['to no URL', 'http://', 'something that is no URL'],
  ])('is not followed %s', async (_what, location, reason) => {
    const fault = answer('blobs', (response) => response.writeHead(302, { Location: location }).end());
    expect(await failure(fault)).toContain(reason);
  });

  it('does not bring its control characters into messages', async () => {
    const fault = answer('manifests', (response) =>
      response.writeHead(404).end(JSON.stringify({ errors: [{ message: 'bad \u001b[31m\n thing' }] })),
    );
    expect(await failure(fault)).toMatch(/: bad +\[31m +thing$/);
  });
});
