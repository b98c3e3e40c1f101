import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProcessIdentity } from '../../src/agent/core/state.ts';
import { ProcessKiller } from '../../src/agent/processes/process-killer.ts';
import { descendantsOf, identify, isAlive } from '../../src/agent/processes/process-table.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { waitFor } from '../support/wait-for.ts';

let folder: string;
let clock: VirtualClock;
let killer: ProcessKiller;
const roots: ProcessIdentity[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plenum-killer-'));
  clock = new VirtualClock();
  killer = new ProcessKiller(clock);
});

afterEach(async () => {
  for (const root of roots.splice(0)) {
    killer.kill(root, 0);
    clock.advance(1_000);
    await waitFor('the tree is gone', () => !isAlive(root));
  }
  rmSync(folder, { recursive: true, force: true });
});

/** A session leader that ignores what its command is asked, as the shell around a task does. */
const startTree = async (command: string): Promise<ProcessIdentity> => {
  const script = `trap : TERM; ( exec sh -c "$1" ); exit 0`;
  const child = spawn('/bin/sh', ['-c', script, 'root', command], {
    cwd: folder,
    detached: true,
    stdio: 'ignore',
  });
  const root = identify(child.pid ?? 0);
  if (!root) throw new Error('The tree could not be started');
  roots.push(root);
  return root;
};

const written = (name: string): string => {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch {
    return '';
  }
};

/** Notes that it is ready and every signal that it gets, in a session of its own. */
const NOTES_IN_OWN_SESSION = `setsid sh -c "trap 'echo TERM >> notes' TERM; trap 'echo USR1 >> notes' USR1; echo \\$\\$ > pid; while :; do sleep 0.02; done"`;

describe('asking a tree to end', () => {
  it('reaches a child that has a session of its own, although its parent ends by the same signal', async () => {
    const root = await startTree(`${NOTES_IN_OWN_SESSION} & exec sleep 1000`);
    const pid = Number(
      await waitFor('the child runs', () => written('pid').endsWith('\n') && written('pid')),
    );
    killer.ask(root);
    await waitFor('the child was asked', () => written('notes') === 'TERM\n');
    await waitFor('the shell has seen its command end', () => !isAlive(root));
    process.kill(pid, 'SIGKILL');
  });

  it('asks nobody twice', async () => {
    const root = await startTree(`trap : TERM; ${NOTES_IN_OWN_SESSION} & while :; do sleep 1; done`);
    const pid = Number(
      await waitFor('the child runs', () => written('pid').endsWith('\n') && written('pid')),
    );
    killer.ask(root);
    clock.advance(1_000);
    expect(isAlive(root)).toBe(true);
    await waitFor('the child was asked', () => written('notes').includes('TERM'));
    process.kill(pid, 'SIGUSR1');
    await waitFor('the later signal came', () => written('notes').includes('USR1'));
    expect(written('notes')).toBe('TERM\nUSR1\n');
  });
});

describe('killing a tree', () => {
  it('takes what has lost its parent and is known by its session alone', async () => {
    const root = await startTree(`( sh -c 'echo $$ > pid; exec sleep 1000' & ); exec sleep 1000`);
    const pid = Number(
      await waitFor('the orphan runs', () => written('pid').endsWith('\n') && written('pid')),
    );
    const orphan = await waitFor('the orphan is known', () => identify(pid));
    await waitFor(
      'its parent has ended',
      () => !descendantsOf(root.pid)?.some((process) => process.pid === pid),
    );
    killer.kill(root, 10_000);
    clock.advance(1_000);
    await waitFor('the shell has seen its command end', () => !isAlive(root));
    killer.sweep(root.pid);
    await waitFor('the orphan is gone', () => !isAlive(orphan));
  });

  it('ends the shell itself when its command cannot be seen to end in time', async () => {
    const root = await startTree('exec sleep 1000');
    process.kill(root.pid, 'SIGSTOP');
    killer.kill(root, 1_000);
    clock.advance(500);
    expect(isAlive(root)).toBe(true);
    // How soon it looks again depends on how long a look takes, which is much on a busy machine.
    await waitFor('the shell is gone', () => {
      clock.advance(1_000);
      return !isAlive(root);
    });
  });
});
