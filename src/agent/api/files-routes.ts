import { pipeline } from 'node:stream/promises';
import { HttpError } from '../../http/http-error.ts';
import { send, sendJson } from '../../http/respond.ts';
import type { Exchange, Router } from '../../http/router.ts';
import type { Acls } from '../../mesos/acls/acls.ts';
import { contentType, type FileRefusal, modeText, type SandboxFiles } from './files.ts';
import { permissionOf } from './permission.ts';

interface FilesOptions {
  readonly files: SandboxFiles;
  readonly acls: Acls | undefined;
}

/** The v0 files API (mesos.md 3.11), also under the names with .json that older clients use. */
export const addFilesRoutes = (router: Router, options: FilesOptions): void => {
  for (const suffix of ['', '.json']) {
    router.on('GET', `/files/browse${suffix}`, (exchange) => browse(exchange, options));
    router.on('GET', `/files/read${suffix}`, (exchange) => read(exchange, options));
    router.on('GET', `/files/download${suffix}`, (exchange) => download(exchange, options));
    router.on('GET', `/files/debug${suffix}`, ({ request, response }) => {
      const reader = permissionOf(options.acls, request);
      reader.demand('get_endpoints', '/files/debug');
      sendJson(response, 200, options.files.namesFor(reader));
    });
  }
};

const pathOf = ({ query }: Exchange): string => {
  const path = query.get('path');
  if (!path) throw new HttpError(400, "Expecting 'path=value' in query.\n");
  return path;
};

const browse = async (exchange: Exchange, { files, acls }: FilesOptions): Promise<void> => {
  const entries = await files.list(pathOf(exchange), permissionOf(acls, exchange.request));
  if (!Array.isArray(entries)) return refuse(exchange, entries);
  sendJson(
    exchange.response,
    200,
    entries.map(({ mtime, mode = 0, ...entry }) => ({
      ...entry,
      mode: modeText(mode),
      mtime: (mtime?.nanoseconds ?? 0) / 1e9,
    })),
  );
};

const read = async (exchange: Exchange, { files, acls }: FilesOptions): Promise<void> => {
  const path = pathOf(exchange);
  const offset = numberOf(exchange, 'offset');
  const length = numberOf(exchange, 'length');
  const piece = await files.read(path, {
    offset: Math.max(0, offset),
    length: length < 0 ? undefined : length,
    reader: permissionOf(acls, exchange.request),
  });
  if ('type' in piece) return refuse(exchange, piece);
  // Asked for no place in particular, a pager wants to know where the end is.
  if (offset < 0) return sendJson(exchange.response, 200, { data: '', offset: piece.size });
  sendJson(exchange.response, 200, { data: piece.data.toString('utf8'), offset });
};

/** -1, or missing, stands for "not given". */
const numberOf = ({ query }: Exchange, name: 'offset' | 'length'): number => {
  const text = query.get(name);
  if (text === null || text === '') return -1;
  const value = Number(text);
  if (!Number.isInteger(value))
    throw new HttpError(400, `Failed to parse ${name}: '${text}' is not a number.\n`);
  if (value < -1) throw new HttpError(400, `Negative ${name} provided: ${value}.\n`);
  return value;
};

const download = async (exchange: Exchange, { files, acls }: FilesOptions): Promise<void> => {
  const { request, response } = exchange;
  const file = await files.open(pathOf(exchange), permissionOf(acls, request));
  if ('type' in file) {
    if (file.type === 'missing') throw new HttpError(404, '404 Not Found.');
    return refuse(exchange, file);
  }
  try {
    response.writeHead(200, {
      'Content-Type': contentType(file.name),
      'Content-Disposition': `attachment; filename=${encodeURIComponent(file.name)}`,
      'Content-Length': String(file.size),
    });
    if (file.size === 0 || request.method === 'HEAD') return void response.end();
    // A file that grows meanwhile must not make the answer longer than was said.
    await pipeline(file.file.createReadStream({ start: 0, end: file.size - 1, autoClose: false }), response);
  } finally {
    await file.file.close();
  }
};

const refuse = ({ response }: Exchange, refusal: FileRefusal): void => {
  if (refusal.type === 'folder') throw new HttpError(400, 'Cannot read a directory.\n');
  send(response, refusal.type === 'missing' ? 404 : 403, '', { 'Content-Type': 'text/plain; charset=utf-8' });
};
