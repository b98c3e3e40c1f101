import { openStream } from '../http/client.ts';
import { ImageError, quoteStranger } from './image-error.ts';
import type { ImageLimits } from './image-limits.ts';
import { readBounded } from './read-bounded.ts';
import type { Credentials } from './registry-credentials.ts';

export interface TokenRequest {
  /** Where tokens are given, as the registry said. */
  readonly realm: string;
  readonly service: string | undefined;
  /** Such as repository:library/nginx:pull. */
  readonly scope: string;
  readonly registryUrl: string;
  readonly credentials: Credentials | undefined;
  readonly isInsecure: boolean;
  readonly limits: ImageLimits;
  readonly signal: AbortSignal;
}

const CLIENT_ID = 'plenum';
/** A token becomes a header: one word, of a length that servers take. */
const TOKEN = /^[\x21-\x7e]{1,16384}$/;

export const basicAuthorization = ({ username, password }: Credentials & { type: 'password' }): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** Gets a token to pull with: with a password by GET, with what an earlier login got by POST (OAuth 2). */
export const requestToken = async (options: TokenRequest): Promise<string> => {
  const { credentials, service, scope, limits, signal, isInsecure } = options;
  const url = checkedRealm(options);
  const asks = { ...(service === undefined ? {} : { service }), scope };
  const tls = isInsecure && url.protocol === 'https:' ? { tls: { rejectUnauthorized: false } } : {};
  const common = { isAnonymous: true, timeoutMs: limits.answerMs, signal, ...tls };
  if (credentials?.type !== 'identity-token') {
    for (const [name, value] of Object.entries(asks)) url.searchParams.append(name, value);
  }
  const stream = await openStream(
    credentials?.type === 'identity-token'
      ? {
          ...common,
          method: 'POST',
          url: url.href,
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({
            grant_type: 'refresh_token',
            client_id: CLIENT_ID,
            refresh_token: credentials.token,
            ...asks,
          }).toString(),
        }
      : {
          ...common,
          url: url.href,
          headers: credentials ? { Authorization: basicAuthorization(credentials) } : {},
        },
  );
  const body = await readBounded(stream, limits.documentBytes, limits.answerMs);
  if (stream.status !== 200) {
    const hint = stream.status === 401 || stream.status === 403 ? ': the login is wrong or missing' : '';
    throw new ImageError(`${url.host} gave no token, but answered ${stream.status}${hint}`);
  }
  return tokenIn(body, url.host);
};

const checkedRealm = ({ realm, registryUrl, isInsecure }: TokenRequest): URL => {
  if (!URL.canParse(realm)) {
    throw new ImageError(
      `${new URL(registryUrl).host} names no place that gives tokens: ${quoteStranger(realm)}`,
    );
  }
  const url = new URL(realm);
  // A password must not be sent in the clear because a registry says so.
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isInsecure)) return url;
  throw new ImageError(`Tokens are asked for over https only, not at ${quoteStranger(url.origin)}`);
};

const tokenIn = (body: Buffer, host: string): string => {
  try {
    const { token, access_token } = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    const found = token ?? access_token;
    if (typeof found === 'string' && TOKEN.test(found)) return found;
  } catch {
    // Told below.
  }
  throw new ImageError(`${host} answered without a token`);
};
