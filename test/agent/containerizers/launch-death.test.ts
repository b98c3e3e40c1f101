import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitsFolder } from '../../../src/agent/core/work-folder.ts';
import { readProcessTable } from '../../../src/agent/processes/process-table.ts';
import type { OfferOperation, Resource } from '../../../src/mesos/generated/mesos.ts';
import { sleeper } from '../../support/sleeper.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type AgentProgram, buildAgentProgram } from '../agent-process.ts';
import { type FakeMaster, FRAMEWORK, shellTask, startFakeMaster } from '../fake-master.ts';
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

const RESERVED: Resource = {
  name: 'disk',
  type: 'SCALAR',
  scalar: { value: 40 },
  reservations: [{ type: 'DYNAMIC', role: 'eng', principal: 'me' }],
  allocation_info: { role: 'eng' },
};
const VOLUME: Resource = {
  ...RESERVED,
  disk: { persistence: { id: 'kept', principal: 'me' }, volume: { mode: 'RW', container_path: 'data' } },
};

/** Resolves when the agent has told that it is done. */
const applied = (master: FakeMaster, operation: OfferOperation): Promise<unknown> => {
  const uuid = `op-${operation.type}`;
  const framework_id = { value: 'fw' };
  master.send({ type: 'APPLY_OPERATION', apply_operation: { uuid, framework_id, operation } });
  return waitFor(`${operation.type} is done`, () =>
    master.calls.some(
      (call) =>
        call.type === 'OPERATION_UPDATE' &&
        call.operation_update.uuid === uuid &&
        call.operation_update.status.state === 'OPERATION_FINISHED',
    ),
  );
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

  it('leaves the agent who it is, with its reservations, volumes and whatever tasks its executors had', async () => {
    const { master, workDir } = await prepare();
    const more = { isolation: 'posix/cpu,posix/mem' };
    const bootIdFile = join(workDir, 'boot-id');
    writeFileSync(bootIdFile, '11111111-2222-3333-4444-555555555555\n');
    const agent = await program.start({ master: master.url, workDir, bootIdFile, more });
    const reserve = { resources: [RESERVED] };
    await applied(master, { type: 'RESERVE', reserve });
    await applied(master, { type: 'CREATE', create: { volumes: [VOLUME] } });
    const sleepers = [sleeper(), sleeper(), sleeper()] as const;
    const [one, two, old] = sleepers;
    const resources = [...(shellTask('', '').resources ?? []), VOLUME];
    const tasks = [
      shellTask('one', `echo kept > data/file; ${one.command}`, { resources }),
      shellTask('two', two.command),
    ];
    const executor_info = { executor_id: { value: 'pod' }, type: 'DEFAULT' as const };
    master.send({
      type: 'LAUNCH',
      launch: { framework_info: FRAMEWORK, executor_info, tasks, is_group: true },
    });
    const unaware = { ...FRAMEWORK, id: { value: 'old' }, capabilities: [{ type: 'MULTI_ROLE' as const }] };
    const launch = { framework_info: unaware, tasks: [shellTask('unaware', old.command)], is_group: false };
    master.send({ type: 'LAUNCH', launch });
    for (const id of ['one', 'two', 'unaware']) await master.until(id, 'TASK_RUNNING');
    const pids = await Promise.all(sleepers.map(({ pid }) => waitFor('a command runs', pid)));
    const file = join(workDir, 'volumes/roles/eng/kept/file');
    await waitFor('the volume is written to', () => existsSync(file));
    const before = master.subscriptions().at(-1)?.agent_info.id ?? { value: 'agent-0' };
    await agent.kill();

    writeFileSync(bootIdFile, '66666666-7777-8888-9999-000000000000\n');
    await program.start({ master: master.url, workDir, bootIdFile, more });
    const again = master.subscriptions().at(-1);
    expect(again?.agent_info.id).toEqual(before);
    expect(
      again?.checkpointed_resources.map(({ disk, scalar }) => [disk?.persistence?.id, scalar?.value]),
    ).toContainEqual(['kept', 40]);
    expect(readFileSync(file, 'utf8')).toBe('kept\n');
    const reason = 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT';
    for (const id of ['one', 'two']) expect(await master.until(id, 'TASK_GONE')).toMatchObject({ reason });
    expect(await master.until('unaware', 'TASK_LOST')).toMatchObject({ reason });
    master.launch(shellTask('next', 'cat data/file; exit 0', { resources }));
    await master.until('next', 'TASK_FINISHED');
    for (const pid of pids) process.kill(pid, 'SIGKILL');
  });
});
