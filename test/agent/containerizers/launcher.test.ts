import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readExitNote } from '../../../src/agent/processes/exit-notes.ts';
import { findHostPrograms } from '../../../src/agent/processes/host-programs.ts';
import type { LaunchIsolation, LaunchOrder } from '../../../src/agent/processes/launcher.ts';
import { isAlive } from '../../../src/agent/processes/process-table.ts';
import { ShellLauncher } from '../../../src/agent/processes/shell-launcher.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { waitFor } from '../../support/wait-for.ts';
import { onTestEnd, temporaryFolder } from '../test-agent.ts';

const programs = findHostPrograms();
const isRoot = process.getuid?.() === 0;

const launcherIn = (folder: string): ShellLauncher => {
  const launcher = new ShellLauncher({
    folder: join(folder, 'pipes'),
    programs,
    clock: systemClock,
    log: silentLog,
  });
  onTestEnd(async () => launcher.close());
  return launcher;
};

let orders = 0;

const orderIn = (folder: string, command: string, more: Partial<LaunchOrder> = {}): LaunchOrder => ({
  command: ['/bin/sh', '-c', command],
  environment: { PATH: '/usr/bin:/bin' },
  sandbox: folder,
  exitFile: join(folder, `exit-${orders++}`),
  stdout: join(folder, 'stdout'),
  stderr: join(folder, 'stderr'),
  user: undefined,
  ...more,
});

const OWN: LaunchIsolation = {
  namespaces: { mount: true, pid: true, net: false, ipc: false, uts: false },
  setup: [],
  cgroups: [],
  rlimits: [],
  capabilities: undefined,
  umask: undefined,
  rootfs: undefined,
  workingDirectory: '.',
};

describe('the launcher', () => {
  it('runs a command once it has leave, and hears of its end', async () => {
    const folder = await temporaryFolder();
    const order = orderIn(folder, `echo "$WORD"; pwd; exit 7`, {
      environment: { PATH: '/usr/bin:/bin', WORD: `it's "two"\nlines` },
    });
    const launched = await launcherIn(folder).launch(order);
    expect(readExitNote(order.exitFile)).toEqual({ type: 'none' });
    expect(isAlive(launched.identity)).toBe(true);
    launched.release();
    await launched.ended;
    expect(readFileSync(order.stdout, 'utf8')).toBe(`it's "two"\nlines\n${folder}\n`);
    expect(readExitNote(order.exitFile)).toEqual({ type: 'ended', exit: { type: 'exited', code: 7 } });
  });

  it('never runs a command that was abandoned', async () => {
    const folder = await temporaryFolder();
    const order = orderIn(folder, 'echo ran');
    const launched = await launcherIn(folder).launch(order);
    launched.abandon();
    await waitFor('the shell is gone', () => !isAlive(launched.identity));
    expect(readExitNote(order.exitFile)).toEqual({ type: 'none' });
    expect(readFileSync(order.stdout, 'utf8')).toBe('');
  });

  it('may be killed: what it started goes on, and the next launch has a new one', async () => {
    const folder = await temporaryFolder();
    const launcher = launcherIn(folder);
    const waiting = await launcher.launch(orderIn(folder, 'true'));
    const running = orderIn(folder, 'read line < go; exit 3');
    const { spawnSync } = await import('node:child_process');
    spawnSync('mkfifo', [join(folder, 'go')]);
    const launched = await launcher.launch(running);
    launched.release();
    await waitFor('it runs', () => readExitNote(running.exitFile).type === 'started');
    const { pid } = launcher;
    process.kill(pid ?? 0, 'SIGKILL');
    const next = await waitFor('another one launches', async () => {
      const order = orderIn(folder, 'exit 4');
      const again = await launcher.launch(order);
      again.release();
      await again.ended;
      expect(readExitNote(order.exitFile)).toEqual({ type: 'ended', exit: { type: 'exited', code: 4 } });
      return launcher.pid !== pid;
    });
    expect(next).toBe(true);
    waiting.release();
    await waiting.ended;
    spawnSync('/bin/sh', ['-c', `echo > ${folder}/go`]);
    await launched.ended;
    expect(readExitNote(running.exitFile)).toEqual({ type: 'ended', exit: { type: 'exited', code: 3 } });
  });

  it('launches more commands at once than it has pipes', async () => {
    const folder = await temporaryFolder();
    const launcher = launcherIn(folder);
    const all = Array.from({ length: 100 }, () => orderIn(folder, 'exit 5'));
    await Promise.all(
      all.map(async (order) => {
        const launched = await launcher.launch(order);
        launched.release();
        await launched.ended;
      }),
    );
    expect(all.map(({ exitFile }) => readExitNote(exitFile))).toEqual(
      all.map(() => ({ type: 'ended', exit: { type: 'exited', code: 5 } })),
    );
  });

  it('says that a sandbox is gone', async () => {
    const folder = await temporaryFolder();
    const order = orderIn(folder, 'true', { sandbox: join(folder, 'missing') });
    await expect(launcherIn(folder).launch(order)).rejects.toThrow(/before its command ran/);
  });
});

describe.skipIf(!isRoot)('the launcher, as root', () => {
  it('gives a command namespaces of its own, in which nothing outlives it', async () => {
    const folder = await temporaryFolder();
    const order = orderIn(folder, 'setsid sleep 1000 & echo $!; ls /proc | grep -c "^[0-9]"', {
      isolation: OWN,
    });
    const launched = await launcherIn(folder).launch(order);
    launched.release();
    await launched.ended;
    const [, processes] = readFileSync(order.stdout, 'utf8').split('\n');
    expect(Number(processes)).toBeLessThan(8);
    await waitFor('all is gone', () => !isAlive(launched.identity));
    expect(readExitNote(order.exitFile)).toEqual({ type: 'ended', exit: { type: 'exited', code: 0 } });
  });

  it.each([
    ['plain', undefined],
    ['kept apart', OWN],
  ])('hands none of its own files on: %s', async (_which, isolation) => {
    const folder = await temporaryFolder();
    const order = orderIn(folder, 'for file in /proc/$$/fd/*; do readlink $file; done; echo end >&2', {
      ...(isolation ? { isolation } : {}),
    });
    const launched = await launcherIn(folder).launch(order);
    launched.release();
    await launched.ended;
    const own = [join(folder, 'stderr'), join(folder, 'stdout'), '/dev/null'];
    expect([...new Set(readFileSync(order.stdout, 'utf8').trim().split('\n'))].sort()).toEqual(own.sort());
    expect(readFileSync(order.stderr, 'utf8')).toBe('end\n');
  });

  it('says why namespaces cannot be entered', async () => {
    const folder = await temporaryFolder();
    const namespaces = { ...OWN.namespaces, net: join(folder, 'missing') };
    const order = orderIn(folder, 'true', { isolation: { ...OWN, namespaces } });
    await expect(launcherIn(folder).launch(order)).rejects.toThrow(/nsenter: .*missing/);
    expect(readFileSync(order.stderr, 'utf8')).toBe('');
  });

  it('tells what cannot be set up', async () => {
    const folder = await temporaryFolder();
    const setup = [{ run: 'false', otherwise: "It's no use" }];
    const order = orderIn(folder, 'true', { isolation: { ...OWN, setup } });
    await expect(launcherIn(folder).launch(order)).rejects.toThrow("It's no use");
  });

  it('lets nothing that the command is told reach what root runs', async () => {
    const folder = await temporaryFolder();
    const order = orderIn(folder, 'id -u; echo $LD_PRELOAD', {
      environment: { PATH: '/usr/bin:/bin', LD_PRELOAD: '/nowhere/evil.so' },
      user: { uid: 65_534, gid: 65_534 },
    });
    const launched = await launcherIn(folder).launch(order);
    launched.release();
    await launched.ended;
    expect(readFileSync(order.stdout, 'utf8')).toBe('65534\n/nowhere/evil.so\n');
    // Only the command's own programs look for it.
    expect(readFileSync(order.stderr, 'utf8')).not.toMatch(/setpriv|setsid/);
  });

  it('knows a signal from an exit status', async () => {
    const folder = await temporaryFolder();
    const launcher = launcherIn(folder);
    const killed = orderIn(folder, 'kill -9 $$', { isolation: OWN });
    const exited = orderIn(folder, 'exit 137', { isolation: OWN });
    for (const order of [killed, exited]) {
      const launched = await launcher.launch(order);
      launched.release();
      await launched.ended;
    }
    expect(readExitNote(killed.exitFile)).toEqual({ type: 'ended', exit: { type: 'signalled', signal: 9 } });
    expect(readExitNote(exited.exitFile)).toEqual({ type: 'ended', exit: { type: 'exited', code: 137 } });
  });
});
