import { send } from '../../http/respond.ts';
import type { Router } from '../../http/router.ts';
import type { ErrorRenderer } from '../../http/server.ts';
import { errorText } from '../../mesos/v0/error-text.ts';
import { addExecutorRoutes, type ExecutorApiOptions } from './executor-api.ts';
import { addFilesRoutes } from './files-routes.ts';
import { addOperatorRoutes, type OperatorApiOptions } from './operator-api.ts';
import { addProcessReads } from './process-reads.ts';
import { addProviderRoutes } from './provider-calls.ts';
import { addReads } from './v0-reads.ts';

/** Adds every path that an agent serves (mesos.md 2.1, 3.8, 3.10, 3.11). */
export const addAgentRoutes = (router: Router, options: OperatorApiOptions & ExecutorApiOptions): void => {
  addExecutorRoutes(router, options);
  addProviderRoutes(router);
  addOperatorRoutes(router, options);
  addFilesRoutes(router, options);
  addReads(router, options);
  addProcessReads(router, options);
};

/** Errors as Mesos words them. */
export const renderAgentError: ErrorRenderer = ({ status, message, headers }, request, response) =>
  send(response, status, errorText({ status, message, allowed: headers.Allow }, request.method ?? ''), {
    'Content-Type': 'text/plain; charset=utf-8',
    ...headers,
  });
