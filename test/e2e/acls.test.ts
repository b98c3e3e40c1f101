import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import {
  type ClusterAddresses,
  type CommandResult,
  createPlenumHome,
  type PlenumHome,
} from '../support/plenum.ts';
import { waitFor } from '../support/wait-for.ts';

const NONE = { type: 'NONE' };
const BOB = { values: ['bob'] };

const ACLS = {
  launch_nested_container_sessions_as_user: [{ principals: BOB, users: NONE }],
  access_sandboxes: [{ principals: BOB, users: NONE }],
  drain_agents: [{ principals: BOB, agents: NONE }],
  get_quotas: [{ principals: BOB, roles: { values: ['bobs'] } }],
  update_quotas: [
    { principals: BOB, roles: { values: ['bobs'] } },
    { principals: BOB, roles: NONE },
  ],
};

describe('a cluster with ACLs', () => {
  let home: PlenumHome;
  let other: string;
  let cluster: ClusterAddresses;
  const tokens = new Map<string, string>();

  const as = (who: string, ...args: string[]): Promise<CommandResult> =>
    home.run(args, { env: { PLENUM_TOKEN: tokens.get(who) ?? '' } });

  beforeAll(async () => {
    home = await createPlenumHome();
    other = await mkdtemp(join(tmpdir(), 'plenum-acls-'));
    const file = join(other, 'acls.json');
    await writeFile(file, JSON.stringify(ACLS));
    cluster = await home.up(
      '--tls',
      '--agents',
      '1',
      '--master-port',
      '0',
      '--packages-port',
      '0',
      '--acls',
      file,
    );
    for (const who of ['alice', 'bob']) {
      tokens.set(who, (await home.must('cluster', 'token', '--operator', who)).trim());
    }
    const app = join(other, 'app.json');
    const definition = { id: '/said', cmd: 'echo said; exec sleep 100000', cpus: 0.1, mem: 32 };
    await writeFile(app, JSON.stringify(definition));
    await home.must('marathon', 'app', 'add', app, '--wait');
    await waitFor('the log', async () => (await home.must('task', 'log', 'said')).includes('said'));
  });

  afterAll(async () => {
    await home.remove();
    await rm(other, { recursive: true, force: true });
  });

  it('runs commands in tasks for those who may, through the gateway as well', async () => {
    expect(await as('alice', 'task', 'exec', 'said', '--', 'echo', 'inside')).toMatchObject({
      code: 0,
      stdout: 'inside\n',
    });
    const refused = await as('bob', 'task', 'exec', 'said', '--', 'echo', 'inside');
    expect([refused.code, refused.stdout]).toEqual([5, '']);
    expect(refused.stderr).toContain('403');
  });

  it('shows what tasks print to those who may see it, by every way', async () => {
    expect((await as('alice', 'task', 'log', 'said')).stdout).toContain('said');
    const refused = await as('bob', 'task', 'log', 'said');
    expect([refused.code, refused.stdout]).toEqual([5, '']);
    const [task] = await home.json<{ id: string }[]>('task', 'list');
    const log = async (who: string): Promise<[number, boolean]> => {
      const { status, body } = await request({
        url: `${cluster.gateway}/system/v1/logs/v2/task/${task?.id}/file/stdout`,
        headers: { Authorization: `token=${tokens.get(who)}` },
        tls: { rejectUnauthorized: false },
      });
      return [status, body.includes('said')];
    };
    expect(await log('alice')).toEqual([200, true]);
    const [status, isShown] = await log('bob');
    expect(status).toBeGreaterThanOrEqual(400);
    expect(isShown).toBe(false);
  });

  it('lets operators change what is theirs, and nothing else', async () => {
    expect((await as('bob', 'quota', 'create', 'bobs', '--cpu', '0.1')).code).toBe(0);
    expect((await as('bob', 'quota', 'create', 'others', '--cpu', '0.1')).code).toBe(5);
    const [agent] = cluster.agents;
    expect((await as('bob', 'node', 'drain', agent?.id ?? '')).code).toBe(5);
  });

  it('keeps them when it starts again, and says in which file they are wrong', async () => {
    await home.must('down');
    await writeFile(
      join(other, 'acls.json'),
      JSON.stringify({ ...ACLS, drain_agents: [{ principals: BOB }] }),
    );
    const { code, stderr } = await home.run(['up']);
    expect(code).toBe(1);
    expect(stderr).toContain(`${join(other, 'acls.json')} /drain_agents/0/agents must be`);
    await writeFile(join(other, 'acls.json'), JSON.stringify(ACLS));
    await home.must('up');
    expect((await as('bob', 'quota', 'create', 'others', '--cpu', '0.1')).code).toBe(5);
  }, 90_000);
});
