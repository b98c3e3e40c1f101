import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { MinisignKey } from '../signing/minisign.ts';
import type { ReadRepository } from './cached-source.ts';
import { checkSignature, LARGEST_SIGNATURE_BYTES, SIGNATURE_SUFFIX, unsigned } from './check-signature.ts';
import { download, withScratchFolder } from './download.ts';
import { gunzipped, readContent } from './read-content.ts';
import { RepositoryError } from './repository-error.ts';
import { redactUri } from './repository-uri.ts';

/**
 * Fetches a URL, redirects followed, and gives the body as it arrives. Rejects when it cannot be reached; the body does
 * when it takes too long.
 */
export type FetchUrl = (request: {
  url: string;
  headers: Readonly<Record<string, string>>;
}) => Promise<FetchedUrl>;

export interface FetchedUrl {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: AsyncIterable<Buffer>;
  /** Ends the connection. */
  close(): void;
}

export interface HttpReaderOptions {
  readonly url: string;
  readonly scratchDir: string;
  readonly fetchUrl: FetchUrl;
  /** Servers of universes look for `dcos/<version>` in it. */
  readonly userAgent: string;
  /** Who must have signed it: the signature is fetched from beside it. */
  readonly key?: MinisignKey | undefined;
}

/** What the original takes too (reference 1.11). */
const LIMIT_BYTES = 40 * 1024 * 1024;
/** Of built repositories, the newest form first (reference 1.9). */
export const REPOSITORY_MEDIA_TYPES = ['v5', 'v4', 'v3'].map(
  (version) => `application/vnd.dcos.universe.repo+json;charset=utf-8;version=${version}`,
);

/**
 * Reads a repository from a web server (reference 1.9, 1.11): a built one, or an archive of a folder. Static servers
 * seldom send the media type of repositories: what came is told by its first bytes.
 */
export const httpReader = (options: HttpReaderOptions): ReadRepository => {
  const { url, scratchDir, fetchUrl, userAgent } = options;
  const shown = redactUri(url);

  return async (known) => {
    const { etag, lastModified } = known?.validators ?? {};
    const response = await fetchUrl({
      url,
      headers: {
        Accept: new URL(url).pathname.endsWith('.zip') ? 'application/zip' : REPOSITORY_MEDIA_TYPES.join(','),
        'Accept-Encoding': 'gzip',
        'User-Agent': userAgent,
        ...(etag === undefined ? {} : { 'If-None-Match': etag }),
        ...(lastModified === undefined ? {} : { 'If-Modified-Since': lastModified }),
      },
    }).catch((error: unknown) => {
      throw unreachable(shown, error);
    });
    try {
      if (response.status === 304 && known) return { type: 'unchanged' };
      if (response.status >= 300 && response.status < 400) {
        throw new RepositoryError('bad-redirect', `${shown} redirects too often (${response.status})`, {
          status: response.status,
          actual: schemeOf(response.headers.location, url),
        });
      }
      if (response.status !== 200)
        throw new RepositoryError('bad-status', `${shown} answered ${response.status}`, {
          status: response.status,
        });
      return await withScratchFolder(scratchDir, async (folder) => {
        const file = join(folder, 'content');
        checkEncoding(shown, response.headers);
        const hex = await download(response.body, { file, limitBytes: LIMIT_BYTES }).catch(
          (error: unknown) => {
            throw unreachable(shown, error);
          },
        );
        const digest = `sha256:${hex}`;
        const validators = validatorsOf(response.headers);
        if (digest === known?.signature) return { type: 'unchanged', validators };
        await checkSigned(options, { file, encoding: response.headers['content-encoding'] });
        const contentType = response.headers['content-type'];
        const what = `What ${shown} sent (content type ${contentType ?? 'unknown'})`;
        const content = await readContent({ file, what, scratchDir: folder, contentType });
        return { type: 'read', ...content, signature: digest, digest, validators };
      });
    } finally {
      response.close();
    }
  };
};

/** What a server compressed on the way was signed as it was before. */
const checkSigned = async (
  { url, fetchUrl, userAgent, key }: HttpReaderOptions,
  { file, encoding = 'identity' }: { file: string; encoding: string | undefined },
): Promise<void> => {
  if (!key) return;
  const place = new URL(url);
  place.pathname += SIGNATURE_SUFFIX;
  const what = redactUri(url);
  const response = await fetchUrl({ url: place.href, headers: { 'User-Agent': userAgent } }).catch(
    (error: unknown) => {
      throw unreachable(redactUri(place.href), error);
    },
  );
  try {
    if (response.status !== 200) throw unsigned(what, `${redactUri(place.href)} answered ${response.status}`);
    const signature = await readSmall(response.body);
    const pieces = createReadStream(file);
    const content = encoding === 'identity' ? pieces : gunzipped(pieces, what);
    await checkSignature({ content, signature, key, what });
  } finally {
    response.close();
  }
};

const readSmall = async (pieces: AsyncIterable<Buffer>): Promise<string> => {
  let bytes = Buffer.alloc(0);
  for await (const piece of pieces) {
    bytes = Buffer.concat([bytes, piece]);
    if (bytes.length > LARGEST_SIGNATURE_BYTES) break;
  }
  return bytes.toString('utf8');
};

const validatorsOf = (headers: Readonly<Record<string, string | undefined>>): Record<string, string> => {
  const { etag, 'last-modified': lastModified } = headers;
  return { ...(etag ? { etag } : {}), ...(lastModified ? { lastModified } : {}) };
};

/** What is compressed is told by its first bytes as well. */
const checkEncoding = (shown: string, headers: Readonly<Record<string, string | undefined>>): void => {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity' || encoding === 'gzip' || encoding === 'x-gzip') return;
  throw new RepositoryError('bad-encoding', `${shown} sent the content encoding ${encoding}`, {
    actual: encoding,
  });
};

const schemeOf = (location: string | undefined, base: string): string | undefined =>
  location !== undefined && URL.canParse(location, base)
    ? new URL(location, base).protocol.slice(0, -1)
    : undefined;

const unreachable = (shown: string, error: unknown): RepositoryError => {
  if (error instanceof RepositoryError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  // The address itself is one of the web: a redirect leads to another kind.
  if (error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_PROTOCOL') {
    const [, actual] = /^Protocol "([^"]*):"/.exec(reason) ?? [];
    return new RepositoryError('bad-redirect', `${shown} redirects to what is no address of the web`, {
      actual,
      cause: error,
    });
  }
  return new RepositoryError('unreachable', `${shown} cannot be reached: ${reason}`, { cause: error });
};
