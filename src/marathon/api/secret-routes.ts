import { readBody } from '../../http/body.ts';
import { send } from '../../http/respond.ts';
import { isSecretPath, type SecretStore, SecretStoreFull, secretPathOf } from '../secrets/secret-store.ts';
import type { AddRoute } from './api-context.ts';
import { sendResult } from './send.ts';
import { apiError, notFound } from './to-http-error.ts';

const LONGEST_VALUE_BYTES = 1024 * 1024;
const ROOT = '/secrets/v1/secret/default';

/** The secrets of apps, where clients of DC/OS look for them. Values are told to those only who ask for one by its path. */
export const addSecretRoutes = (on: AddRoute, store: SecretStore): void => {
  on('GET', ROOT, ({ response }) => sendResult(response, { array: store.paths() }));
  on('GET', `${ROOT}/*path`, ({ response, params, query }) => {
    const path = secretPathOf(params.path ?? '');
    if (query.get('list') === 'true') {
      return sendResult(response, { array: store.paths().filter((one) => one.startsWith(`${path}/`)) });
    }
    return sendResult(response, { value: known(store, path) });
  });
  on('PUT', `${ROOT}/*path`, async ({ request, response, params }) => {
    const path = checkedPath(params.path);
    const value = secretIn(await readBody(request, LONGEST_VALUE_BYTES * 2));
    if (store.get(path) !== undefined) throw apiError(409, `There is a secret ${path} already`);
    put(store, path, value);
    send(response, 201);
  });
  on('PATCH', `${ROOT}/*path`, async ({ request, response, params }) => {
    const path = checkedPath(params.path);
    const value = secretIn(await readBody(request, LONGEST_VALUE_BYTES * 2));
    known(store, path);
    put(store, path, value);
    send(response, 204);
  });
  on('DELETE', `${ROOT}/*path`, ({ response, params }) => {
    const path = secretPathOf(params.path ?? '');
    if (!store.remove(path)) throw notFound(`There is no secret ${path}`);
    send(response, 204);
  });
};

const known = (store: SecretStore, path: string): string => {
  const value = store.get(path);
  if (value === undefined) throw notFound(`There is no secret ${path}`);
  return value;
};

const put = (store: SecretStore, path: string, value: string): void => {
  try {
    store.put(path, value);
  } catch (error) {
    throw error instanceof SecretStoreFull ? apiError(403, error.message) : error;
  }
};

const checkedPath = (text = ''): string => {
  const path = secretPathOf(text);
  if (isSecretPath(path)) return path;
  throw apiError(
    422,
    'The path of a secret has up to 80 letters, digits, dots, dashes and underscores, with slashes in between',
  );
};

/** What went wrong is said without what was sent: it may be the secret. */
const secretIn = (body: Buffer): string => {
  let document: unknown;
  try {
    document = JSON.parse(body.toString('utf8'));
  } catch {
    throw apiError(400, 'Invalid JSON');
  }
  const value =
    typeof document === 'object' && document !== null && 'value' in document ? document.value : undefined;
  if (typeof value !== 'string' || value === '') throw apiError(422, 'A secret is {"value": "…"}');
  if (Buffer.byteLength(value) > LONGEST_VALUE_BYTES) throw apiError(413, 'A secret may have 1 MiB at most');
  return value;
};
