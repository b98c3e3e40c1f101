import { openSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { errorCode } from '../../runtime/error-message.ts';
import type { Exit } from '../core/exit.ts';
import type { ProvisionedImage } from '../images/provisioner.ts';

/**
 * What the shell that waits for a command leaves in the folder `meta/exits`: that the command was started, and how it
 * ended. A shell's own code for a signal (128 + number) cannot be told from such an exit status; but the shell says on its
 * standard error when a foreground command was ended by a signal, and that goes to the same file, before the code.
 */

/** Opens the file for a shell that may run as a user who could not; what was noted before is removed. */
export const openExitNotes = (exitFile: string): number => {
  remove(exitFile);
  return openSync(exitFile, 'a', 0o600);
};

/** What was noted: nothing, that the command was started, why it could not be, or how it ended. */
export type ExitNote =
  | { type: 'none' }
  | { type: 'started' }
  | { type: 'failed'; message: string }
  | { type: 'ended'; exit: Exit };

/** Signals that end a foreground command without a word from the shell. */
const SILENT_SIGNALS: ReadonlySet<number> = new Set([2, 13]);
const SIGNAL_BASE = 128;

export const readExitNote = (exitFile: string): ExitNote => {
  const text = readIfThere(exitFile);
  if (text === '') return { type: 'none' };
  const [, failure] = /^(?:started\n)?failed (.*)\n/.exec(text) ?? [];
  if (failure !== undefined) return { type: 'failed', message: failure };
  const [, complaint = '', digits] = /^started\n([\s\S]*?)(\d+)\n$/.exec(text) ?? [];
  // A shell that never got leave may note the end of what waited beside it.
  if (digits === undefined) return { type: text.startsWith('started\n') ? 'started' : 'none' };
  const code = Number(digits);
  const signal = code - SIGNAL_BASE;
  if (signal > 0 && (SILENT_SIGNALS.has(signal) || complaint.trim() !== '')) {
    return { type: 'ended', exit: { type: 'signalled', signal } };
  }
  return { type: 'ended', exit: { type: 'exited', code } };
};

/** What a program said that should have become the shell which notes things; undefined when none has said anything. */
export const readComplaint = (exitFile: string): string | undefined =>
  readIfThere(exitFile).split('\n')[0] || undefined;

/** Removes what was noted, and what its image was. */
export const removeNotes = (exitFile: string): void => {
  remove(exitFile);
  remove(imageFile(exitFile));
};

/** rmSync looks at the file first, and takes three times as long. */
const remove = (file: string): void => {
  try {
    unlinkSync(file);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
};

const imageFile = (exitFile: string): string => `${exitFile}.image`;

/** What a container was made from: to enter it, also a later life of the agent has to know. */
export const writeImageNote = (exitFile: string, image: ProvisionedImage): void =>
  writeFileSync(imageFile(exitFile), JSON.stringify(image), { mode: 0o600 });

export const readImageNote = (exitFile: string): ProvisionedImage | undefined => {
  const text = readIfThere(imageFile(exitFile));
  try {
    return text === '' ? undefined : (JSON.parse(text) as ProvisionedImage);
  } catch {
    // Cut short by the end of the machine: what ran there is gone, too.
    return undefined;
  }
};

/** The container that a file of notes belongs to, by the file's name. */
export const containerOfNotes = (fileName: string): string => fileName.replace(/\.image$/, '');

const readIfThere = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};
