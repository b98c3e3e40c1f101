import { readFile } from 'node:fs/promises';
import { errorCode, errorMessage } from '../../../runtime/error-message.ts';
import { isJsonObject, type JsonObject } from '../../../universe/json/json.ts';
import { parseDocument } from '../../documents/parse-document.ts';
import { writeDocument } from '../../documents/write-document.ts';
import { CliError } from '../../errors/cli-error.ts';

/** The options that a file has already; none when there is no file. Throws CliError. */
export const readPresentOptions = async (path: string): Promise<JsonObject> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {};
    throw new CliError('failed', `${path} cannot be read: ${errorMessage(error)}`, { cause: error });
  }
  const document: unknown = await parseDocument({ name: path, text });
  return isJsonObject(document) ? document : {};
};

/** Options may hold passwords: nobody else reads them. Throws CliError. */
export const writeOptions = (path: string, options: JsonObject): Promise<void> =>
  writeDocument(path, options, { mode: 0o600 });
