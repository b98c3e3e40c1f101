import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientCluster, endsOf, startClientCluster } from '../client-cluster.ts';
import { type Installation, installMaven } from '../installations.ts';
import { findJava } from '../runtimes.ts';
import { runProgram } from '../start-program.ts';

/** mesos-rxjava: protobuf with the messages of Mesos 1.0, which must overlook what came later. */

const java = findJava();

describe.skipIf(java === undefined)('mesos-rxjava', () => {
  let installed: Installation;
  let cluster: ClientCluster;
  const toClose: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    installed = await installMaven('mesos-rxjava', import.meta.dirname);
    toClose.push(installed.remove);
    cluster = await startClientCluster();
    toClose.push(cluster.close);
  });
  afterAll(async () => {
    for (const close of toClose.reverse()) await close();
  });

  it('launches a task that ends and one that it kills', async () => {
    const { stdout } = await runProgram(java ?? '', [
      ...['-cp', join(installed.folder, 'lib', '*'), join(import.meta.dirname, 'Scheduler.java')],
      ...[`${cluster.addresses.master}/api/v1/scheduler`, 'rxjava'],
    ]);
    const said = (task: string) => stdout.split('\n').filter((line) => line.startsWith(`${task} `));
    expect(said('ends')).toEqual(['ends TASK_STARTING', 'ends TASK_RUNNING', 'ends TASK_FINISHED']);
    expect(said('stays')).toEqual(['stays TASK_STARTING', 'stays TASK_RUNNING', 'stays TASK_KILLED']);
    const framework = await cluster.until('rxjava', 'is torn down', ({ active }) => !active);
    expect(stdout).toContain(`SUBSCRIBED ${framework.id}\n`);
    expect(endsOf(framework)).toEqual({ ends: 'TASK_FINISHED', stays: 'TASK_KILLED' });
  });
});
