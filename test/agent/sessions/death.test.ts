import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAgent } from '../../../src/agent/server.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { systemRandom } from '../../../src/runtime/random.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type AgentProgram, buildAgentProgram } from '../agent-process.ts';
import { shellTask, startFakeMaster } from '../fake-master.ts';
import { onTestEnd, RESOURCES, temporaryFolder } from '../test-agent.ts';
import { openSession, wait } from './agent-caller.ts';
import { running, uniqueSleep } from './processes.ts';

let program: AgentProgram;

beforeAll(async () => {
  program = await buildAgentProgram();
});

afterAll(() => program.remove());

it('leaves nothing of a session when the agent is killed with -9, and the task goes on', async () => {
  const workDir = await temporaryFolder();
  const master = await startFakeMaster();
  onTestEnd(() => master.close());
  const agent = await program.start({ master: master.url, workDir });
  const task = uniqueSleep();
  master.launch(shellTask('t1', `exec ${task}`));
  const { container_status } = await master.until('t1', 'TASK_RUNNING');
  const parent = container_status?.container_id ?? { value: '' };
  const at = { agent: { url: agent.url } };
  const [plain, inTerminal] = [uniqueSleep(), uniqueSleep()];
  const one = await openSession(at, { value: 'one', parent }, `(trap "" HUP TERM; ${plain}) & wait`);
  const two = await openSession(at, { value: 'two', parent }, `nohup ${inTerminal}`, {
    terminal: { rows: 24, columns: 80 },
  });
  await waitFor('both to run', () => running(plain).length === 1 && running(inTerminal).length === 1);
  await agent.kill();
  await waitFor('both to end', () => running(plain).length + running(inTerminal).length === 0);
  await Promise.allSettled([one.ended, two.ended]);
  expect(running(task)).toHaveLength(1);

  const next = await startAgent({
    masterUrls: [master.url],
    workDir,
    resources: RESOURCES,
    version: '1.11.0',
    log: silentLog,
    clock: systemClock,
    random: systemRandom,
  });
  onTestEnd(() => next.endTasks());
  expect(await wait({ agent: next }, { value: 'one', parent })).toEqual({ exit_status: 9 });
}, 90_000);
