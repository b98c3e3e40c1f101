import { HttpError } from '../../http/http-error.ts';
import { send } from '../../http/respond.ts';
import type { Exchange, Router } from '../../http/router.ts';
import { sendJsonp } from '../../http/send-jsonp.ts';
import { sendOpenFile } from '../../http/send-open-file.ts';
import type { Acls } from '../../mesos/acls/acls.ts';
import { type FilesQuery, pieceJson, readPathQuery, readPieceQuery } from '../../mesos/v0/files-query.ts';
import { contentType, type FileRefusal, modeText, type SandboxFiles } from './files.ts';
import { permissionOf } from './permission.ts';

interface FilesOptions {
  readonly files: SandboxFiles;
  readonly acls: Acls | undefined;
}

/** The v0 files API (mesos.md 3.11), also under the names with .json that older clients use. */
export const addFilesRoutes = (router: Router, options: FilesOptions): void => {
  for (const suffix of ['', '.json']) {
    router.on('*', `/files/browse${suffix}`, (exchange) => browse(exchange, options));
    router.on('*', `/files/read${suffix}`, (exchange) => read(exchange, options));
    router.on('*', `/files/download${suffix}`, (exchange) => download(exchange, options));
    router.on('*', `/files/debug${suffix}`, (exchange) => {
      const reader = permissionOf(options.acls, exchange.request);
      reader.demand('get_endpoints', '/files/debug');
      return sendJsonp(exchange, options.files.namesFor(reader));
    });
  }
};

const orRefuse = <Wanted>(query: FilesQuery<Wanted>): Wanted => {
  if (query.type === 'wrong') throw new HttpError(400, query.message);
  return query;
};

const browse = async (exchange: Exchange, { files, acls }: FilesOptions): Promise<void> => {
  const { path } = orRefuse(readPathQuery(exchange.query));
  const entries = await files.list(path, permissionOf(acls, exchange.request));
  if (!Array.isArray(entries)) return refuse(exchange, entries);
  await sendJsonp(
    exchange,
    entries.map(({ mtime, mode = 0, ...entry }) => ({
      ...entry,
      mode: modeText(mode),
      mtime: (mtime?.nanoseconds ?? 0) / 1e9,
    })),
  );
};

const read = async (exchange: Exchange, { files, acls }: FilesOptions): Promise<void> => {
  const wanted = orRefuse(readPieceQuery(exchange.query));
  const piece = await files.read(wanted.path, {
    offset: wanted.offset ?? 0,
    length: wanted.length,
    reader: permissionOf(acls, exchange.request),
  });
  if ('type' in piece) return refuse(exchange, piece);
  await sendJsonp(exchange, pieceJson(wanted, piece));
};

const download = async (exchange: Exchange, { files, acls }: FilesOptions): Promise<void> => {
  const { path } = orRefuse(readPathQuery(exchange.query));
  const file = await files.open(path, permissionOf(acls, exchange.request));
  if (!('type' in file)) return sendOpenFile(exchange.response, file, contentType(file.name));
  if (file.type === 'missing') throw new HttpError(404, '404 Not Found.');
  return refuse(exchange, file);
};

const refuse = ({ response }: Exchange, refusal: FileRefusal): void => {
  if (refusal.type === 'folder') throw new HttpError(400, 'Cannot read a directory.\n');
  send(response, refusal.type === 'missing' ? 404 : 403, '', { 'Content-Type': 'text/plain; charset=utf-8' });
};
