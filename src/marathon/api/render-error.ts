import { STATUS_CODES } from 'node:http';
import { sendJson } from '../../http/respond.ts';
import type { ErrorRenderer } from '../../http/server.ts';
import { STANDARD_HEADERS } from './standard-headers.ts';

/** Writes errors as Marathon does: JSON with a message; also for paths and methods that there are not. */
export const renderMarathonError: ErrorRenderer = (error, request, response) => {
  const isUnknownPath = error.status === 404 && error.body === undefined;
  const message = isUnknownPath
    ? `URI not found: ${request.url ?? ''}`
    : (error.status === 405 && STATUS_CODES[405]) || error.message;
  sendJson(response, error.status, error.body ?? { message }, { ...STANDARD_HEADERS, ...error.headers });
};
