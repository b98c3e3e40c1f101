import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../captures.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Walk } from '../walk.ts';

const SLEEPER = 'echo begin; while [ ! -e enough ]; do sleep 0.05; done';

const scalar = (name: string, value: number): JsonObject => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  allocation_info: { role: '*' },
});

/** Three commands that `mesos-execute` runs: one ends well, one fails, one sleeps while everything is looked at. */
export const walkMesosExecute = (walk: Walk): void => {
  /** As the tool does: it tears its framework down at the last update, which it does not acknowledge. */
  const execute = async (id: string, command: string): Promise<Scheduler> => {
    const scheduler = await walk.join(
      {
        name: 'mesos-execute instance',
        role: '*',
        capabilities: [
          { type: 'RESERVATION_REFINEMENT' },
          { type: 'TASK_KILLING_STATE' },
          { type: 'REVOCABLE_RESOURCES' },
          { type: 'PARTITION_AWARE' },
        ],
      },
      { ignored: new Set(['TASK_FINISHED', 'TASK_FAILED']) },
    );
    await walk.launch(
      scheduler,
      {
        name: id,
        task_id: { value: id },
        resources: [scalar('cpus', 1), scalar('mem', 128)],
        command: { value: command },
      },
      { refuseSeconds: 1000 },
    );
    return scheduler;
  };
  const ended = async (scheduler: Scheduler, id: string): Promise<void> => {
    await walk.seen(scheduler, id, 3);
    await scheduler.call('TEARDOWN');
    scheduler.close();
  };

  let sleeper: Scheduler | undefined;
  walk.step('a command ends, one fails, one begins to sleep', async () => {
    await ended(await execute('ends', 'echo hello out; echo hello err >&2'), 'ends');
    await ended(await execute('fails', 'exit 7'), 'fails');
    sleeper = await execute('sleeper', SLEEPER);
    await walk.seen(sleeper, 'sleeper', 2);
    const container = walk.golden('busy-agent-containers').json as readonly { container_id: string }[];
    const [update] = sleeper.events.filter(({ type }) => type === 'UPDATE');
    const { status } = (
      update as { update: { status: { container_status: { container_id: { value: string } } } } }
    ).update;
    walk.bindings.set(container[0]?.container_id ?? '', status.container_status.container_id.value);
  });
  walk.answers(
    /^busy-/,
    /^agent-/,
    'agentop-ATTACH_CONTAINER_OUTPUT',
    'agentop-LIST_FILES',
    'agentop-READ_FILE',
  );
  walk.answers(
    'master-frameworks-one',
    'master-slaves-one',
    'master-tasks-of-framework',
    'op-LIST_FILES-master',
  );
  walk.answers(/^master-help/);
  walk.step('the sleeper ends', async () => {
    if (sleeper === undefined) throw new Error('there is no sleeper');
    const sandbox = walk.translate(walk.golden('agent-files_browse').path.split('path=')[1] ?? '');
    await writeFile(join(sandbox, 'enough'), '');
    await ended(sleeper, 'sleeper');
  });
  walk.answers(/^after-/);
};
