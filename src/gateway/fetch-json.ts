import { request } from '../http/client.ts';
import { HttpError } from '../http/http-error.ts';
import { errorMessage } from '../runtime/error-message.ts';

const TIMEOUT_MS = 5_000;

/**
 * Asks another part for JSON, in the name of a token or of this process. Throws HttpError that names the part: 403 when it
 * gives no leave, 502 when it does not answer with 200 and JSON.
 */
export const fetchJson = async (name: string, url: string, token?: string): Promise<unknown> => {
  try {
    const { status, body } = await request({
      url,
      headers: {
        Accept: 'application/json',
        ...(token === undefined ? {} : { Authorization: `token=${token}` }),
      },
      timeoutMs: TIMEOUT_MS,
    });
    if (status === 403) throw new HttpError(403, `${name} does not let you see that (--acls)`);
    if (status !== 200) throw new Error(`it answered ${status}`);
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError(502, `${name} cannot be asked at ${new URL(url).origin}: ${errorMessage(error)}`, {
      cause: error,
    });
  }
};
