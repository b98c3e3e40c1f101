import { send } from '../../http/respond.ts';
import { resolvePath } from '../definitions/path-id.ts';
import type { AddRoute } from './api-context.ts';
import { sendResult } from './send.ts';
import { apiError, notFound } from './to-http-error.ts';

/** There are no pods: none are listed, and none can be made. Clients ask with HEAD whether a Marathon has them. */
export const addPodRoutes = (on: AddRoute): void => {
  on('HEAD', '/v2/pods', ({ response }) => send(response, 404));
  on('GET', '/v2/pods', ({ response }) => sendResult(response, []));
  on('GET', '/v2/pods/::status', ({ response }) => sendResult(response, []));
  for (const path of ['/v2/pods', '/v2/pods/*id']) {
    for (const method of ['POST', 'PUT'] as const) {
      on(method, path, () => {
        throw apiError(405, 'Pods are not supported by this Marathon: describe what is to run as apps');
      });
    }
  }
  on('*', '/v2/pods/*id', ({ params }) => {
    const id = resolvePath((params.id ?? '').replace(/::.*$/, ''));
    throw notFound(`Pod '${id}' does not exist`);
  });
};
