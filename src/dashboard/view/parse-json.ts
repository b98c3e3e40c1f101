import { ServerError } from '../model/server-error.ts';

/** What somebody wrote, as JSON. Throws ServerError, so that it is shown where a refusal would be. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ServerError(0, `This is no JSON: ${error instanceof Error ? error.message : error}`);
  }
};
