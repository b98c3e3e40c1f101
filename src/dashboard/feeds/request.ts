import { readServerError, ServerError } from '../model/server-error.ts';

const TIMEOUT_MS = 30_000;

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks the gateway and gives its JSON, or undefined when there is none in the answer. Throws ServerError. */
export const ask = async <Answer>(path: string, options: RequestOptions = {}): Promise<Answer> => {
  const text = await askText(path, options);
  if (text.trim() === '') return undefined as Answer;
  try {
    return JSON.parse(text) as Answer;
  } catch {
    throw new ServerError(0, `What ${path} answered is no JSON`);
  }
};

/** The same for what is no JSON. Throws ServerError. */
export const askText = async (
  path: string,
  { method = 'GET', body, headers = {} }: RequestOptions = {},
): Promise<string> => {
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(path, {
      method,
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    text = await answer.text();
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === 'TimeoutError';
    throw new ServerError(0, isLate ? 'The cluster did not answer in time' : 'The cluster does not answer');
  }
  if (!answer.ok) throw readServerError(answer.status, answer.statusText, text);
  return text;
};
