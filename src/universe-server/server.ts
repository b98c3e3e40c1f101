import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { HttpError } from '../http/http-error.ts';
import { send, sendJson } from '../http/respond.ts';
import { type Exchange, Router } from '../http/router.ts';
import { acceptsGzip } from '../http/send-compressible.ts';
import { type HttpServer, startServer } from '../http/server.ts';
import type { ServerAccess } from '../http/server-access.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { packagesForRelease } from '../universe/building/packages-for-release.ts';
import { repositoryMediaType } from '../universe/building/releases.ts';
import { addMirrorRoutes } from './mirror-routes.ts';
import { type Negotiated, negotiate } from './negotiate.ts';
import { type PreparedAnswer, PreparedAnswers } from './prepared-answers.ts';
import { ServedUniverse } from './served-universe.ts';
import { openTreeSource } from './tree-source.ts';
import { unpackedMirror } from './unpacked-mirror.ts';

export interface UniverseServerOptions {
  /** A folder, a mirror packed as NAME.tar, or a Git URL. */
  readonly repository: string;
  /** Folder for clones. */
  readonly cacheDir: string;
  readonly host?: string;
  readonly port?: number;
  readonly hostnames?: readonly string[];
  readonly access?: ServerAccess;
  /** Where clusters reach this server, for the addresses of a mirror. Default: as it listens. */
  readonly publicUrl?: string | undefined;
  /** How often the repository is looked at. Default: by its kind. */
  readonly intervalMs?: number | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export interface UniverseServer extends HttpServer {
  readonly universe: ServedUniverse;
}

/**
 * Offers a repository to clusters as the original's server does (reference 1.11): `/repo` for their package service,
 * `/package/NAME` with one package alone, `/` to be looked at by people and health checks. Throws RepositoryError when the
 * repository cannot be read at all.
 */
export const startUniverseServer = async (options: UniverseServerOptions): Promise<UniverseServer> => {
  const { repository, cacheDir, clock, log, host, port, hostnames, access, intervalMs } = options;
  const hosted: Hosted = {};
  const location = await unpackedMirror(repository, cacheDir);
  const source = openTreeSource({
    uri: location,
    cacheDir,
    base: () => options.publicUrl ?? hosted.url ?? '',
  });
  const server = await startServer({
    router: routes(hosted, source.shown),
    log,
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(hostnames === undefined ? {} : { hostnames }),
    access,
    renderError: (error, _request, response) =>
      sendJson(response, error.status, error.body ?? { message: error.message }, error.headers),
  });
  hosted.url = server.url;
  const universe = await ServedUniverse.open(source, { clock, log, intervalMs }).catch(
    async (error: unknown) => {
      await server.close();
      throw error;
    },
  );
  hosted.universe = universe;
  hosted.folder = source.shown;
  const close = async (): Promise<void> => {
    universe.close();
    await server.close();
  };
  return { ...server, universe, close };
};

/** What comes to be while the server starts: a mirror must know where it is reached before it is read. */
interface Hosted {
  url?: string;
  universe?: ServedUniverse;
  folder?: string;
}

const universeOf = ({ universe }: Hosted): ServedUniverse => {
  if (universe) return universe;
  throw new HttpError(503, 'The repository is being read', { headers: { 'Retry-After': '1' } });
};

const routes = (hosted: Hosted, shown: string): Router => {
  const answersOf = new WeakMap<object, PreparedAnswers>();
  const answers = (): PreparedAnswers => {
    const { state } = universeOf(hosted);
    const known = answersOf.get(state) ?? new PreparedAnswers();
    answersOf.set(state, known);
    return known;
  };
  const sendPackages = async ({ request, response }: Exchange, only?: string): Promise<void> => {
    const { packages } = universeOf(hosted).state;
    const chosen = negotiate(request.headers);
    const own = only === undefined ? packages : packages.filter(({ name }) => name === only);
    if (only !== undefined && own.length === 0) throw new HttpError(404, `There is no package ${only}`);
    const key = `${chosen.release} ${chosen.format} ${only ?? ''}`;
    const answer = await answers().get(key, () => packagesForRelease(own, chosen.release, chosen.format));
    await sendAnswer(request, response, { answer, chosen });
  };
  const sendEmpty = ({ response }: Exchange): void =>
    send(response, 200, '{"packages":[]}', { 'Content-Type': repositoryMediaType('v3') });
  const router = new Router()
    .on('GET', '/repo', (exchange) => sendPackages(exchange))
    .on('GET', '/package/:name', (exchange) => sendPackages(exchange, exchange.params.name))
    .on('GET', '/repo-1.7', sendEmpty)
    .on('GET', '/repo-empty-v3.json', sendEmpty)
    .on('GET', '/health', ({ response }) =>
      sendJson(response, 200, { revisions: universeOf(hosted).state.packages.length }),
    )
    .on('GET', '/', ({ response }) => sendJson(response, 200, statusJson(universeOf(hosted), shown)));
  addMirrorRoutes(router, () => {
    const { mirror } = universeOf(hosted).state;
    if (mirror === undefined || hosted.folder === undefined)
      throw new HttpError(404, 'No mirror is hosted here');
    return { manifest: mirror, folder: hosted.folder };
  });
  return router;
};

/** The content decides the tag, and so does its name: an answer under another name is another answer. */
const sendAnswer = async (
  request: IncomingMessage,
  response: ServerResponse,
  { answer, chosen: { label } }: { answer: PreparedAnswer; chosen: Negotiated },
): Promise<void> => {
  const etag = `W/"${answer.sha256.slice(0, 40)}-${label}"`;
  const headers = {
    'Content-Type': label === 'json' ? 'application/json;charset=utf-8' : repositoryMediaType(label),
    ETag: etag,
    'Cache-Control': 'no-cache',
    Vary: 'Accept, Accept-Encoding, User-Agent',
  };
  if (matches(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers).end();
  } else if (acceptsGzip(request)) {
    send(response, 200, answer.zipped, { ...headers, 'Content-Encoding': 'gzip' });
  } else {
    response.writeHead(200, { ...headers, 'Content-Length': String(answer.bytes) });
    if (request.method === 'HEAD') return void response.end();
    const unzip = createGunzip();
    unzip.end(answer.zipped);
    // A client that goes away ends the pipeline; that is its own affair.
    await pipeline(unzip, response).catch(() => undefined);
  }
};

const matches = (header: string | undefined, etag: string): boolean =>
  (header ?? '').split(',').some((known) => [etag, etag.slice(2), '*'].includes(known.trim()));

/** As the original's package registry tells its health, and what else there is to know. */
const statusJson = (universe: ServedUniverse, shown: string): object => {
  const { packages, defects, sinceMs, trouble } = universe.status();
  const names = new Set(packages.map(({ name }) => name));
  const message = `Able to find ${names.size} package(s).`;
  const check =
    trouble === undefined ? { Healthy: { message } } : { Unhealthy: { message: `${message} ${trouble}` } };
  return {
    checks: { '/repo': check },
    repository: shown,
    packages: names.size,
    revisions: packages.length,
    servedSince: new Date(sinceMs).toISOString(),
    ...(trouble === undefined ? {} : { trouble }),
    defects: defects.slice(0, 100),
  };
};
