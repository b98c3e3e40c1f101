import { readFileSync } from 'node:fs';
import { string } from '@oclif/core/flags';
import { errorMessage } from '../runtime/error-message.ts';
import { CliError } from './errors/cli-error.ts';

/** Where the value of a secret comes from. */
export const secretValueFlags = () => ({
  value: string({
    char: 'v',
    description: 'The secret itself; others on this machine may see it while the command runs',
    helpValue: 'VALUE',
    exclusive: ['value-file'],
  }),
  'value-file': string({
    char: 'f',
    description: 'File with the secret, as text; - reads standard input',
    helpValue: 'FILE',
  }),
});

const STANDARD_INPUT = 0;

/** The secret that the flags name. Throws CliError when they name none, or it cannot be read. */
export const secretValue = (flags: {
  readonly value?: string | undefined;
  readonly 'value-file'?: string | undefined;
}): string => {
  const file = flags['value-file'];
  if (flags.value !== undefined) return flags.value;
  if (file === undefined) {
    throw new CliError('usage', 'Missing: the secret', { hint: 'Give --value-file FILE, or --value VALUE' });
  }
  try {
    return readFileSync(file === '-' ? STANDARD_INPUT : file, 'utf8');
  } catch (error) {
    throw new CliError('usage', `The secret cannot be read: ${errorMessage(error)}`);
  }
};
