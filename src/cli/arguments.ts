import { string } from '@oclif/core/args';

/**
 * Arguments of commands. None of them is read from standard input when it is missing, as oclif would by default: that
 * waits, and takes away what a command may want to read itself.
 */
export const requiredArgument = (description: string) =>
  string({ description, required: true, ignoreStdin: true });

export const optionalArgument = (description: string) => string({ description, ignoreStdin: true });
