import { describe } from 'vitest';
import { request } from '../../src/http/client.ts';
import { readAcls } from '../../src/mesos/acls/read-acls.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { authenticator } from '../../src/security/authenticator.ts';
import { masterRealms } from '../../src/security/realms.ts';
import { waitFor } from '../support/wait-for.ts';
import type { Scheduler } from './scheduler.ts';
import { createWalk } from './walk.ts';

const ALICE = { principal: 'alice', secret: 'pw' };
const BOB = { principal: 'bob', secret: 'pw2' };
const AS_ALICE = { Authorization: `Basic ${Buffer.from('alice:pw').toString('base64')}` };

const only = (name: string): object => ({ values: [name] });
const NONE = { type: 'NONE' };

/** As the captured master had them, by what it refused. */
const ACLS = readAcls(
  JSON.stringify({
    register_frameworks: [
      { principals: only('alice'), roles: only('golden') },
      { principals: only('alice'), roles: NONE },
    ],
    teardown_frameworks: [{ principals: only('bob'), framework_principals: NONE }],
    view_flags: [{ principals: only('bob'), flags: NONE }],
  }),
);

describe('a master that asks who is calling', () => {
  const authenticate = authenticator({
    realms: masterRealms,
    demanded: new Set(['readonly', 'readwrite', 'frameworks']),
    credentials: [ALICE, BOB],
    clock: systemClock,
  });
  const walk = createWalk({
    file: 'authentication.jsonl',
    cluster: { master: { access: { authenticate }, flags: { acls: ACLS } } },
  });
  let scheduler: Scheduler;

  walk.step('starts alone', () => walk.cluster.startMaster());
  walk.answers(/^auth-(0|10)/);
  walk.step('a scheduler subscribes, and is gone', async () => {
    scheduler = await walk.subscribe('auth-12-sched-SUBSCRIBE-ok');
    scheduler.close();
    await waitFor('its framework is history', async () => {
      const url = `${walk.cluster.masterUrl}/frameworks`;
      const { body } = await request({ url, headers: AS_ALICE });
      const { completed_frameworks: gone } = JSON.parse(body.toString('utf8')) as {
        completed_frameworks: object[];
      };
      return gone.length === 1;
    });
  });
  walk.check('it saw what the captured one saw', async () => walk.compareEvents(scheduler));
  walk.answers('auth-13-sched-SUBSCRIBE-role-not-allowed', 'auth-14-sched-SUBSCRIBE-principal-mismatch');
  walk.step('another one subscribes, and stays', async () => {
    await walk.join(
      { name: 'a', principal: 'alice', roles: ['golden'], capabilities: [{ type: 'MULTI_ROLE' }] },
      { streamId: '38fe8834-bc92-4d35-8f04-034a8e06a7ad', headers: AS_ALICE },
    );
  });
  walk.answers(/^auth-(15|17|18|20)/);
});
