import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { create } from 'tar';
import { expect } from 'vitest';
import type { JsonObject } from '../captures.ts';
import type { Scheduler } from '../scheduler.ts';
import { untilDisconnected, untilRemoved } from '../views.ts';
import type { Walk } from '../walk.ts';
import { MASTER_ID } from './master-id.ts';
import { walkNestedContainers } from './nested-containers.ts';
import { smallTask } from './small-task.ts';

const CAPABILITIES: readonly JsonObject[] = [
  { type: 'MULTI_ROLE' },
  { type: 'RESERVATION_REFINEMENT' },
  { type: 'PARTITION_AWARE' },
  { type: 'TASK_KILLING_STATE' },
];

/** Feedback on operations. */
export const walkOperations = (walk: Walk): void => {
  let scheduler: Scheduler;
  walk.step('a scheduler subscribes', async () => {
    scheduler = await walk.subscribe('sched-45-SUBSCRIBE-operation-feedback');
  });
  walk.answers('op-w48b-GET_AGENTS-reactivated', 'sched-15-ACCEPT-RESERVE');
  walk.step('it hears that it is done', async () => {
    await walk.seen(scheduler, 'op-r', 1);
    const [theirs] =
      (walk.golden('sched-16-ACKNOWLEDGE_OPERATION_STATUS').body ?? '').match(/[\w+/]{22}==/) ?? [];
    walk.bindings.set(theirs ?? '', walk.operationUuid(scheduler, 'op-r'));
  });
  walk.answers('sched-16-ACKNOWLEDGE_OPERATION_STATUS-uuid-as-object', 'sched-17-RECONCILE_OPERATIONS');
  walk.step('it hears of both operations', async () => {
    await walk.seen(scheduler, 'op-r', 2);
    await walk.seen(scheduler, 'never', 1);
  });
  walk.answers('sched-16-ACKNOWLEDGE_OPERATION_STATUS', 'sched-15b-ACCEPT-RESERVE-too-much');
  walk.step('it hears why not', () => walk.seen(scheduler, 'op-bad', 1));
  walk.check('it saw what the captured one saw', async () => walk.compareEvents(scheduler));
  walk.step('it gives back what it reserved, and leaves', async () => {
    await walk.hold(scheduler, `${MASTER_ID}-O33`);
    await scheduler.call('ACCEPT', {
      offer_ids: [{ value: walk.offerTaken(`${MASTER_ID}-O33`) }],
      operations: [
        {
          type: 'UNRESERVE',
          unreserve: {
            resources: [
              {
                name: 'disk',
                type: 'SCALAR',
                scalar: { value: 100 },
                allocation_info: { role: 'golden' },
                reservations: [{ type: 'DYNAMIC', role: 'golden' }],
              },
            ],
          },
        },
      ],
    });
    scheduler.close();
    await untilRemoved(walk.cluster.masterUrl, scheduler.frameworkId);
  });
};

/** A port of this machine on which nobody listens. */
const closedPort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
};

/** Downloads, deadlines, checks and health checks. */
export const walkTaskFeatures = (walk: Walk): void => {
  let scheduler: Scheduler;
  const listener = createServer((socket) => socket.destroy());
  const seen = (subject: string, count: number) => walk.seen(scheduler, subject, count);

  walkNestedContainers(walk, CAPABILITIES);
  walk.step('there is something to download, and a port that answers', async () => {
    const uris = join(walk.cluster.workDir, 'uris');
    await mkdir(uris);
    await writeFile(join(uris, 'inner.txt'), 'inner\n');
    await writeFile(join(uris, 'plain.txt'), 'plain\n');
    await create({ gzip: true, cwd: uris, file: join(uris, 'a.tar.gz') }, ['inner.txt']);
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    walk.rewriteAlso(['/var/mesos-real/uri', uris], ['"port": 31010', `"port": ${port}`]);
    walk.rewritePort(31010, port);
    const closed = await closedPort();
    walk.rewriteAlso(['"port": 31999', `"port": ${closed}`]);
    walk.rewritePort(31999, closed);
  });
  walk.step('a scheduler subscribes', async () => {
    scheduler = await walk.subscribe('sched-46-SUBSCRIBE-checks-fetcher-deadline');
  });
  walk.answers('sched-46-ACCEPT-LAUNCH-with-uris');
  walk.step('the task ends', () => seen('uri-1', 3));
  walk.answers('sched-46b-ACCEPT-LAUNCH-with-bad-uri');
  walk.step('the task fails', () => seen('uri-bad', 1));
  walk.answers('sched-46c-ACCEPT-LAUNCH-max-completion-time');
  walk.step('the task runs out of time', () => seen('deadline-1', 3));
  walk.answers('sched-46d-ACCEPT-LAUNCH-check-and-tcp-health');
  walk.step('the task is checked and healthy', () => seen('chk-1', 4));
  walk.answers('mid-op-GET_TASKS-with-check', 'sched-47-KILL-with-kill-policy');
  walk.step('the task is killed', () => seen('chk-1', 6));
  walk.answers('sched-48-ACCEPT-LAUNCH-unhealthy-http');
  walk.step('the unhealthy task is killed', () => seen('unh-1', 6));
  walk.check('the scheduler saw what the captured one saw', async () => walk.compareEvents(scheduler));
  walk.step('it leaves', async () => {
    listener.close();
    scheduler.close();
    await untilRemoved(walk.cluster.masterUrl, scheduler.frameworkId);
  });
};

/** A framework that is away, then gone; frameworks in roles of a hierarchy. */
export const walkFrameworks = (walk: Walk): void => {
  const gone: Scheduler[] = [];

  walk.step('a scheduler with a task goes away', async () => {
    const scheduler = await walk.join({
      name: 'disc-fw',
      roles: ['golden'],
      checkpoint: true,
      failover_timeout: 4,
      capabilities: CAPABILITIES,
    });
    await walk.launch(scheduler, smallTask('disc-1', 'sleep 1000'));
    await walk.seen(scheduler, 'disc-1', 2);
    expect(scheduler.frameworkId).toMatch(/-0012$/);
    scheduler.close();
    await untilDisconnected(walk.cluster.masterUrl, scheduler.frameworkId);
    gone.push(scheduler);
  });
  walk.answers(/^mid-.*-disconnected$/);
  walk.step('it has been away for too long', async () => {
    for (const scheduler of gone.splice(0)) await untilRemoved(walk.cluster.masterUrl, scheduler.frameworkId);
  });
  walk.answers(/^mid-.*-after-failover-timeout$/);
  walk.step('schedulers in roles of a hierarchy subscribe', async () => {
    const one = await walk.subscribe('sched-49-SUBSCRIBE-two-roles');
    const roles = ['eng/api', 'ops'];
    const two = await walk.join(
      { name: 'two', roles, capabilities: CAPABILITIES.slice(0, 1) },
      { suppressedRoles: roles },
    );
    await walk.launch(one, smallTask('r-1', 'sleep 1000', 'eng/web'), {
      id: `${MASTER_ID}-O46`,
      refuseSeconds: 1000,
    });
    await walk.seen(one, 'r-1', 2);
    gone.push(one, two);
  });
  walk.answers(/^mid-.*-hierarchical$/);
  walk.check('one saw what the captured one saw', async () => {
    for (const scheduler of gone.slice(0, 1)) walk.compareEvents(scheduler);
  });
  walk.step('they leave', async () => {
    for (const scheduler of gone.splice(0)) {
      scheduler.close();
      await untilRemoved(walk.cluster.masterUrl, scheduler.frameworkId);
    }
  });
};
