import type { IncomingMessage } from 'node:http';
import { readBody } from '../../http/body.ts';
import { DEEPEST_NESTING, isNestedTooDeep } from '../../http/json-nesting.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { MarathonSettings } from '../core/settings.ts';
import type { PathId } from '../definitions/path-id.ts';
import type { RootUpdate } from '../engine.ts';
import { apiError } from './to-http-error.ts';

/** Reading requests as Marathon does (marathon.md 1.1, 1.2, 1.4). */

/** The body as JSON. Throws HttpError 400 when there is none, it does not parse or is nested too deep. */
export const readDocument = async (request: IncomingMessage): Promise<unknown> => {
  const text = (await readBody(request)).toString('utf8');
  if (text.trim() === '') {
    throw apiError(400, 'Please specify data in JSON format', { details: 'The request has no body' });
  }
  if (isNestedTooDeep(text)) {
    throw apiError(400, 'Invalid JSON', { details: `It is nested deeper than ${DEEPEST_NESTING} levels` });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw apiError(400, 'Invalid JSON', { details: errorMessage(error) });
  }
};

/** A boolean of the query: `true` in any case is true, everything else that is there is false. */
export const flag = (query: URLSearchParams, name: string, fallback = false): boolean => {
  const value = query.get(name);
  return value === null ? fallback : value.toLowerCase() === 'true';
};

const LONGEST_DEADLINE_SECONDS = 7 * 24 * 3600;

/**
 * `deadlineSeconds` and `onDeadline=fail|rollback` of a change: how long its deployment may make no progress (0: for ever),
 * and what comes then. What is not said is as the server has it by default. Throws HttpError 400.
 */
export const deadlineOf = (
  query: URLSearchParams,
  { deploymentDeadlineMs = 0, rollsBackAtDeadline = false }: Partial<MarathonSettings>,
): Pick<RootUpdate, 'deadline'> => {
  const seconds = query.get('deadlineSeconds');
  const onDeadline = query.get('onDeadline');
  if (onDeadline !== null && onDeadline !== 'fail' && onDeadline !== 'rollback') {
    throw apiError(400, `onDeadline is 'fail' or 'rollback', not '${onDeadline}'`);
  }
  if (seconds === null && onDeadline === null) return {};
  if (seconds === null && deploymentDeadlineMs === 0) {
    throw apiError(400, 'onDeadline needs deadlineSeconds, since this Marathon has no deadline by default');
  }
  const limitMs = seconds === null ? deploymentDeadlineMs : readDeadlineMs(seconds);
  if (limitMs === 0) return { deadline: null };
  const rollsBack = onDeadline === null ? rollsBackAtDeadline : onDeadline === 'rollback';
  return { deadline: { limitMs, rollsBack } };
};

const readDeadlineMs = (text: string): number => {
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
  if (seconds <= LONGEST_DEADLINE_SECONDS) return seconds * 1000;
  throw apiError(
    400,
    `deadlineSeconds is a whole number from 1 to ${LONGEST_DEADLINE_SECONDS}, or 0 for none, not '${text}'`,
  );
};

const ISO_TIME = /^\d{4}-\d\d-\d\d(T\d\d(:\d\d(:\d\d([.,]\d{1,9})?)?)?(Z|[+-]\d\d(:?\d\d)?)?)?$/i;

/** A time in any ISO-8601 form, in Marathon's. Throws HttpError 422. */
export const parseTimestamp = (text: string): string => {
  const milliseconds = ISO_TIME.test(text) ? Date.parse(text.replace(',', '.')) : Number.NaN;
  if (Number.isNaN(milliseconds)) {
    throw apiError(422, `Invalid timestamp provided '${text}'. Expecting ISO-8601 datetime string.`);
  }
  return new Date(milliseconds).toISOString();
};

/** Whether a client asked for a media type by name. */
export const accepts = ({ headers }: IncomingMessage, type: string): boolean =>
  (headers.accept ?? '').toLowerCase().includes(type);

/** Where something that was created is said to be: Marathon puts the bare id behind its own address. */
export const locationOf = ({ headers }: IncomingMessage, id: PathId): string => `http://${headers.host}${id}`;
