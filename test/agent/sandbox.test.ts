import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { maxAgeMs, SandboxCollector } from '../../src/agent/sandbox/garbage-collection.ts';
import { LogRotation, logLimitsOf } from '../../src/agent/sandbox/log-rotation.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { waitFor } from '../support/wait-for.ts';
import { shellTask } from './fake-master.ts';
import { onTestEnd, startTestCluster, temporaryFolder } from './test-agent.ts';

describe('log rotation', () => {
  it('cuts a file that is too long, keeps so many older parts, and the writer goes on', async () => {
    const folder = await temporaryFolder();
    const rotation = new LogRotation(new VirtualClock(), silentLog);
    const limits = { maxBytes: 10, kept: 2 };
    rotation.watch('c', folder, { stdout: limits, stderr: limits });
    const file = openSync(join(folder, 'stdout'), 'a');
    writeFileSync(join(folder, 'stderr'), 'short');
    for (const part of ['first part', 'second part', 'third part']) {
      writeSync(file, `${part}!`);
      await rotation.look();
    }
    writeSync(file, 'last');
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    expect(readdirSync(folder).sort()).toEqual(['stderr', 'stdout', 'stdout.1', 'stdout.2']);
    expect([read('stdout'), read('stdout.1'), read('stdout.2')]).toEqual([
      'last',
      'third part!',
      'second part!',
    ]);
  });

  it('touches nothing but plain files, wherever links in their places lead', async () => {
    const folder = await temporaryFolder();
    const [sandbox, outside] = [join(folder, 'sandbox'), join(folder, 'outside')];
    for (const each of [sandbox, outside]) mkdirSync(each);
    for (const name of ['one', 'two']) writeFileSync(join(outside, name), 'x'.repeat(100));
    symlinkSync(join(outside, 'one'), join(sandbox, 'stdout'));
    writeFileSync(join(sandbox, 'stderr'), 'longer than it may be');
    symlinkSync(join(outside, 'two'), join(sandbox, 'stderr.1'));
    const rotation = new LogRotation(new VirtualClock(), silentLog);
    const limits = { maxBytes: 10, kept: 1 };
    rotation.watch('c', sandbox, { stdout: limits, stderr: limits });
    await rotation.look();
    for (const name of ['one', 'two']) expect(readFileSync(join(outside, name), 'utf8')).toHaveLength(100);
    expect(lstatSync(join(sandbox, 'stderr.1')).isFile()).toBe(true);
    expect(readFileSync(join(sandbox, 'stderr.1'), 'utf8')).toBe('longer than it may be');
  });

  it('does so for a task that runs, at the size that its environment asks for', async () => {
    const clock = new VirtualClock();
    const { master, folder } = await startTestCluster({
      clock: {
        now: () => Date.now(),
        setTimer: (delayMs, action) =>
          delayMs === 5_000 ? clock.setTimer(delayMs, action) : timer(delayMs, action),
      },
    });
    const environment = { variables: [{ name: 'CONTAINER_LOGGER_MAX_STDOUT_SIZE', value: '1KB' }] };
    const value = 'head -c 4096 /dev/zero; echo >&2; sleep 1000';
    master.launch(shellTask('talks', '', { command: { value, environment } }));
    const sandbox = join(folder, 'slaves/agent-0/frameworks/fw/executors/talks/runs/latest');
    await waitFor(
      'it has spoken',
      () => existsSync(join(sandbox, 'stderr')) && statSync(join(sandbox, 'stderr')).size === 1,
    );
    clock.advance(5_000);
    await waitFor('it was cut', () => statSync(join(sandbox, 'stdout')).size === 0);
    expect(statSync(join(sandbox, 'stdout.1')).size).toBe(4096);
  });

  it('understands sizes', () => {
    const defaults = { maxBytes: 1, kept: 1 };
    expect(logLimitsOf({ CONTAINER_LOGGER_MAX_STDERR_SIZE: '2MB' }, 'stderr', defaults).maxBytes).toBe(
      2 * 1024 * 1024,
    );
    expect(logLimitsOf({ CONTAINER_LOGGER_MAX_STDERR_SIZE: 'much' }, 'stderr', defaults)).toBe(defaults);
  });
});

const timer = (delayMs: number, action: () => void) => {
  const timeout = setTimeout(action, delayMs).unref();
  return { cancel: () => clearTimeout(timeout) };
};

describe('the collector of old sandboxes', () => {
  const DAY = 24 * 3_600_000;

  it('removes runs that ended long ago, with the folders that they leave empty', async () => {
    const workDir = await temporaryFolder();
    const executors = join(workDir, 'slaves/a/frameworks/f/executors');
    const old = join(executors, 'gone/runs/r1');
    const kept = join(executors, 'both/runs/r2');
    const recent = join(executors, 'both/runs/r3');
    for (const sandbox of [old, kept, recent]) {
      mkdirSync(sandbox, { recursive: true });
      appendFileSync(join(sandbox, 'stdout'), 'x');
    }
    const longAgo = new Date(Date.now() - 30 * DAY);
    for (const sandbox of [old, kept]) utimesSync(sandbox, longAgo, longAgo);
    const clock = { now: () => Date.now(), setTimer: () => ({ cancel: () => undefined }) };
    const collector = new SandboxCollector({
      workDir,
      isInUse: (sandbox) => sandbox === kept,
      clock,
      log: silentLog,
    });
    onTestEnd(async () => collector.close());
    await collector.collect();
    expect(existsSync(join(executors, 'gone'))).toBe(false);
    expect([existsSync(kept), existsSync(recent)]).toEqual([true, true]);
    expect(collector.counters).toEqual({ succeeded: 1, failed: 0, pending: 1 });
  });

  it('keeps less the fuller the disk is', () => {
    expect(maxAgeMs(10 * DAY, 0)).toBe(9 * DAY);
    expect(maxAgeMs(10 * DAY, 0.5)).toBeCloseTo(4 * DAY);
    expect(maxAgeMs(10 * DAY, 0.95)).toBe(0);
    expect(maxAgeMs(10 * DAY, 0.5, 0.3)).toBeCloseTo(2 * DAY);
  });
});
