import { readFileSync } from 'node:fs';
import { readAcls } from '../mesos/acls/read-acls.ts';
import { errorMessage } from '../runtime/error-message.ts';
import { OptionError } from './daemon-options.ts';

/**
 * The JSON that --acls gives as it is, or by the path or the `file://` URL of a file. Throws OptionError, which says where in
 * which file it is wrong.
 */
export const aclsText = (value: string): string => {
  const isInline = value.trimStart().startsWith('{');
  const text = isInline ? value : read(value);
  try {
    readAcls(text);
    return text;
  } catch (error) {
    throw new OptionError(`--acls ${isInline ? '' : `${value} `}${errorMessage(error)}`);
  }
};

const read = (file: string): string => {
  try {
    return readFileSync(file.replace(/^file:\/\//, ''), 'utf8');
  } catch (error) {
    throw new OptionError(`--acls takes JSON or a file with it: ${errorMessage(error)}`);
  }
};
