import { PackageDefect } from '../../universe/package-defect.ts';
import { RenderFailure } from '../../universe/render/render-failure.ts';
import { RepositoryError } from '../../universe/sources/repository-error.ts';
import { CliError } from '../errors/cli-error.ts';

/** Runs something about a repository; what is wrong with it becomes an error in words with an exit code. */
export const explained = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw asCliError(error);
  }
};

const asCliError = (error: unknown): unknown => {
  if (error instanceof RepositoryError) {
    const hint = error.message.includes('is no repository')
      ? 'plenum universe init FOLDER makes one'
      : undefined;
    const outcome = error.problem === 'unreachable' ? 'not-found' : 'failed';
    return new CliError(outcome, error.message, { cause: error, hint });
  }
  if (error instanceof PackageDefect) {
    const outcome = /^There is no package/.test(error.message) ? 'not-found' : 'failed';
    return new CliError(outcome, error.message, { cause: error });
  }
  if (!(error instanceof RenderFailure)) return error;
  const { reason } = error;
  const details =
    reason.type === 'options-mismatch'
      ? reason.violations.map(({ pointer, message }) => `${pointer || '/'}: ${message}`)
      : [];
  return new CliError('failed', error.message, { cause: error, details });
};
