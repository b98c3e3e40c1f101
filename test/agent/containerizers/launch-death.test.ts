import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitsFolder } from '../../../src/agent/core/work-folder.ts';
import { readProcessTable } from '../../../src/agent/processes/process-table.ts';
import { sleeper } from '../../support/sleeper.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type AgentProgram, buildAgentProgram } from '../agent-process.ts';
import { type FakeMaster, shellTask, startFakeMaster } from '../fake-master.ts';
import { endTasksOnTestEnd, onTestEnd, temporaryFolder } from '../test-agent.ts';

const isRoot = process.getuid?.() === 0;

let program: AgentProgram;

beforeAll(async () => {
  program = await buildAgentProgram();
});

afterAll(() => program.remove());

/** A master and a work folder; whatever still runs there ends with the test. */
const prepare = async (): Promise<{ master: FakeMaster; workDir: string }> => {
  const workDir = await temporaryFolder();
  const master = await startFakeMaster();
  onTestEnd(() => master.close());
  endTasksOnTestEnd(workDir);
  return { master, workDir };
};

const namesIn = (folder: string): string[] => readdirSync(folder).sort();

describe('kill -9 of an agent whose launcher has not come to a launch yet', () => {
  it.each<readonly [string, string]>([
    ['plain', 'posix/cpu,posix/mem'],
    ...(isRoot ? ([['kept apart', 'namespaces/pid,filesystem/linux']] as const) : []),
  ])('leaves nothing that waits for leave: %s', async (_which, isolation) => {
    const { master, workDir } = await prepare();
    const agent = await program.start({ master: master.url, workDir, more: { isolation } });
    // Brings the launcher up.
    master.launch(shellTask('first', 'true'));
    await master.until('first', 'TASK_FINISHED');
    const before = namesIn(exitsFolder(workDir));
    const launcher = await waitFor('the launcher', () =>
      readProcessTable().find(({ parent, pid, session }) => parent === agent.pid && session === pid),
    );
    process.kill(launcher.pid, 'SIGSTOP');
    master.launch(shellTask('late', 'exit 9'));
    // Its notes are made just before the launcher is told.
    await waitFor('the launch', () => namesIn(exitsFolder(workDir)).some((name) => !before.includes(name)));
    await agent.kill();
    process.kill(launcher.pid, 'SIGCONT');
    await waitFor('everything that it began is gone', () =>
      readProcessTable().every(({ session }) => session !== launcher.pid),
    );
  });
});

describe.skipIf(!isRoot)('the restart of a machine', () => {
  it('is told from the death of an agent: its tasks are gone, and no process is taken for theirs', async () => {
    const { master, workDir } = await prepare();
    const more = { isolation: 'posix/cpu,posix/mem' };
    const bootIdFile = join(workDir, 'boot-id');
    writeFileSync(bootIdFile, '11111111-2222-3333-4444-555555555555\n');
    const agent = await program.start({ master: master.url, workDir, bootIdFile, more });
    const task = sleeper();
    master.launch(shellTask('task', task.command));
    const { container_status } = await master.until('task', 'TASK_RUNNING');
    const pid = await waitFor('the task runs', task.pid);
    await agent.kill();

    writeFileSync(bootIdFile, '66666666-7777-8888-9999-000000000000\n');
    await program.start({ master: master.url, workDir, bootIdFile, more });
    expect(await master.until('task', 'TASK_GONE')).toMatchObject({
      reason: 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT',
      message: 'The machine of the agent was restarted',
    });
    // What has the number of its shell now is a process of somebody else.
    expect([existsSync(`/proc/${pid}`), existsSync(`/proc/${container_status?.executor_pid}`)]).toEqual([
      true,
      true,
    ]);
    process.kill(container_status?.executor_pid ?? 0, 'SIGKILL');
    process.kill(pid, 'SIGKILL');
  });
});
