import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Shells that there is a script for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

/** The script that asks `plenum __complete` what may stand where the cursor is. It lies beside this file, as in dist/. */
export const completionScript = (shell: Shell): string =>
  readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'shells', `plenum.${shell}`), 'utf8');
