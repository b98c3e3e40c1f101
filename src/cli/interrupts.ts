import { interruption } from './errors/cli-error.ts';
import { EXIT_CODES } from './errors/exit-codes.ts';

/** What is told to stop has this time to say what goes on without it. */
const GRACE_MS = 500;

/**
 * A signal that Ctrl-C and SIGTERM abort. What does not heed it is ended soon, and at once by a second Ctrl-C. A reader
 * that goes away (`plenum … | head`) ends the command quietly.
 */
export const listenForInterrupts = (): AbortSignal => {
  const controller = new AbortController();
  const end = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_CODES.interrupted);
    controller.abort(interruption());
    setTimeout(() => process.exit(EXIT_CODES.interrupted), GRACE_MS).unref();
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(EXIT_CODES.done);
      throw error;
    });
  }
  return controller.signal;
};

/** For a program that takes over this process and ends as it thinks fit. */
export const stopListeningForInterrupts = (): void => {
  process.removeAllListeners('SIGINT');
  process.removeAllListeners('SIGTERM');
};
