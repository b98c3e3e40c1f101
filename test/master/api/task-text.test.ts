import { describe, expect, it } from 'vitest';
import { Fragments } from '../../../src/master/api/documents/fragments.ts';
import { taskText } from '../../../src/master/api/task-text.ts';
import type { Task } from '../../../src/mesos/generated/mesos.ts';
import { taskJson } from '../../../src/mesos/v0/task-json.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { randomMessage } from '../../mesos/random-message.ts';

const randomTask = (seed: number): Task =>
  randomMessage('mesos.v1.Task', seededRandom(seed)) as unknown as Task;

describe('the text of a task', () => {
  it('is what is shown of it anywhere else, byte by byte', () => {
    const fragments = new Fragments();
    for (let seed = 0; seed < 500; seed++) {
      const task = randomTask(seed);
      expect(taskText(task, fragments), `seed ${seed}`).toBe(JSON.stringify(taskJson(task)));
    }
  });

  it('is the same for tasks that share parts as for those that do not', () => {
    const fragments = new Fragments();
    for (let seed = 0; seed < 100; seed++) {
      const [one, other] = [randomTask(seed), randomTask(seed + 1)];
      const [status] = one.statuses ?? [];
      const sharing = {
        ...other,
        ...one,
        name: other.name,
        statuses: status ? [status, { ...status, state: 'TASK_FAILED' as const }] : [],
      };
      for (const task of [one, other, sharing]) {
        expect(taskText(task, fragments), `seed ${seed}`).toBe(JSON.stringify(taskJson(task)));
      }
    }
  });
});
