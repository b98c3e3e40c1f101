import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { LoadedRepository, RepositorySource } from './loaded-repository.ts';
import { readBuiltRepository } from './read-built-repository.ts';
import { RepositoryError } from './repository-error.ts';
import { redactUri } from './repository-uri.ts';

/** Fetches a URL, redirects followed. Rejects when it cannot be reached or the body is larger than the limit. */
export type FetchUrl = (request: {
  url: string;
  headers: Readonly<Record<string, string>>;
  limitBytes: number;
}) => Promise<{ status: number; headers: Readonly<Record<string, string | undefined>>; body: Buffer }>;

export interface HttpSourceOptions {
  readonly url: string;
  readonly cacheDir: string;
  readonly fetchUrl: FetchUrl;
  /** Servers of universes look for `dcos/<version>` in it. */
  readonly userAgent: string;
}

/** What the original takes too (reference 1.11). */
const LIMIT_BYTES = 40 * 1024 * 1024;
const LARGEST_UNZIPPED_BYTES = 256 * 1024 * 1024;
const MEDIA_TYPES = ['v5', 'v4', 'v3'].map(
  (version) => `application/vnd.dcos.universe.repo+json;charset=utf-8;version=${version}`,
);

/** The copy of what a server sent last, kept on disk: it serves when the server is away. */
interface StoredCopy {
  etag: string | null;
  lastModified: string | null;
  /** When the server last said that it holds this, in ms since 1970. */
  confirmedAtMs: number;
  text: string;
}

/** What a server is asked by whether it has anything newer. */
type Validators = Pick<StoredCopy, 'etag' | 'lastModified'>;

/** A built repository on a web server (reference 1.9, 1.11). */
export const httpSource = (options: HttpSourceOptions): RepositorySource => {
  const key = createHash('sha256').update(options.url).digest('hex').slice(0, 32);
  const file = join(options.cacheDir, 'http', `${key}.json`);
  let known: { copy: StoredCopy; repository: LoadedRepository } | undefined;

  /** Asks the server; falls back on the stored copy only when there is nothing newer in memory. */
  const load = async (previous?: LoadedRepository): Promise<LoadedRepository> => {
    if (previous !== undefined && previous === known?.repository) return refresh(known);
    const stored = await readStored(file);
    try {
      const fetched = await fetchRepository(options, stored);
      if (fetched) await writeStored(file, fetched);
      else await markConfirmed(file);
      return remember(fetched ?? stored);
    } catch (error) {
      if (previous !== undefined || stored === undefined || !isAway(error)) throw error;
      return { ...(await readCopy(stored)), stale: { sinceMs: stored.confirmedAtMs, reason: error.message } };
    }
  };

  const refresh = async ({ copy, repository }: NonNullable<typeof known>): Promise<LoadedRepository> => {
    const fetched = await fetchRepository(options, copy);
    await (fetched ? writeStored(file, fetched) : markConfirmed(file));
    if (fetched === undefined || signatureOf(fetched.text) === repository.signature) return repository;
    return remember(fetched);
  };

  const remember = async (copy: StoredCopy | undefined): Promise<LoadedRepository> => {
    if (copy === undefined)
      throw new RepositoryError('bad-status', 'The server answered 304 unasked', { status: 304 });
    const repository = await readCopy(copy);
    known = { copy, repository };
    return repository;
  };

  return { load };
};

/** The server is away or ill, as opposed to sending something that is no repository. */
const isAway = (error: unknown): error is RepositoryError =>
  error instanceof RepositoryError &&
  (error.problem === 'unreachable' || (error.problem === 'bad-status' && (error.status ?? 0) >= 500));

/** Gives undefined when the server says that nothing has changed. */
const fetchRepository = async (
  { url, fetchUrl, userAgent }: HttpSourceOptions,
  validators: Validators | undefined,
): Promise<StoredCopy | undefined> => {
  const { etag = null, lastModified = null } = validators ?? {};
  const response = await fetchUrl({
    url,
    headers: {
      Accept: MEDIA_TYPES.join(','),
      'Accept-Encoding': 'gzip',
      'User-Agent': userAgent,
      ...(etag === null ? {} : { 'If-None-Match': etag }),
      ...(lastModified === null ? {} : { 'If-Modified-Since': lastModified }),
    },
    limitBytes: LIMIT_BYTES,
  }).catch((error: unknown) => {
    if (error instanceof RepositoryError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new RepositoryError('unreachable', `${redactUri(url)} cannot be reached: ${reason}`, {
      cause: error,
    });
  });
  if (response.status === 304 && (etag ?? lastModified) !== null) return undefined;
  if (response.status !== 200) {
    throw new RepositoryError('bad-status', `${redactUri(url)} answered ${response.status}`, {
      status: response.status,
    });
  }
  const text = await readText(url, response.headers, response.body);
  return {
    etag: response.headers.etag ?? null,
    lastModified: response.headers['last-modified'] ?? null,
    confirmedAtMs: Date.now(),
    text,
  };
};

/** Static servers seldom send the media type of repositories: any JSON is read, and what is none is named. */
const readText = async (
  url: string,
  headers: Readonly<Record<string, string | undefined>>,
  body: Buffer,
): Promise<string> => {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new RepositoryError('bad-content-type', `${redactUri(url)} sent the content encoding ${encoding}`);
  }
  const content = encoding === 'gzip' ? await unzipped(url, body) : body;
  const start = content
    .toString('utf8', 0, 100)
    .trimStart()
    .replace(/^\ufeff/, '');
  if (start.startsWith('{')) return content.toString('utf8');
  const what = start.startsWith('PK')
    ? 'a zip archive, a form that repositories had before DC/OS 1.8'
    : `no JSON (content type ${headers['content-type'] ?? 'unknown'})`;
  throw new RepositoryError(
    'bad-content-type',
    `${redactUri(url)} sent ${what}: expected a built repository, ${MEDIA_TYPES.join(' or ')}`,
  );
};

const unzip = promisify(gunzip);

const unzipped = async (url: string, body: Buffer): Promise<Buffer> => {
  try {
    return await unzip(body, { maxOutputLength: LARGEST_UNZIPPED_BYTES });
  } catch (error) {
    throw new RepositoryError('bad-content', `What ${redactUri(url)} sent cannot be unzipped`, {
      cause: error,
    });
  }
};

const readCopy = async ({ text }: StoredCopy): Promise<LoadedRepository> => ({
  ...(await readBuiltRepository(text)),
  signature: signatureOf(text),
});

const signatureOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const readStored = async (file: string): Promise<StoredCopy | undefined> => {
  try {
    const { etag, lastModified, text } = JSON.parse(await readFile(file, 'utf8')) as Partial<StoredCopy>;
    if (typeof text !== 'string') return undefined;
    const { mtimeMs: confirmedAtMs } = await stat(file);
    return { etag: textOrNull(etag), lastModified: textOrNull(lastModified), confirmedAtMs, text };
  } catch {
    // Not there yet, or damaged: it is fetched again.
    return undefined;
  }
};

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The copy's time says when the server last said that it still holds this. */
const markConfirmed = async (file: string): Promise<void> => {
  const now = new Date();
  await utimes(file, now, now).catch(() => undefined);
};

/** A full disk must not be in the way: the copy is there for the server's bad days only. */
const writeStored = async (file: string, copy: StoredCopy): Promise<void> => {
  try {
    await mkdir(join(file, '..'), { recursive: true, mode: 0o700 });
    await writeFile(`${file}.new`, JSON.stringify(copy), { mode: 0o600 });
    await rename(`${file}.new`, file);
  } catch {
    // Without the copy everything works that works with the server.
  }
};
