import { afterEach, expect, it } from 'vitest';
import { sendText } from '../../src/http/respond.ts';
import type { FrameworkInfo } from '../../src/mesos/generated/mesos.ts';
import type { Event } from '../../src/mesos/generated/scheduler.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { connectScheduler } from '../../src/sdk/connect-scheduler.ts';
import type {
  SchedulerCall,
  SchedulerConnection,
  SchedulerConnectionOptions,
} from '../../src/sdk/scheduler-connection.ts';
import { waitFor } from '../support/wait-for.ts';
import { type FakeMaster, startFakeMaster } from './fake-master.ts';

const FRAMEWORK: FrameworkInfo = { name: 'test', user: 'dev', roles: ['test-role'], failover_timeout: 60 };

const openThings: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of openThings.splice(0).reverse()) await thing.close();
});

const startMaster = async (): Promise<FakeMaster> => {
  const master = await startFakeMaster();
  openThings.push(master);
  return master;
};

interface Subscriber {
  readonly connection: SchedulerConnection;
  readonly events: Event[];
  readonly breaks: string[];
  readonly refusals: string[];
}

const connect = (
  masters: readonly { url: string }[],
  more: Partial<SchedulerConnectionOptions> = {},
): Subscriber => {
  const events: Event[] = [];
  const breaks: string[] = [];
  const refusals: string[] = [];
  const connection = connectScheduler({
    masterUrls: masters.map(({ url }) => url),
    frameworkInfo: FRAMEWORK,
    onEvent: (event) => void events.push(event),
    onDisconnected: (reason) => breaks.push(reason),
    onRefused: (message) => refusals.push(message),
    clock: systemClock,
    random: seededRandom(1),
    log: silentLog,
    ...more,
  });
  openThings.push(connection);
  return { connection, events, breaks, refusals };
};

const connected = async (subscriber: Subscriber): Promise<void> => {
  await waitFor('it is subscribed', () => subscriber.connection.isConnected);
};

const accept = (offer: string): SchedulerCall => ({
  type: 'ACCEPT',
  accept: { offer_ids: [{ value: offer }], operations: [] },
});
const kill = (task: string): SchedulerCall => ({ type: 'KILL', kill: { task_id: { value: task } } });
const acknowledge = (task: string): SchedulerCall => ({
  type: 'ACKNOWLEDGE',
  acknowledge: { agent_id: { value: 'a' }, task_id: { value: task }, uuid: 'PxyaTnstTG+KGwydjn9qWw==' },
});

it('subscribes, learns its id, and calls with the id and the stream id', async () => {
  const master = await startMaster();
  const subscriber = connect([master]);
  await connected(subscriber);
  expect(subscriber.connection.frameworkId).toBe('master-0000');
  await subscriber.connection.call({ type: 'REVIVE' });
  expect(master.calls.at(-1)).toEqual({ type: 'REVIVE', framework_id: { value: 'master-0000' } });
  expect(master.subscriptions()).toEqual([{ framework_info: { ...FRAMEWORK, checkpoint: false } }]);
  expect(subscriber.events.map(({ type }) => type)).toEqual(['SUBSCRIBED']);
});

it('subscribes with the id of a former life, and with the roles to be suppressed', async () => {
  const master = await startMaster();
  const info = { ...FRAMEWORK, id: { value: 'master-0000' } };
  await connected(connect([master], { frameworkInfo: info, suppressedRoles: ['test-role'] }));
  const [call] = master.ofType('SUBSCRIBE');
  expect(call?.framework_id).toEqual({ value: 'master-0000' });
  expect(call?.subscribe.framework_info.id).toEqual({ value: 'master-0000' });
  expect(call?.subscribe.suppressed_roles).toEqual(['test-role']);
});

it('subscribes again as the same framework when the stream breaks', async () => {
  const master = await startMaster();
  const subscriber = connect([master]);
  await connected(subscriber);
  master.disconnect();
  await waitFor('it subscribes again', () => master.subscriptions().length === 2);
  await connected(subscriber);
  expect(master.subscriptions()[1]?.framework_info.id).toEqual({ value: 'master-0000' });
  expect(subscriber.breaks).toHaveLength(1);
  await subscriber.connection.call({ type: 'REVIVE' });
});

it('goes to the leader that a master names, and sends its calls there', async () => {
  const leader = await startMaster();
  const follower = await startMaster();
  follower.answer = (_call, response) => {
    const location = `${leader.url.replace('http:', '')}/api/v1/scheduler`;
    response.writeHead(307, { Location: location }).end();
    return true;
  };
  const subscriber = connect([follower]);
  await connected(subscriber);
  await subscriber.connection.call({ type: 'REVIVE' });
  expect(follower.calls).toHaveLength(1);
  expect(leader.calls.map(({ type }) => type)).toEqual(['SUBSCRIBE', 'REVIVE']);
});

it('tries the other masters when one does not answer or does not lead', async () => {
  const dead = await startFakeMaster();
  await dead.close();
  const recovering = await startMaster();
  recovering.answer = (_call, response) => {
    sendText(response, 503, 'Master has not finished recovery');
    return true;
  };
  const leader = await startMaster();
  await connected(connect([dead, recovering, leader]));
  expect(recovering.subscriptions()).toHaveLength(1);
  expect(leader.subscriptions()).toHaveLength(1);
});

it('leaves a master that is silent for five heartbeats', async () => {
  const master = await startMaster();
  master.heartbeatSeconds = 0.02;
  const subscriber = connect([master]);
  await waitFor('it subscribes again', () => master.subscriptions().length > 1);
  expect(subscriber.breaks[0]).toContain('silent');
});

it('does not take the time that a handler needs for silence', async () => {
  const master = await startMaster();
  const watched = new Set<object>();
  const clock: Clock = {
    now: systemClock.now,
    setTimer: (delayMs, action) => {
      const timer = systemClock.setTimer(delayMs, action);
      if (delayMs === 75_000) watched.add(timer);
      return {
        cancel: () => {
          watched.delete(timer);
          timer.cancel();
        },
      };
    },
  };
  let release: () => void = () => undefined;
  const handled = new Promise<void>((resolve) => {
    release = resolve;
  });
  let isAtWork = false;
  connect([master], {
    clock,
    onEvent: () => {
      isAtWork = true;
      return handled;
    },
  });
  await waitFor('the handler is at work', () => isAtWork);
  expect(watched.size).toBe(0);
  release();
  await waitFor('the silence is watched again', () => watched.size === 1);
});

it('gives events one after another', async () => {
  const master = await startMaster();
  const seen: string[] = [];
  let release: () => void = () => undefined;
  const subscriber = connect([master], {
    onEvent: async (event) => {
      seen.push(`${event.type} starts`);
      if (event.type === 'RESCIND') {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      }
      seen.push(`${event.type} ends`);
    },
  });
  await connected(subscriber);
  master.send({ type: 'RESCIND', rescind: { offer_id: { value: 'o' } } });
  master.send({ type: 'FAILURE', failure: { agent_id: { value: 'a' } } });
  await waitFor('the first is being handled', () => seen.includes('RESCIND starts'));
  release();
  await waitFor('both were handled', () => seen.includes('FAILURE ends'));
  expect(seen.slice(2)).toEqual(['RESCIND starts', 'RESCIND ends', 'FAILURE starts', 'FAILURE ends']);
});

it('goes on with the next event when one cannot be handled', async () => {
  const master = await startMaster();
  const seen: string[] = [];
  const subscriber = connect([master], {
    onEvent: ({ type }) => {
      seen.push(type);
      if (type === 'RESCIND') throw new Error('broken');
    },
  });
  await connected(subscriber);
  master.send({ type: 'RESCIND', rescind: { offer_id: { value: 'o' } } });
  master.send({ type: 'FAILURE', failure: {} });
  await waitFor('the next event', () => seen.includes('FAILURE'));
  expect(master.subscriptions()).toHaveLength(1);
});

it('ends for good after an ERROR event', async () => {
  const master = await startMaster();
  const subscriber = connect([master]);
  await connected(subscriber);
  master.send({ type: 'ERROR', error: { message: 'Framework failed over' } });
  await waitFor('it is refused', () => subscriber.refusals.length === 1);
  expect(subscriber.refusals).toEqual(['Framework failed over']);
  expect(subscriber.connection.isConnected).toBe(false);
  expect(master.subscriptions()).toHaveLength(1);
});

it('ends for good when the master refuses the subscription', async () => {
  const master = await startMaster();
  master.answer = (_call, response) => {
    sendText(response, 401, 'who are you');
    return true;
  };
  const subscriber = connect([master]);
  await waitFor('it is refused', () => subscriber.refusals.length === 1);
  expect(subscriber.refusals[0]).toMatch(/401: who are you/);
});

it('says who it is where the master demands it', async () => {
  const master = await startMaster();
  const subscriber = connect([master], { credential: { principal: 'me', secret: 's3cret' } });
  await connected(subscriber);
  await subscriber.connection.call({ type: 'REVIVE' });
  const expected = `Basic ${Buffer.from('me:s3cret').toString('base64')}`;
  expect(master.authorizations).toEqual([expected, expected]);
});

it('keeps a KILL behind the ACCEPTs before it, and an ACCEPT behind the KILL', async () => {
  const master = await startMaster();
  const subscriber = connect([master]);
  await connected(subscriber);
  const released = new Map<string, () => void>();
  master.answer = ({ type }) =>
    type === 'ACCEPT' ? new Promise((resolve) => released.set(type, () => resolve(undefined))) : undefined;
  const calls = [accept('o1'), kill('t1'), accept('o2')].map((call) => subscriber.connection.call(call));
  const acknowledged = subscriber.connection.call(acknowledge('t0'));
  await acknowledged;
  expect(master.calls.map(({ type }) => type)).toEqual(['SUBSCRIBE', 'ACCEPT', 'ACKNOWLEDGE']);
  released.get('ACCEPT')?.();
  await waitFor('the next ACCEPT', () => master.ofType('ACCEPT').length === 2);
  expect(master.calls.slice(-2).map(({ type }) => type)).toEqual(['KILL', 'ACCEPT']);
  released.get('ACCEPT')?.();
  await Promise.all(calls);
});

it('has several calls that commute under way together, and never more than sixteen', async () => {
  const master = await startMaster();
  const subscriber = connect([master]);
  await connected(subscriber);
  const held: (() => void)[] = [];
  master.answer = ({ type }) =>
    type === 'KILL' ? new Promise((resolve) => held.push(() => resolve(undefined))) : undefined;
  const calls = Array.from({ length: 40 }, (_, index) => subscriber.connection.call(kill(`t${index}`)));
  await waitFor('sixteen are under way', () => held.length === 16);
  expect(master.ofType('KILL')).toHaveLength(16);
  master.answer = () => undefined;
  for (const release of held) release();
  await Promise.all(calls);
});

it('rejects calls with the words of the master, without a stream, and those that wait when it breaks', async () => {
  const master = await startMaster();
  const subscriber = connect([master]);
  await expect(subscriber.connection.call({ type: 'REVIVE' })).rejects.toThrow('no connection');
  await connected(subscriber);
  let isHeld = false;
  master.answer = ({ type }, response) => {
    if (type === 'REVIVE') {
      sendText(response, 400, 'Failed to validate scheduler::Call: no');
      return true;
    }
    if (type !== 'KILL') return undefined;
    isHeld = true;
    return new Promise(() => undefined);
  };
  await expect(subscriber.connection.call({ type: 'REVIVE' })).rejects.toThrow('scheduler::Call: no');
  expect(subscriber.connection.isConnected).toBe(true);
  subscriber.connection.call(kill('t')).catch(() => undefined);
  const waiting = expect(subscriber.connection.call(accept('o'))).rejects.toThrow('ACCEPT was not sent');
  await waitFor('the KILL is under way', () => isHeld);
  master.disconnect();
  await waiting;
});

it('subscribes again when the master knows another stream of it', async () => {
  const master = await startMaster();
  const subscriber = connect([master]);
  await connected(subscriber);
  master.answer = ({ type }, response) => {
    if (type !== 'REVIVE') return undefined;
    sendText(response, 403, 'Framework is not subscribed');
    return true;
  };
  await expect(subscriber.connection.call({ type: 'REVIVE' })).rejects.toThrow('not subscribed');
  await waitFor('it subscribes again', () => master.subscriptions().length === 2);
});

it('closes the stream and makes no further attempt', async () => {
  const master = await startMaster();
  const subscriber = connect([master]);
  await connected(subscriber);
  await subscriber.connection.close();
  expect(subscriber.connection.isConnected).toBe(false);
  await expect(subscriber.connection.call({ type: 'REVIVE' })).rejects.toThrow();
  expect(subscriber.breaks).toEqual([]);
});
