import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sleeper } from '../support/sleeper.ts';
import { waitFor } from '../support/wait-for.ts';
import { type AgentProgram, buildAgentProgram } from './agent-process.ts';
import { type FakeMaster, FRAMEWORK, shellTask, startFakeMaster } from './fake-master.ts';
import { endTasksOnTestEnd, onTestEnd, temporaryFolder } from './test-agent.ts';

let program: AgentProgram;

beforeAll(async () => {
  program = await buildAgentProgram();
});

afterAll(() => program.remove());

/** A master and a work folder; whatever still runs there ends with the test. */
const prepare = async (): Promise<{ master: FakeMaster; workDir: string; at: (name: string) => string }> => {
  const workDir = await temporaryFolder();
  const master = await startFakeMaster();
  onTestEnd(() => master.close());
  endTasksOnTestEnd(workDir);
  return { master, workDir, at: (name) => join(workDir, name) };
};

const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}`);

describe('kill -9 of the agent', () => {
  it('leaves tasks running, and the next start knows them under the same ids and processes', async () => {
    const { master, workDir } = await prepare();
    const agent = await program.start({ master: master.url, workDir });
    const stays = sleeper();
    master.launch(shellTask('stays', stays.command));
    await master.until('stays', 'TASK_RUNNING');
    const pid = await waitFor('the task runs', stays.pid);
    await agent.kill();
    expect(isRunning(pid)).toBe(true);

    await program.start({ master: master.url, workDir });
    const [first, second] = master.subscriptions();
    expect(first?.agent_info.id).toBeUndefined();
    expect(second?.agent_info.id).toEqual({ value: 'agent-0' });
    expect(second?.tasks.map(({ task }) => [task.task_id.value, task.state])).toEqual([
      ['stays', 'TASK_RUNNING'],
    ]);
    expect(second?.frameworks.map(({ id }) => id?.value)).toEqual(['fw']);
    expect(isRunning(pid)).toBe(true);

    master.send({ type: 'KILL', kill: { framework_id: { value: 'fw' }, task_id: { value: 'stays' } } });
    await master.until('stays', 'TASK_KILLED');
    expect(isRunning(pid)).toBe(false);
  });

  it('loses no exit status of tasks that end meanwhile', async () => {
    const { master, workDir, at } = await prepare();
    const agent = await program.start({ master: master.url, workDir });
    const until = (name: string): string => `while [ ! -e ${at('go')} ]; do sleep 0.02; done; ${name}`;
    master.launch(
      shellTask('fails', until(`touch ${at('failed')}; exit 5`)),
      shellTask('finishes', until(`touch ${at('finished')}`)),
      shellTask('dies', until(`touch ${at('died')}; kill -9 $$`)),
    );
    for (const task of ['fails', 'finishes', 'dies']) await master.until(task, 'TASK_RUNNING');
    await agent.kill();
    writeFileSync(at('go'), '');
    for (const name of ['failed', 'finished', 'died']) await waitFor(name, () => existsSync(at(name)));

    await program.start({ master: master.url, workDir });
    expect((await master.until('fails', 'TASK_FAILED')).message).toBe('Command exited with status 5');
    expect((await master.until('finishes', 'TASK_FINISHED')).message).toBe('Command exited with status 0');
    expect((await master.until('dies', 'TASK_FAILED')).message).toBe('Command terminated with signal Killed');
  });

  it('notices later ends of tasks that it inherited', async () => {
    const { master, workDir, at } = await prepare();
    const agent = await program.start({ master: master.url, workDir });
    master.launch(shellTask('later', `while [ ! -e ${at('go')} ]; do sleep 0.02; done; exit 9`));
    await master.until('later', 'TASK_RUNNING');
    await agent.kill();
    await program.start({ master: master.url, workDir });
    writeFileSync(at('go'), '');
    expect((await master.until('later', 'TASK_FAILED')).message).toBe('Command exited with status 9');
  });

  it('sends what nobody had acknowledged again, with the same UUID', async () => {
    const { master, workDir } = await prepare();
    master.acknowledges = false;
    const agent = await program.start({ master: master.url, workDir });
    master.launch(shellTask('quick', 'true'));
    const told = await master.until('quick', 'TASK_STARTING');
    await agent.kill();
    master.calls.length = 0;
    master.acknowledges = true;
    await program.start({ master: master.url, workDir });
    expect((await master.until('quick', 'TASK_STARTING')).uuid).toBe(told.uuid);
    await master.until('quick', 'TASK_FINISHED');
    expect(master.states('quick')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
  });

  it('at any moment of many launches starts no task twice and loses none that it had taken', async () => {
    const { master, workDir, at } = await prepare();
    const ids = Array.from({ length: 60 }, (_unused, index) => `task-${index}`);
    const tasks = ids.map((id) => shellTask(id, `echo ran >> ${at(id)}; exec sleep 1000`));
    for (const [round, delayMs] of [15, 40, 80].entries()) {
      const agent = await program.start({ master: master.url, workDir });
      const mine = tasks.slice(round * 20, round * 20 + 20);
      master.launch(...mine);
      await pause(delayMs);
      // However slow the machine is, something was taken in the end.
      if (round === 2) await master.until('task-40', 'TASK_STARTING');
      await agent.kill();
    }
    const last = await program.start({ master: master.url, workDir });
    const listed = new Set(
      master
        .subscriptions()
        .at(-1)
        ?.tasks.map(({ task }) => task.task_id.value),
    );
    expect(listed.size).toBeGreaterThan(0);
    for (const id of listed) await master.until(id, 'TASK_RUNNING');
    for (const id of ids) {
      if (!listed.has(id)) expect(existsSync(at(id)), `${id} runs unknown`).toBe(false);
      else {
        const text = await waitFor(
          `${id} ran`,
          () => existsSync(at(id)) && readFileSync(at(id), 'utf8') !== '' && readFileSync(at(id), 'utf8'),
        );
        expect(text, id).toBe('ran\n');
      }
    }
    await last.kill();
  });

  it('reports a task whose waiting shell was killed, too, and ends what is left of it', async () => {
    const { master, workDir } = await prepare();
    const agent = await program.start({ master: master.url, workDir });
    const orphan = sleeper();
    master.launch(shellTask('orphan', orphan.command));
    const { container_status } = await master.until('orphan', 'TASK_RUNNING');
    const pid = await waitFor('the task runs', orphan.pid);
    await agent.kill();
    process.kill(container_status?.executor_pid ?? 0, 'SIGKILL');
    await program.start({ master: master.url, workDir });
    expect(await master.until('orphan', 'TASK_FAILED')).toMatchObject({
      reason: 'REASON_EXECUTOR_TERMINATED',
      message: "Unable to retrieve command's termination information",
    });
    await waitFor('the command does not outlive its task', () => !isRunning(pid));
  });

  it('ends tasks whose framework does not checkpoint', async () => {
    const { master, workDir } = await prepare();
    const agent = await program.start({ master: master.url, workDir });
    const brief = sleeper();
    const task = shellTask('short-lived', brief.command);
    const framework_info = { ...FRAMEWORK, checkpoint: false };
    master.send({ type: 'LAUNCH', launch: { framework_info, tasks: [task], is_group: false } });
    await master.until('short-lived', 'TASK_RUNNING');
    const pid = await waitFor('the task runs', brief.pid);
    await agent.kill();
    await program.start({ master: master.url, workDir });
    expect(master.subscriptions().at(-1)?.tasks).toEqual([]);
    await waitFor('it is gone', () => !isRunning(pid));
    expect(master.states('short-lived')).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
  });

  it('is the only way to a second agent over the same folder', async () => {
    const { master, workDir } = await prepare();
    await program.start({ master: master.url, workDir });
    const second = program.spawn({ master: master.url, workDir });
    let said = '';
    second.stderr?.on('data', (text) => {
      said += text;
    });
    const [code] = await once(second, 'close');
    expect(code).not.toBe(0);
    expect(said).toMatch(/The work folder is in use by the agent with process \d+/);
  });
});
