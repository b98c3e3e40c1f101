import { LOG_THRESHOLDS, type LogThreshold, processLogging } from '../../runtime/log.ts';
import { isObject } from '../definitions/json-schema.ts';
import { InvalidDocument } from '../definitions/violation.ts';
import type { AddRoute, ApiContext } from './api-context.ts';
import { readDocument } from './request.ts';
import { sendResult } from './send.ts';

/** What comes back when a time is over. */
const USUAL: LogThreshold = 'info';
const LONGEST_SECONDS = 7 * 24 * 3600;

/**
 * How much is logged (marathon.md 1.14). There is one logger, for the whole process: it is meant whatever logger a client
 * names. With `durationSeconds` it logs so much for so long.
 */
export const addLoggingRoutes = (on: AddRoute, { clock }: ApiContext): void => {
  let restoring: { cancel(): void } | undefined;

  on('GET', '/logging', ({ response }) =>
    sendResult(response, { ROOT: processLogging.threshold.toUpperCase() }),
  );

  on('POST', '/logging', async ({ request, response }) => {
    const { threshold, seconds } = readChange(await readDocument(request));
    restoring?.cancel();
    processLogging.threshold = threshold;
    if (seconds !== undefined) {
      restoring = clock.setTimer(seconds * 1000, () => {
        processLogging.threshold = USUAL;
      });
    }
    const duration = seconds === undefined ? '' : ` for ${seconds} seconds`;
    return sendResult(response, {
      message: `Set logger ROOT to level ${threshold.toUpperCase()}${duration}`,
    });
  });
};

const readChange = (document: unknown): { threshold: LogThreshold; seconds: number | undefined } => {
  const { logger, level, durationSeconds: seconds } = isObject(document) ? document : {};
  if (typeof logger !== 'string' || logger === '') return refuse('/logger', textCode(logger));
  if (typeof level !== 'string') return refuse('/level', textCode(level));
  const threshold = thresholdOf(level.toLowerCase());
  if (threshold === undefined) return refuse('/level', 'error.unknown.enum.literal');
  if (seconds === undefined || seconds === null) return { threshold, seconds: undefined };
  if (typeof seconds !== 'number') return refuse('/durationSeconds', 'error.expected.jsnumber');
  if (!(seconds > 0)) return refuse('/durationSeconds', 'error.min');
  if (seconds > LONGEST_SECONDS) return refuse('/durationSeconds', 'error.max');
  return { threshold, seconds };
};

const refuse = (path: string, message: string): never => {
  throw new InvalidDocument('malformed', [{ path, message }]);
};

const textCode = (value: unknown): string => {
  if (value === undefined) return 'error.path.missing';
  return value === '' ? 'error.minLength' : 'error.expected.jsstring';
};

/** Nothing is finer than debug here. */
const thresholdOf = (level: string): LogThreshold | undefined =>
  level === 'trace' ? 'debug' : LOG_THRESHOLDS.find((one) => one === level);
