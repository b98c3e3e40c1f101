import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shellTask } from './fake-master.ts';
import { openSession } from './sessions/agent-caller.ts';
import { startTestCluster, temporaryFolder } from './test-agent.ts';

/** A task that could reach the agent's checkpoint could write into it, whoever it runs as. */
it.runIf(process.platform === 'linux')(
  'gives commands none of the files of the agent',
  {
    timeout: 60_000,
  },
  async () => {
    const folder = await temporaryFolder();
    const list = (file: string) => `ls -l /proc/$$/fd > ${join(folder, file)}`;
    const { agent, master } = await startTestCluster();
    master.launch(shellTask('t1', `${list('task')}; exec sleep 10000`));
    const { container_status } = await master.until('t1', 'TASK_RUNNING');
    const parent = container_status?.container_id ?? { value: '' };
    const session = await openSession({ agent }, { value: 's', parent }, list('session'));
    await session.ended;
    for (const file of ['task', 'session']) {
      const files = await readFile(join(folder, file), 'utf8');
      expect(files).toContain('0 -> ');
      expect(files).not.toContain('checkpoint');
    }
  },
);
