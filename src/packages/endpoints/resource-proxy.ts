import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createFetchBody } from '../../http/fetch-body.ts';
import { send } from '../../http/respond.ts';
import type { Handler } from '../../http/router.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Catalog } from '../../universe/catalog/catalog.ts';
import type { FetchedUrl } from '../../universe/sources/http-reader.ts';
import { cosmosError } from '../api/cosmos-error.ts';
import type { PackageServices } from '../package-services.ts';
import { readLimited } from '../repositories/read-limited.ts';

/** What must be looked at whole before any of it is passed on: programs of the command line. */
const LARGEST_CHECKED_BYTES = 64 * 1024 * 1024;
/** What is passed on as it arrives, such as the archives that agents fetch. */
const LARGEST_PASSED_BYTES = 8 * 1024 ** 3;

const LONGEST_MS = 30 * 60_000;

const openUrl = createFetchBody({ headersMs: 20_000, wholeMs: LONGEST_MS });

/**
 * GET /package/resource?url=U (reference 2.11): fetches what a package names, for clients that cannot reach it. Other
 * URLs are refused, so that nobody reaches through the cluster what they should not.
 */
export const resourceProxy =
  ({ cache }: PackageServices): Handler =>
  async ({ query, response }) => {
    const url = query.get('url');
    if (url === null) throw cosmosError('not_present', "Required parameter 'url' is not present");
    const { catalog } = await cache.view();
    if (!/^https?:\/\//i.test(url) || !isNamed(catalog, url)) {
      throw cosmosError(
        'Forbidden',
        'Forbidden response from service [resource]: no package names this URL',
        {
          status: 403,
          data: { serviceName: 'resource', destination: url.slice(0, 500), status: 403 },
        },
      );
    }
    if (!URL.canParse(url)) {
      throw cosmosError('EndpointUriSyntax', `URI [${url}] has invalid syntax`, {
        data: { destination: url, cause: 'Invalid URL' },
      });
    }
    const fetched = await openUrl({ url, headers: {} }).catch((error: unknown) => {
      throw unreachable(url, error);
    });
    const { status, headers } = fetched;
    if (status !== 200) {
      fetched.close();
      throw cosmosError('GenericHttpError', `Unexpected upstream HTTP error: GET ${url} ${status}`, {
        data: { method: 'GET', uri: url, clientStatus: status, status: 400 },
      });
    }
    const fileName =
      new URL(url).pathname
        .split('/')
        .at(-1)
        ?.replaceAll(/[^\w.@-]/g, '_') ?? '';
    const own = {
      'Content-Type': headers['content-type'] ?? 'application/octet-stream',
      // What a package names must never run as a page of the cluster.
      'Content-Disposition': `attachment; filename="${fileName}"`,
      'X-Content-Type-Options': 'nosniff',
    };
    const declared = declaredHashes(catalog, url);
    if (declared.size === 0) return passOn(fetched, response, own);
    const body = await readLimited(fetched, LARGEST_CHECKED_BYTES).catch((error: unknown) => {
      throw unreachable(url, error);
    });
    refuseOtherContent(declared, url, body);
    send(response, 200, body, own);
  };

const unreachable = (url: string, error: unknown) => {
  const cause = errorMessage(error);
  return cosmosError('EndpointUriConnection', `Could not access data at URI [${url}]: ${cause}`, {
    status: 502,
    data: { destination: url, cause },
  });
};

/** Passes a body on as it arrives; one that breaks off, or that nobody takes, breaks off for the client too. */
const passOn = async (
  { body, close }: Pick<FetchedUrl, 'body' | 'close'>,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): Promise<void> => {
  response.writeHead(200, headers);
  try {
    if (response.req.method === 'HEAD') response.end();
    // A client that takes nothing does not hold the connection longer either.
    else await pipeline(Readable.from(limited(body)), response, { signal: AbortSignal.timeout(LONGEST_MS) });
  } catch {
    response.destroy();
  } finally {
    close();
  }
};

async function* limited(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > LARGEST_PASSED_BYTES) throw new Error(`it is larger than ${LARGEST_PASSED_BYTES} bytes`);
    yield piece;
  }
}

/** Where a package says what it should be, nothing else is passed on (reference 1.5). */
const refuseOtherContent = (declared: ReadonlySet<string>, url: string, body: Buffer): void => {
  const actual = createHash('sha256').update(body).digest('hex');
  if (declared.has(actual)) return;
  throw cosmosError('ContentHashMismatch', `What stands at [${url}] is not what its package says`, {
    status: 502,
    data: { uri: url, expected: [...declared], actual, status: 502 },
  });
};

const declaredHashes = (catalog: Catalog, url: string): ReadonlySet<string> => {
  const named = [...catalog.values()].flat().filter(({ packed }) => packed.urls.includes(url));
  const binaries = named.flatMap(({ packed }) =>
    Object.values(packed.unpack().resource?.cli?.binaries ?? {}),
  );
  const own = binaries.map((platform) => platform['x86-64']).filter((binary) => binary.url === url);
  const hashes = own.flatMap(({ contentHash }) => contentHash).filter(({ algo }) => algo === 'sha256');
  return new Set(hashes.map(({ value }) => value.toLowerCase()));
};

const isNamed = (catalog: Catalog, url: string): boolean => {
  for (const entries of catalog.values()) {
    if (entries.some(({ packed }) => packed.urls.includes(url))) return true;
  }
  return false;
};
