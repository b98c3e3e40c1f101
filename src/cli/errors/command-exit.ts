/** Thrown to end the program with the exit code of what ran elsewhere, or one that is an answer itself. Nothing is printed. */
export class CommandExit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`The command ended with ${code}`);
    this.name = 'CommandExit';
    this.code = code;
  }
}

const SIGNAL_BASE = 128;

/** The exit code for what waitpid gives: 128 and the number of a signal, as shells have it. */
export const exitCodeOf = (waitStatus: number): number => {
  const signal = waitStatus & 0x7f;
  return signal === 0 ? (waitStatus >> 8) & 0xff : SIGNAL_BASE + signal;
};
