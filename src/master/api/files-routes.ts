import { HttpError } from '../../http/http-error.ts';
import { send, sendJson } from '../../http/respond.ts';
import type { Router } from '../../http/router.ts';

/** The v0 files API (mesos.md 3.11) of a master, which logs to its supervisor and so has no file to show. */
export const addFilesRoutes = (router: Router): void => {
  for (const suffix of ['', '.json']) {
    router.on('GET', `/files/debug${suffix}`, ({ response }) => sendJson(response, 200, {}));
    for (const action of ['browse', 'read', 'download']) {
      router.on('GET', `/files/${action}${suffix}`, ({ response, query }) => {
        if (!query.get('path')) throw new HttpError(400, "Expecting 'path=value' in query.\n");
        send(response, 404, '', { 'Content-Type': 'text/plain; charset=utf-8' });
      });
    }
  }
};
