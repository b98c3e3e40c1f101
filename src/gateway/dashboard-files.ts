import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { send } from '../http/respond.ts';
import type { Exchange, Router } from '../http/router.ts';
import { errorCode } from '../runtime/error-message.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Nothing but this gateway's own files and APIs; no page of another origin may frame it. */
const SECURITY_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
};

interface Page {
  readonly body: Buffer;
  readonly zipped: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly tag: string;
}

/** Serves the built dashboard: `/` is its page, its files are beside it. They are read at the first request for one. */
export const addDashboard = (router: Router, folder: string): void => {
  let reading: Promise<ReadonlyMap<string, Page>> | undefined;
  const pages = (): Promise<ReadonlyMap<string, Page>> => {
    reading ??= readPages(folder);
    return reading;
  };
  router.on('GET', '/', async (exchange) => {
    const index = (await pages()).get('index.html');
    if (index) sendPage(exchange, index);
    else
      send(
        exchange.response,
        200,
        'Plenum runs; its dashboard is not built: npm run build\n',
        SECURITY_HEADERS,
      );
  });
  router.on('GET', '/dashboard/:file', async (exchange) => {
    const page = (await pages()).get(exchange.params.file ?? '');
    if (page) sendPage(exchange, page);
    else send(exchange.response, 404, '', SECURITY_HEADERS);
  });
};

const readPages = async (folder: string): Promise<ReadonlyMap<string, Page>> => {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  const served = names.filter((name) => TYPES[extname(name)] !== undefined);
  const pages = await Promise.all(
    served.map(async (name): Promise<[string, Page]> => [name, await readPage(join(folder, name))]),
  );
  return new Map(pages);
};

const readPage = async (file: string): Promise<Page> => {
  const body = await readFile(file);
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 20)}"`;
  const headers = {
    ...SECURITY_HEADERS,
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    'Cache-Control': 'no-cache',
    ETag: tag,
    Vary: 'Accept-Encoding',
  };
  return { body, zipped: gzipSync(body), headers, tag };
};

const sendPage = ({ request, response }: Exchange, { body, zipped, headers, tag }: Page): void => {
  if (request.headers['if-none-match'] === tag) response.writeHead(304, headers).end();
  else if (/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
    send(response, 200, zipped, { ...headers, 'Content-Encoding': 'gzip' });
  } else send(response, 200, body, headers);
};
