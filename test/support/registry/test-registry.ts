import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BuiltImage, sha256 } from './build-image.ts';

/** Who may pull, and how the registry asks for it. */
export type RegistryLogin =
  | { type: 'none' }
  | { type: 'basic'; username: string; password: string }
  /** A token service, which wants a name and a password or what an earlier login got; without either, anybody. */
  | { type: 'token'; username?: string; password?: string; refreshToken?: string; tokenUses?: number };

/** Answers in place of the registry; false lets the registry answer. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface TestRegistry {
  /** Such as 127.0.0.1:33333. */
  readonly host: string;
  /** METHOD PATH of all requests so far. */
  readonly requests: string[];
  /** How often something was asked for. */
  count(part: string): number;
  /** Puts an image there: as repository:tag, and by its digest. */
  push(name: string, image: BuiltImage): void;
  /** Puts an index there over images that are there as well. */
  pushIndex(name: string, entries: readonly { image: BuiltImage; platform: Record<string, string> }[]): void;
  fault: Fault;
  close(): Promise<void>;
}

interface Stored {
  bytes: Buffer;
  mediaType: string;
}

const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';

/** A registry on the loopback: manifests, blobs with ranges, the usual logins, and faults on demand. */
export const startTestRegistry = async (login: RegistryLogin = { type: 'none' }): Promise<TestRegistry> => {
  const manifests = new Map<string, Stored>();
  const blobs = new Map<string, Buffer>();
  const requests: string[] = [];
  const door = new Door(login);

  const server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    requests.push(`${method} ${url}`);
    if (registry.fault(request, response)) return;
    if (url.startsWith('/token')) return door.giveToken(request, response);
    if (!door.lets(request)) return door.refuse(response, registry.host);
    if (method === 'POST' || method === 'PUT') return void takeUpload(request, response);
    const [, name = '', kind = '', reference = ''] =
      /^\/v2\/(.+)\/(manifests|blobs)\/([^/?]+)$/.exec(url) ?? [];
    if (kind === 'manifests') return sendManifest(response, manifests.get(`${name}:${reference}`));
    if (kind === 'blobs') return sendBlob(request, response, blobs.get(reference));
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  /** Blobs in one piece after a POST, manifests by tag. */
  const takeUpload = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '', 'http://registry');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    if (request.method === 'POST') {
      response.writeHead(202, { Location: `${url.pathname}session-1?state=x` }).end();
      return;
    }
    const [, name = '', tag = ''] = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(url.pathname) ?? [];
    const digest = url.searchParams.get('digest');
    if (name !== '') put(`${name}:${tag}`, bytes, request.headers['content-type'] ?? '');
    else if (digest === sha256(bytes)) blobs.set(digest, bytes);
    else return sendError(response, 400, 'DIGEST_INVALID', 'the digest is another');
    response.writeHead(201).end();
  };

  const put = (name: string, bytes: Buffer, mediaType: string): void => {
    const [repository = '', tag = 'latest'] = name.split(':');
    manifests.set(`${repository}:${tag}`, { bytes, mediaType });
    manifests.set(`${repository}:${sha256(bytes)}`, { bytes, mediaType });
  };
  const registry: TestRegistry = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    count: (part) => requests.filter((request) => request.includes(part)).length,
    push: (name, image) => {
      for (const blob of [image.config, ...image.layers]) blobs.set(sha256(blob), blob);
      put(name, image.manifest, image.mediaType);
    },
    pushIndex: (name, entries) => {
      const [repository = ''] = name.split(':');
      const listed = entries.map(({ image, platform }, index) => {
        registry.push(`${repository}:of-index-${index}`, image);
        const { manifest, mediaType } = image;
        return { mediaType, digest: sha256(manifest), size: manifest.length, platform };
      });
      const document = { schemaVersion: 2, mediaType: INDEX_TYPE, manifests: listed };
      put(name, Buffer.from(JSON.stringify(document)), INDEX_TYPE);
    },
    fault: () => false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return registry;
};

const sendManifest = (response: ServerResponse, stored: Stored | undefined): void => {
  if (!stored) {
    sendError(response, 404, 'MANIFEST_UNKNOWN', 'manifest unknown');
    return;
  }
  response
    .writeHead(200, {
      'Content-Type': stored.mediaType,
      'Content-Length': stored.bytes.length,
      'Docker-Content-Digest': sha256(stored.bytes),
    })
    .end(stored.bytes);
};

const sendBlob = (request: IncomingMessage, response: ServerResponse, blob: Buffer | undefined): void => {
  if (!blob) {
    sendError(response, 404, 'BLOB_UNKNOWN', 'blob unknown');
    return;
  }
  const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  if (from === undefined) {
    response.writeHead(200, { 'Content-Length': blob.length }).end(blob);
    return;
  }
  const rest = blob.subarray(Number(from));
  response
    .writeHead(206, {
      'Content-Length': rest.length,
      'Content-Range': `bytes ${from}-${blob.length - 1}/${blob.length}`,
    })
    .end(rest);
};

export const sendError = (response: ServerResponse, status: number, code: string, message: string): void => {
  response
    .writeHead(status, { 'Content-Type': 'application/json' })
    .end(JSON.stringify({ errors: [{ code, message }] }));
};

/** Lets in who has shown who he is. */
class Door {
  readonly #login: RegistryLogin;
  readonly #tokens = new Map<string, number>();
  #given = 0;

  constructor(login: RegistryLogin) {
    this.#login = login;
  }

  lets({ headers: { authorization = '' } }: IncomingMessage): boolean {
    const login = this.#login;
    if (login.type === 'none') return true;
    if (login.type === 'basic') return authorization === basic(login);
    const uses = this.#tokens.get(authorization) ?? 0;
    this.#tokens.set(authorization, uses - 1);
    return uses > 0;
  }

  refuse(response: ServerResponse, host: string): void {
    const challenge =
      this.#login.type === 'basic'
        ? 'Basic realm="the registry"'
        : `Bearer realm="http://${host}/token",service="test registry",scope="repository:some/app:pull"`;
    response.setHeader('WWW-Authenticate', challenge);
    sendError(response, 401, 'UNAUTHORIZED', 'authentication required');
  }

  giveToken(request: IncomingMessage, response: ServerResponse): void {
    const login = this.#login;
    if (login.type !== 'token') {
      sendError(response, 404, 'NO', 'no tokens here');
      return;
    }
    let form = '';
    request.on('data', (chunk: Buffer) => {
      form += chunk.toString('utf8');
    });
    request.on('end', () => {
      const isRefresh =
        login.refreshToken !== undefined &&
        new URLSearchParams(form).get('refresh_token') === login.refreshToken;
      const isOpen = login.username === undefined && login.refreshToken === undefined;
      const { username = '', password = '' } = login;
      const isKnown = username !== '' && request.headers.authorization === basic({ username, password });
      if (!(isRefresh || isOpen || isKnown)) return sendError(response, 401, 'DENIED', 'who are you');
      this.#given++;
      const token = `token-${this.#given}`;
      this.#tokens.set(`Bearer ${token}`, login.tokenUses ?? Number.POSITIVE_INFINITY);
      response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end(JSON.stringify(isRefresh ? { access_token: token } : { token }));
    });
  }
}

const basic = ({ username, password }: { username: string; password: string }): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
