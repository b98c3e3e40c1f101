import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ExitNote, openExitNotes, readExitNote } from '../../src/agent/processes/exit-notes.ts';
import { PLAIN_SCRIPT } from '../../src/agent/processes/waiting-shell.ts';
import { temporaryFolder } from './test-agent.ts';

const isThere = (path: string): boolean => {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
};

/** What other machines have as their sh, by the words that start it. */
const SHELLS = [
  ['/bin/sh', []],
  ['/bin/dash', []],
  ['/bin/bash', []],
  ['/bin/busybox', ['sh']],
  ['/usr/bin/busybox', ['sh']],
] as const;

const noteOf = async (shell: string, words: readonly string[], command: string): Promise<ExitNote> => {
  const exitFile = join(await temporaryFolder(), 'exit');
  const notes = openExitNotes(exitFile);
  const args = [...words, '-c', PLAIN_SCRIPT, 'plenum-task', '/bin/sh', '-c', command];
  const child = spawn(shell, args, {
    ...(words.length === 0 ? { argv0: 'sh' } : {}),
    stdio: ['pipe', 'ignore', 'ignore', notes],
  });
  closeSync(notes);
  child.stdin?.end('\n');
  await once(child, 'exit');
  return readExitNote(exitFile);
};

describe.each(SHELLS.filter(([path]) => isThere(path)))('a waiting shell that is %s', (shell, words) => {
  it('notes by which signal its command ended', async () => {
    for (const signal of [9, 11]) {
      expect(await noteOf(shell, words, `kill -${signal} $$`)).toEqual({
        type: 'ended',
        exit: { type: 'signalled', signal },
      });
    }
  });

  it('notes an exit status for what it is, also one that looks like a signal', async () => {
    for (const code of [0, 3, 137]) {
      expect(await noteOf(shell, words, `exit ${code}`)).toEqual({
        type: 'ended',
        exit: { type: 'exited', code },
      });
    }
  });
});
