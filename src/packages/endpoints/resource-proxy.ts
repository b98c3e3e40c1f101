import { createHash } from 'node:crypto';
import { send } from '../../http/respond.ts';
import type { Handler } from '../../http/router.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Catalog } from '../../universe/catalog/catalog.ts';
import type { FetchedUrl } from '../../universe/sources/http-reader.ts';
import { cosmosError } from '../api/cosmos-error.ts';
import type { PackageServices } from '../package-services.ts';
import { fetchUrl } from '../repositories/fetch-url.ts';
import { readLimited } from '../repositories/read-limited.ts';

const LIMIT_BYTES = 64 * 1024 * 1024;

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
    const { status, headers, body } = await fetchWhole(url).catch((error: unknown) => {
      const cause = errorMessage(error);
      throw cosmosError('EndpointUriConnection', `Could not access data at URI [${url}]: ${cause}`, {
        status: 502,
        data: { destination: url, cause },
      });
    });
    if (status !== 200) {
      throw cosmosError('GenericHttpError', `Unexpected upstream HTTP error: GET ${url} ${status}`, {
        data: { method: 'GET', uri: url, clientStatus: status, status: 400 },
      });
    }
    refuseOtherContent(catalog, url, body);
    const fileName =
      new URL(url).pathname
        .split('/')
        .at(-1)
        ?.replaceAll(/[^\w.@-]/g, '_') ?? '';
    send(response, 200, body, {
      'Content-Type': headers['content-type'] ?? 'application/octet-stream',
      // What a package names must never run as a page of the cluster.
      'Content-Disposition': `attachment; filename="${fileName}"`,
      'X-Content-Type-Options': 'nosniff',
    });
  };

const fetchWhole = async (url: string): Promise<Omit<FetchedUrl, 'body'> & { body: Buffer }> => {
  const fetched = await fetchUrl({ url, headers: {} });
  return { ...fetched, body: await readLimited(fetched, LIMIT_BYTES) };
};

/** Where a package says what it should be, nothing else is passed on (reference 1.5). */
const refuseOtherContent = (catalog: Catalog, url: string, body: Buffer): void => {
  const declared = declaredHashes(catalog, url);
  if (declared.size === 0) return;
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
