import { describe } from 'vitest';
import type { EventStream } from './scheduler.ts';
import { walkDrain, walkMaintenance } from './walk/drain.ts';
import { walkErrors } from './walk/errors.ts';
import { walkExecutor } from './walk/executor.ts';
import { walkFrameworks, walkOperations, walkTaskFeatures } from './walk/features.ts';
import { walkIdle } from './walk/idle.ts';
import { MASTER_ID } from './walk/master-id.ts';
import { walkMesosExecute } from './walk/mesos-execute.ts';
import { walkOperator } from './walk/operator.ts';
import { walkProtobuf } from './walk/protobuf.ts';
import { walkScheduler } from './walk/scheduler.ts';
import { createWalk } from './walk.ts';

describe('the life of one master and one agent', () => {
  const walk = createWalk({
    file: 'walk.jsonl',
    texts: [
      ['sleep 3', 'sleep 1'],
      ['sleep 4', 'sleep 2'],
      ['python3 -m http.server 31010 --bind 127.0.0.1', 'sleep 1000'],
      ['python3 -m h...', 'sleep 1000'],
    ],
  });

  const operators: EventStream[] = [];

  walk.step('starts with a master alone', async () => {
    await walk.cluster.startMaster();
    walk.rewriteAlso([MASTER_ID, await walk.cluster.masterId()]);
  });
  walkIdle(walk, operators);
  walkMesosExecute(walk);
  walkScheduler(walk);
  walkOperator(walk);
  walkMaintenance(walk);
  walkErrors(walk);
  walkDrain(walk);
  walkOperations(walk);
  walkProtobuf(walk);
  walkTaskFeatures(walk);
  walkFrameworks(walk);
  walkExecutor(walk);
  walk.answers(/^final-/);
  walk.check('the operator saw what the captured one saw', async () => {
    const [stream] = operators;
    if (stream !== undefined) walk.compareEvents(stream);
  });
});
