import { HttpError } from '../../http/http-error.ts';
import type { Exchange, Router } from '../../http/router.ts';
import { sendJsonp } from '../../http/send-jsonp.ts';
import { sendOpenFile } from '../../http/send-open-file.ts';
import type { Acls } from '../../mesos/acls/acls.ts';
import { type FilesQuery, pieceJson, readPathQuery, readPieceQuery } from '../../mesos/v0/files-query.ts';
import { demand, subjectOf } from './authorize.ts';
import type { OwnLog } from './own-log.ts';
import { visibilityOf } from './visibility.ts';

interface FilesOptions {
  readonly ownLog: OwnLog;
  readonly acls: Acls | undefined;
}

/** The v0 files API (mesos.md 3.11) of a master, also under the names with .json that older clients use. */
export const addFilesRoutes = (router: Router, { ownLog, acls }: FilesOptions): void => {
  const mayRead = ({ request }: Exchange): boolean => visibilityOf(acls, subjectOf(request)).isLogShown;
  for (const suffix of ['', '.json']) {
    router
      .on('*', `/files/debug${suffix}`, (exchange) => {
        demand(acls, exchange.request, 'get_endpoints', '/files/debug');
        return sendJsonp(exchange, ownLog.names(mayRead(exchange)));
      })
      .on('*', `/files/browse${suffix}`, (exchange) => {
        const { path } = orRefuse(readPathQuery(exchange.query));
        return sendJsonp(exchange, ownLog.list(path, mayRead(exchange)));
      })
      .on('*', `/files/read${suffix}`, async (exchange) => {
        const wanted = orRefuse(readPieceQuery(exchange.query));
        const { path, offset = 0, length } = wanted;
        const piece = await ownLog.read(path, {
          offset,
          ...(length === undefined ? {} : { length }),
          mayRead: mayRead(exchange),
        });
        await sendJsonp(exchange, pieceJson(wanted, piece));
      })
      .on('*', `/files/download${suffix}`, async (exchange) => {
        const { path } = orRefuse(readPathQuery(exchange.query));
        await sendOpenFile(exchange.response, await ownLog.open(path, mayRead(exchange)));
      });
  }
};

const orRefuse = <Wanted>(query: FilesQuery<Wanted>): Wanted => {
  if (query.type === 'wrong') throw new HttpError(400, query.message);
  return query;
};
