import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { readJson } from '../../http/body.ts';
import { HttpError } from '../../http/http-error.ts';
import { send, sendJson } from '../../http/respond.ts';
import type { Handler, Method, Router } from '../../http/router.ts';
import { BUNDLED, type Permission } from '../permission.ts';
import { type Bundle, isBundleId } from './bundle.ts';
import type { BundleMaker, BundleScope } from './bundle-maker.ts';

const BASE = '/system/health/v1/diagnostics';
const LONGEST_BODY_BYTES = 4 * 1024;

/**
 * Adds the API of bundles as DC/OS has it (cli.md 11): everything about a cluster in one archive, for those who help. Who may
 * not see all of it himself has no business with them.
 */
export const addDiagnostics = (
  router: Router,
  { store, create, delete: remove }: BundleMaker,
  permission: Permission,
): void => {
  const allowed =
    (handler: Handler): Handler =>
    (exchange) => {
      permission.demand(exchange.request, ...BUNDLED);
      return handler(exchange);
    };
  const on = (method: Method, path: string, handler: Handler): Router =>
    router.on(method, `${BASE}${path}`, allowed(handler));
  on('GET', '', async ({ response }) => sendJson(response, 200, await store.list()));
  on('GET', '/:id', async ({ response, params }) =>
    sendJson(response, 200, found(await store.find(params.id ?? ''), params.id)),
  );
  on('PUT', '/:id', async ({ request, response, params: { id = '' } }) => {
    if (!isBundleId(id)) throw new HttpError(400, `"${id}" is no UUID in lower case`);
    sendJson(response, 200, await create(id, readScope(await readJson(request, LONGEST_BODY_BYTES))));
  });
  on('DELETE', '/:id', async ({ response, params: { id = '' } }) => {
    const before = found(await remove(id), id);
    if (before.status === 'Deleted') send(response, 304);
    else sendJson(response, 200, {});
  });
  on('GET', '/:id/file', async ({ response, params: { id = '' } }) => {
    const { status, size } = found(await store.find(id), id);
    if (status !== 'Done') throw new HttpError(500, `Bundle ${id} cannot be read: it is ${status}`);
    response.writeHead(200, {
      'Content-Type': 'application/zip',
      'Content-Length': size,
      'Content-Disposition': `attachment; filename=${id}.zip`,
    });
    await pipeline(createReadStream(store.archiveOf(id)), response);
  });
};

const found = (bundle: Bundle | undefined, id = ''): Bundle => {
  if (!bundle) throw new HttpError(404, `There is no bundle ${id}`);
  return bundle;
};

/** Neither of them is both. Throws HttpError 400. */
const readScope = (body: unknown): BundleScope => {
  const { masters = false, agents = false } = (body ?? {}) as Partial<Record<keyof BundleScope, unknown>>;
  if (typeof masters !== 'boolean' || typeof agents !== 'boolean') {
    throw new HttpError(400, 'masters and agents are true or false');
  }
  return masters || agents ? { masters, agents } : { masters: true, agents: true };
};
