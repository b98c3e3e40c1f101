import { describe } from 'vitest';
import { request } from '../../src/http/client.ts';
import type { JsonObject } from './captures.ts';
import type { Scheduler } from './scheduler.ts';
import { createWalk } from './walk.ts';

const MASTER_ID = '1fd4ff47-0116-4767-83ea-05304b87c41d';
const AGENT_ID = { value: `${MASTER_ID}-S0` };

const scalar = (name: string, value: number): JsonObject => ({ name, type: 'SCALAR', scalar: { value } });
const ADS = { type: 'DYNAMIC', role: 'ads' };
const LABELS = { labels: [{ key: 'k', value: 'v' }] };

describe('a drain that cannot end, as nothing is acknowledged that a task reports', () => {
  const walk = createWalk({ file: 'blocked-drain.jsonl' });
  let scheduler: Scheduler;

  const operate = async (type: string, body: JsonObject): Promise<string> => {
    const answer = await request({
      method: 'POST',
      url: `${walk.cluster.masterUrl}/api/v1`,
      headers: { 'Content-Type': 'application/json' },
      body: walk.translate(JSON.stringify({ type, [type.toLowerCase()]: body })),
    });
    if (answer.status >= 300) throw new Error(`${type}: ${answer.status} ${answer.body}`);
    return answer.body.toString('utf8');
  };

  walk.step('starts with an agent, some of which is reserved', async () => {
    await walk.cluster.startMaster();
    const id = await walk.cluster.masterId();
    walk.rewriteAlso([MASTER_ID, id]);
    walk.bindings.set(MASTER_ID, id);
    await walk.cluster.startAgent();
    const resources = [
      { ...scalar('mem', 64), reservations: [ADS] },
      { ...scalar('disk', 10), reservations: [{ ...ADS, principal: 'my-principal', labels: LABELS }] },
    ];
    await operate('RESERVE_RESOURCES', { agent_id: AGENT_ID, resources });
  });
  walk.step('a scheduler runs a task, of which it takes no notice', async () => {
    const framework = { name: 'drain-fw', roles: ['golden'], capabilities: [{ type: 'MULTI_ROLE' }] };
    scheduler = await walk.join(framework, {
      ignored: new Set(['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLED']),
    });
    const allocated = { allocation_info: { role: 'golden' } };
    const ports = { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31005, end: 31005 }] } };
    await walk.launch(scheduler, {
      name: 'd-1',
      task_id: { value: 'd-1' },
      command: { value: 'sleep 1000' },
      resources: [scalar('cpus', 0.5), scalar('mem', 64), ports].map((one) => ({ ...one, ...allocated })),
    });
    await walk.seen(scheduler, 'd-1', 1);
  });
  walk.step('the agent is drained', async () => {
    const max_grace_period = { seconds: 10 };
    await operate('DRAIN_AGENT', { agent_id: AGENT_ID, max_grace_period, mark_gone: false });
  });
  walk.answers(/^drainblocked-/);
});
