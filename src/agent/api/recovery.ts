import { HttpError } from '../../http/http-error.ts';
import type { Preparation } from '../../http/router.ts';

/** How far an agent is after its start: it knows nothing yet, its executors may come back, or all is as it was. */
export type Recovery = 'reading' | 'reconnecting' | 'done';

/** What would show less than there is. Paths below are taken for these (`takesLongerPaths`); executors' are another matter. */
const WAITS = /^(\/slave\(1\))?\/(state(\.json)?|api\/v1(?!\/executor))(\/.*)?$/;

/** Refuses requests that come too early, with HttpError 503 (mesos.md 2.1, 3.8, 3.10): clients try again. */
export const refuseWhileRecovering =
  (recovery: () => Recovery): Preparation =>
  ({ url = '/' }) => {
    const state = recovery();
    if (state === 'done') return;
    const [path = '/'] = url.split('?', 1);
    if (state === 'reading' || WAITS.test(path)) throw new HttpError(503, 'Agent has not finished recovery');
  };
