import { type HttpStream, openStream } from '../http/client.ts';
import { parseChallenges } from './auth-challenge.ts';
import { type Digest, digestOf } from './digest.ts';
import { ImageError, quoteStranger } from './image-error.ts';
import type { ImageLimits } from './image-limits.ts';
import type { RegistryReference } from './image-reference.ts';
import { readBounded } from './read-bounded.ts';
import type { Credentials } from './registry-credentials.ts';
import { basicAuthorization, requestToken } from './registry-token.ts';

/** An answer that may be another one a moment later: the registry is busy, or was restarted. */
export class RegistryBusyError extends Error {
  /** What the registry asks for before the next attempt. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryAfterMs: number | undefined) {
    super(message);
    this.name = 'RegistryBusyError';
    this.retryAfterMs = retryAfterMs;
  }
}

export interface SessionOptions {
  readonly reference: RegistryReference;
  /** Such as https://registry-1.docker.io. */
  readonly baseUrl: string;
  /** May be talked to without TLS, or with a certificate that nobody vouches for. */
  readonly isInsecure: boolean;
  readonly credentials: Credentials | undefined;
  readonly limits: ImageLimits;
  /** How people give a login where one is missing, as part of a sentence. */
  readonly loginHint?: string;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Times that a registry may ask who it is within one request: the first, and once more when what it gave ran out. */
const AUTHORIZATIONS = 2;
/** A registry answers an upload when it has all of it. */
const SLOWEST_UPLOAD_BYTES_PER_MS = 32;
const ERROR_BYTES = 16 * 1024;

interface SessionRequest {
  readonly method?: string;
  /** Below the repository, or a whole URL. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Statuses that are no refusal; default: 200. */
  readonly expected?: readonly number[];
}

/** One repository of a registry, and how it wants to be asked (OCI distribution specification; mesos.md 6.5). */
export class RegistrySession {
  readonly #options: SessionOptions;
  #authorization: Promise<string> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Opens a manifest; the caller reads its body, and looks at its type. */
  openManifest(reference: string, accept: string, signal: AbortSignal): Promise<HttpStream> {
    return this.#open({ path: `manifests/${reference}`, headers: { Accept: accept } }, signal);
  }

  /** Opens a blob from a byte on; the status is 206 when the registry begins there, 200 when it begins at the start. */
  openBlob(digest: Digest, offset: number, signal: AbortSignal): Promise<HttpStream> {
    const headers: Record<string, string> = offset === 0 ? {} : { Range: `bytes=${offset}-` };
    return this.#open({ path: `blobs/${digest.text}`, headers, expected: [200, 206] }, signal);
  }

  /** Stores a blob unless the registry has it already. */
  async pushBlob(bytes: Uint8Array, signal: AbortSignal): Promise<Digest> {
    const digest = digestOf(bytes);
    if (await this.#hasBlob(digest, signal)) return digest;
    const begun = await this.#open({ method: 'POST', path: 'blobs/uploads/', expected: [202] }, signal);
    begun.close();
    const upload = this.#redirect(begun.headers.location ?? '', new URL(this.#urlOf('blobs/uploads/')));
    upload.searchParams.append('digest', digest.text);
    const headers = { 'Content-Type': 'application/octet-stream' };
    const request = { method: 'PUT', path: upload.href, headers, body: bytes, expected: [201] };
    (await this.#open(request, signal)).close();
    return digest;
  }

  /** Stores a manifest under a tag; what it names has to be there already. Gives its digest. */
  async pushManifest(
    tag: string,
    mediaType: string,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): Promise<string> {
    const headers = { 'Content-Type': mediaType };
    const request = { method: 'PUT', path: `manifests/${tag}`, headers, body: bytes, expected: [201] };
    (await this.#open(request, signal)).close();
    return digestOf(bytes).text;
  }

  async #hasBlob(digest: Digest, signal: AbortSignal): Promise<boolean> {
    const request = { method: 'HEAD', path: `blobs/${digest.text}`, expected: [200, 404] };
    const stream = await this.#open(request, signal);
    stream.close();
    return stream.status === 200;
  }

  #urlOf(path: string): string {
    const { reference, baseUrl } = this.#options;
    return new URL(path, `${baseUrl}/v2/${reference.repository}/`).href;
  }

  /** Resolves with what is expected, or rejects: ImageError for what stays, RegistryBusyError for what may pass. */
  async #open(request: SessionRequest, signal: AbortSignal): Promise<HttpStream> {
    const { path, expected = [200] } = request;
    for (let asked = 0; ; asked++) {
      const authorization = await this.#authorization;
      const stream = await this.#follow({ ...request, path: this.#urlOf(path) }, authorization, signal);
      if (expected.includes(stream.status)) return stream;
      if (stream.status !== 401) throw await this.#refusal(stream, path);
      const header = stream.headers['www-authenticate'];
      const said = await errorText(stream, this.#options.limits);
      if (asked >= AUTHORIZATIONS) throw this.#denied(said);
      this.#renew(authorization, header, said, signal);
      await this.#authorization;
    }
  }

  /** One request for all that were refused with the same authorization. */
  #renew(refused: string | undefined, header: string | undefined, said: string, signal: AbortSignal): void {
    const before = this.#authorization;
    this.#authorization = (async () => {
      const current = await before?.catch(() => undefined);
      if (current !== undefined && current !== refused) return current;
      return this.#authorize(header ?? '', said, signal);
    })();
    this.#authorization.catch(() => undefined);
  }

  async #authorize(header: string, said: string, signal: AbortSignal): Promise<string> {
    const { credentials, reference, baseUrl, isInsecure, limits } = this.#options;
    const challenges = parseChallenges(header);
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    if (bearer) {
      const scope = bearer.parameters.scope ?? `repository:${reference.repository}:pull`;
      const token = await requestToken({
        realm: bearer.parameters.realm ?? '',
        service: bearer.parameters.service,
        scope,
        registryUrl: baseUrl,
        credentials,
        isInsecure,
        limits,
        signal,
      });
      return `Bearer ${token}`;
    }
    const isBasic = challenges.some(({ scheme }) => scheme === 'basic');
    if (isBasic && credentials?.type === 'password') return basicAuthorization(credentials);
    if (isBasic) throw this.#denied(said);
    throw new ImageError(
      `${reference.registry} asks for a kind of login that is not known: ${quoteStranger(header)}`,
    );
  }

  /**
   * Follows redirects itself: blobs often lie at another host, which must not see what was meant for the registry, and
   * which must not lead from TLS to plain text.
   */
  async #follow(
    { method = 'GET', path, headers = {}, body }: SessionRequest,
    authorization: string | undefined,
    signal: AbortSignal,
  ): Promise<HttpStream> {
    const { limits, isInsecure, reference, baseUrl } = this.#options;
    const { origin } = new URL(baseUrl);
    let url = new URL(path);
    for (let left = limits.redirects; left >= 0; left--) {
      const isHome = url.origin === origin;
      const stream = await openStream({
        method,
        url: url.href,
        isAnonymous: true,
        ...(body === undefined ? {} : { body }),
        headers: {
          ...headers,
          ...(isHome && authorization !== undefined ? { Authorization: authorization } : {}),
        },
        timeoutMs: limits.answerMs + (body?.length ?? 0) / SLOWEST_UPLOAD_BYTES_PER_MS,
        signal,
        ...(isHome && isInsecure && url.protocol === 'https:' ? { tls: { rejectUnauthorized: false } } : {}),
      });
      const { location } = stream.headers;
      if (!REDIRECTS.has(stream.status) || location === undefined) return stream;
      stream.close();
      url = this.#redirect(location, url);
    }
    throw new ImageError(`${reference.registry} redirects more than ${limits.redirects} times`);
  }

  #redirect(location: string, from: URL): URL {
    const { registry } = this.#options.reference;
    if (!URL.canParse(location, from)) {
      throw new ImageError(`${registry} redirects to something that is no URL: ${quoteStranger(location)}`);
    }
    const to = new URL(location, from);
    const isAllowed =
      to.protocol === 'https:' ||
      (to.protocol === 'http:' && (from.protocol === 'http:' || this.#options.isInsecure));
    if (isAllowed) return to;
    throw new ImageError(`${registry} redirects from ${from.protocol} to ${quoteStranger(to.origin)}`);
  }

  async #refusal(stream: HttpStream, path: string): Promise<Error> {
    const { reference, limits } = this.#options;
    const { status } = stream;
    const retryAfter = Number(stream.headers['retry-after'] ?? Number.NaN);
    const said = await errorText(stream, limits);
    const suffix = said === '' ? '' : `: ${said}`;
    if (status === 429 || status >= 500) {
      const waitMs = Number.isFinite(retryAfter) ? Math.max(0, retryAfter) * 1000 : undefined;
      return new RegistryBusyError(`${reference.registry} answered ${status}${suffix}`, waitMs);
    }
    if (status === 403) return this.#denied(said);
    if (status === 404) {
      const what = path.startsWith('manifests/') ? `${reference.repository}:${path.slice(10)}` : path;
      return new ImageError(`${reference.registry} has no ${what}${suffix}`);
    }
    return new ImageError(`${reference.registry} answered ${status}${suffix}`);
  }

  #denied(said: string): ImageError {
    const { reference, credentials, loginHint } = this.#options;
    const hint = credentials
      ? 'its login in the docker config does not suffice'
      : (loginHint ?? 'it needs a login, such as docker login keeps');
    const suffix = said === '' ? '' : ` (${said})`;
    return new ImageError(`${reference.registry} refuses ${reference.repository}: ${hint}${suffix}`);
  }
}

/** The message in a registry's error, or nothing; ends the connection. */
const errorText = async (stream: HttpStream, limits: ImageLimits): Promise<string> => {
  try {
    const body = await readBounded(stream, ERROR_BYTES, limits.answerMs);
    const { errors } = JSON.parse(body.toString('utf8')) as {
      errors?: { message?: unknown; code?: unknown }[];
    };
    const first = errors?.[0];
    return quoteStranger(String(first?.message ?? first?.code ?? ''));
  } catch {
    return '';
  } finally {
    stream.close();
  }
};
