import { type HttpStream, openStream } from '../http/client.ts';
import { parseChallenges } from './auth-challenge.ts';
import type { Digest } from './digest.ts';
import type { Credentials } from './docker-config.ts';
import { ImageError, quoteStranger } from './image-error.ts';
import type { ImageLimits } from './image-limits.ts';
import type { RegistryReference } from './image-reference.ts';
import { readBounded } from './read-bounded.ts';
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
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Times that a registry may ask who it is within one request: the first, and once more when what it gave ran out. */
const AUTHORIZATIONS = 2;
const ERROR_BYTES = 16 * 1024;

/** One repository of a registry, and how it wants to be asked (OCI distribution specification; mesos.md 6.5). */
export class RegistrySession {
  readonly #options: SessionOptions;
  #authorization: Promise<string> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Opens a manifest; the caller reads its body, and looks at its type. */
  openManifest(reference: string, accept: string, signal: AbortSignal): Promise<HttpStream> {
    return this.#open(`manifests/${reference}`, { Accept: accept }, signal);
  }

  /** Opens a blob from a byte on; the status is 206 when the registry begins there, 200 when it begins at the start. */
  openBlob(digest: Digest, offset: number, signal: AbortSignal): Promise<HttpStream> {
    const range: Record<string, string> = offset === 0 ? {} : { Range: `bytes=${offset}-` };
    return this.#open(`blobs/${digest.text}`, range, signal);
  }

  /** Resolves with a success, or rejects: ImageError for what stays, RegistryBusyError for what may pass. */
  async #open(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<HttpStream> {
    const { reference, baseUrl } = this.#options;
    const url = `${baseUrl}/v2/${reference.repository}/${path}`;
    for (let asked = 0; ; asked++) {
      const authorization = await this.#authorization;
      const stream = await this.#follow(url, headers, authorization, signal);
      if (stream.status === 200 || stream.status === 206) return stream;
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
    start: string,
    headers: Record<string, string>,
    authorization: string | undefined,
    signal: AbortSignal,
  ): Promise<HttpStream> {
    const { limits, isInsecure, reference } = this.#options;
    const origin = new URL(start).origin;
    let url = new URL(start);
    for (let left = limits.redirects; left >= 0; left--) {
      const isHome = url.origin === origin;
      const stream = await openStream({
        url: url.href,
        headers: {
          ...headers,
          ...(isHome && authorization !== undefined ? { Authorization: authorization } : {}),
        },
        timeoutMs: limits.answerMs,
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
    const { reference, credentials } = this.#options;
    const hint = credentials
      ? 'its login in the docker config does not suffice'
      : 'it needs a login: give the agent --docker-config, or the image a config secret';
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
