import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sleeper } from '../../support/sleeper.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type AgentProgram, buildAgentProgram } from '../agent-process.ts';
import { type FakeMaster, shellTask, startFakeMaster } from '../fake-master.ts';
import { endTasksOnTestEnd, onTestEnd, temporaryFolder } from '../test-agent.ts';

const MEMORY = '/sys/fs/cgroup/memory/mesos';
const isRoot = process.getuid?.() === 0;
const hasCgroups = isRoot && existsSync('/sys/fs/cgroup/memory/cgroup.procs');

let program: AgentProgram;

beforeAll(async () => {
  program = await buildAgentProgram();
});

afterAll(() => program.remove());

const prepare = async (): Promise<{ master: FakeMaster; workDir: string; at: (name: string) => string }> => {
  const workDir = await temporaryFolder();
  const master = await startFakeMaster();
  onTestEnd(() => master.close());
  endTasksOnTestEnd(workDir);
  return { master, workDir, at: (name) => join(workDir, name) };
};

/** Groups of that controller that a process is in. */
const cgroupOf = (pid: number, controller: string): string => {
  const lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n');
  return lines.find((line) => line.split(':')[1] === controller)?.split(':')[2] ?? '';
};

const EATER = `exec ${process.execPath} -e 'const kept = []; setInterval(() => kept.push(Buffer.alloc(8e6, 1)), 1)'`;

describe.skipIf(!hasCgroups)('kill -9 of an agent whose tasks have cgroups and namespaces', () => {
  it('leaves them running as limited as before, and its next life ends and cleans them up', async () => {
    const { master, workDir } = await prepare();
    const agent = await program.start({ master: master.url, workDir });
    const stays = sleeper();
    master.launch(shellTask('stays', stays.command));
    await master.until('stays', 'TASK_RUNNING');
    const pid = await waitFor('the task runs', stays.pid);
    const group = cgroupOf(pid, 'memory');
    expect(group).toMatch(/^\/mesos\/[0-9a-f]{8}\/[0-9a-f-]+$/);
    await agent.kill();
    expect(stays.pid()).toBe(pid);

    const next = await program.start({ master: master.url, workDir });
    expect(cgroupOf(pid, 'memory')).toBe(group);
    const statistics = (await (await fetch(`${next.url}/monitor/statistics`)).json())[0].statistics;
    expect(statistics.mem_limit_bytes).toBe(64 * 1024 * 1024);
    master.send({ type: 'KILL', kill: { framework_id: { value: 'fw' }, task_id: { value: 'stays' } } });
    await master.until('stays', 'TASK_KILLED');
    await waitFor('its groups are gone', () => !existsSync(join('/sys/fs/cgroup/memory', group)));
    expect(stays.pid()).toBeUndefined();
  });

  it('does not hide that one of them took too much memory meanwhile', async () => {
    const { master, workDir, at } = await prepare();
    const agent = await program.start({ master: master.url, workDir });
    master.launch(
      shellTask('eats', `while [ ! -e ${at('go')} ]; do sleep 0.05; done; touch ${at('gone')}; ${EATER}`),
    );
    const { container_status } = await master.until('eats', 'TASK_RUNNING');
    await agent.kill();
    writeFileSync(at('go'), '');
    await waitFor('it has ended', () => !existsSync(`/proc/${container_status?.executor_pid}`));

    await program.start({ master: master.url, workDir });
    const status = await master.until('eats', 'TASK_FAILED');
    expect(status.reason).toBe('REASON_CONTAINER_LIMITATION_MEMORY');
    expect(status.message).toMatch(/^Memory limit exceeded: Requested: 64MB/);
  });

  it('has its next life remove cgroups of which nobody knows', async () => {
    const { master, workDir } = await prepare();
    const agent = await program.start({ master: master.url, workDir });
    const known = sleeper();
    master.launch(shellTask('known', known.command));
    await master.until('known', 'TASK_RUNNING');
    const group = cgroupOf(await waitFor('the task runs', known.pid), 'memory');
    await agent.kill();
    const own = join(MEMORY, group.split('/')[2] ?? '');
    const { mkdirSync } = await import('node:fs');
    mkdirSync(join(own, 'orphan'));
    await program.start({ master: master.url, workDir });
    const names = readdirSync(own, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(names.map(({ name }) => name)).toEqual([group.split('/')[3]]);
  });
});

describe('the launcher of an agent', () => {
  it('may be killed without harm, and the agent launches on', async () => {
    const { master, workDir } = await prepare();
    const agent = await program.start({ master: master.url, workDir });
    const before = sleeper();
    master.launch(shellTask('before', before.command));
    await master.until('before', 'TASK_RUNNING');
    const pid = await waitFor('the task runs', before.pid);
    const launcher = childrenOf(agent.pid).find((child) => commandOf(child) === '/bin/sh');
    expect(launcher).toBeGreaterThan(0);
    process.kill(Number(launcher), 'SIGKILL');
    const after = sleeper();
    master.launch(shellTask('after', after.command));
    await master.until('after', 'TASK_RUNNING');
    expect(before.pid()).toBe(pid);
    process.kill(await waitFor('the other task runs', after.pid), 'SIGTERM');
    process.kill(pid, 'SIGKILL');
    expect((await master.until('after', 'TASK_FAILED')).message).toBe(
      'Command terminated with signal Terminated',
    );
    expect((await master.until('before', 'TASK_FAILED')).message).toBe(
      'Command terminated with signal Killed',
    );
  });
});

const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );

const commandOf = (pid: number): string =>
  readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
