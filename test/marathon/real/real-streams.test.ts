import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request } from '../../../src/http/client.ts';
import { sendText } from '../../../src/http/respond.ts';
import { readMarathonFlags } from '../../../src/marathon/marathon-flags.ts';
import { type RunningMarathon, startMarathon } from '../../../src/marathon/server.ts';
import type { Offer, Resource, TaskStatus } from '../../../src/mesos/generated/mesos.ts';
import type { Event } from '../../../src/mesos/generated/scheduler.ts';
import { encodeRecord } from '../../../src/mesos/recordio.ts';
import { toOldFormat } from '../../../src/mesos/resources/reservation-format.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { systemRandom } from '../../../src/runtime/random.ts';
import { memoryStore } from '../../../src/store/memory-store.ts';
import { type FakeMaster, startFakeMaster } from '../../sdk/fake-master.ts';
import { waitFor } from '../../support/wait-for.ts';

/** What a Mesos 1.11.1 said, event by event. */
const recorded = (name: string): Event[] =>
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'mesos', `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const FIRST = recorded('sched-01-SUBSCRIBE');
const updatesOf = (events: readonly Event[], taskId: string): TaskStatus[] =>
  events.flatMap((event) =>
    event.type === 'UPDATE' && event.update.status.task_id.value === taskId ? [event.update.status] : [],
  );
const realOffer = (): Offer => {
  const [offer] = FIRST.flatMap((event) => (event.type === 'OFFERS' ? (event.offers.offers ?? []) : []));
  if (!offer) throw new Error('There is no offer in the stream');
  return structuredClone(offer);
};

let master: FakeMaster;
let standby: Server;
let marathon: RunningMarathon;

const start = async (): Promise<void> => {
  marathon = await startMarathon({
    masterUrls: [`http://127.0.0.1:${(standby.address() as AddressInfo).port}`, master.url],
    store: memoryStore(),
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    version: '1.11.0',
    credential: { principal: 'me', secret: 'hush' },
    flags: readMarathonFlags({ mesos_role: 'golden', framework_name: 'mine', failover_timeout: '3600' }),
  });
};

beforeEach(async () => {
  master = await startFakeMaster();
  // Where the leader is, is said without the protocol, as Mesos says it; before one is elected there is none.
  let asked = 0;
  standby = createServer((_request, response) => {
    if (asked++ === 0) sendText(response, 503, '');
    else {
      response.writeHead(307, { Location: `${master.url.slice('http:'.length)}/api/v1/scheduler` });
      response.end();
    }
  });
  await new Promise<void>((resolve) => standby.listen(0, '127.0.0.1', resolve));
  await start();
});

afterEach(async () => {
  await marathon.close();
  await master.close();
  standby.close();
});

const call = async (
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: string }> => {
  const answer = await request({
    method,
    url: marathon.url + path,
    headers: { 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: answer.body.toString() };
};

const operations = () => master.ofType('ACCEPT').flatMap(({ accept }) => accept.operations ?? []);
const launched = () =>
  operations().flatMap((operation) =>
    operation.type === 'LAUNCH' ? (operation.launch.task_infos ?? []) : [],
  );
const acknowledged = (): string[] => master.ofType('ACKNOWLEDGE').map(({ acknowledge }) => acknowledge.uuid);
const sendOffer = (offer: Offer, id: string): void =>
  master.send({ type: 'OFFERS', offers: { offers: [{ ...offer, id: { value: id } }] } });
const wants = (what: string, isSo: () => boolean): Promise<boolean> => waitFor(what, isSo);

describe('Marathon with a real master', () => {
  it('registers with what it is told, at the leader that a standby names', () => {
    const [subscription] = master.subscriptions();
    expect(subscription?.framework_info).toMatchObject({
      name: 'mine',
      principal: 'me',
      roles: ['golden'],
      checkpoint: true,
      failover_timeout: 3600,
    });
    expect(subscription?.framework_info.capabilities?.map(({ type }) => type)).toEqual([
      'PARTITION_AWARE',
      'TASK_KILLING_STATE',
      'MULTI_ROLE',
      'REGION_AWARE',
    ]);
    expect(master.authorizations.at(-1)).toBe(`Basic ${Buffer.from('me:hush').toString('base64')}`);
  });

  it('follows a task through what the master said of one, and acknowledges each word', async () => {
    await call('POST', '/v2/apps', { id: '/a', cmd: 'sleep 600', cpus: 0.1, mem: 32 });
    sendOffer(realOffer(), 'O1');
    await wants('a task is launched', () => launched().length === 1);
    const [task] = launched();
    for (const resource of task?.resources ?? []) {
      expect(resource.allocation_info).toEqual({ role: 'golden' });
    }
    const statuses = updatesOf(FIRST, 'long-1').filter(
      ({ state, uuid }) => uuid !== undefined && ['TASK_STARTING', 'TASK_RUNNING'].includes(state),
    );
    for (const status of statuses) {
      master.send({
        type: 'UPDATE',
        update: { status: { ...status, task_id: task?.task_id ?? status.task_id } },
      });
    }
    const uuids = statuses.flatMap(({ uuid }) => uuid ?? []);
    await wants('all is acknowledged', () => uuids.every((uuid) => acknowledged().includes(uuid)));
    const { body } = await call('GET', '/v2/apps//a');
    expect(JSON.parse(body).app.tasksRunning).toBe(1);
  });

  it('launches a pod as a group, and follows its containers through what the master said of one', async () => {
    const container = (name: string) => ({
      name,
      exec: { command: { shell: `echo ${name}; sleep 3` } },
      resources: { cpus: 0.1, mem: 32 },
    });
    await call('POST', '/v2/pods', { id: '/pod', containers: [container('pod-a'), container('pod-b')] });
    sendOffer(realOffer(), 'O1');
    await wants('it is launched', () => operations().length === 1);
    const [operation] = operations();
    if (operation?.type !== 'LAUNCH_GROUP') throw new Error(`It was a ${operation?.type}`);
    const { executor, task_group } = operation.launch_group;
    expect(executor).toMatchObject({ type: 'DEFAULT', framework_id: { value: expect.any(String) } });
    const tasks = task_group.tasks ?? [];
    const used = [executor, ...tasks].flatMap(({ resources = [] }) => resources);
    for (const { allocation_info } of used) expect(allocation_info).toEqual({ role: 'golden' });
    const said = FIRST.flatMap((event) => (event.type === 'UPDATE' ? [event.update.status] : []));
    const tell = (state: string): void => {
      for (const status of said.filter((one) => one.state === state && one.uuid !== undefined)) {
        const own = tasks.find(({ name }) => name === status.task_id.value);
        if (own) master.send({ type: 'UPDATE', update: { status: { ...status, task_id: own.task_id } } });
      }
    };
    const shown = async () => JSON.parse((await call('GET', '/v2/pods/pod::status')).body);
    tell('TASK_STARTING');
    tell('TASK_RUNNING');
    await waitFor('it is stable', async () => (await shown()).status === 'STABLE');
    expect((await shown()).instances).toMatchObject([
      { networks: [{ addresses: ['127.0.0.1'] }], containers: [{ name: 'pod-a' }, { name: 'pod-b' }] },
    ]);
    tell('TASK_FINISHED');
    await waitFor('it has ended', async () => (await shown()).terminationHistory?.length === 1);
    expect((await shown()).terminationHistory[0].containers).toMatchObject(
      tasks.map(({ task_id }) => ({ containerId: task_id.value, termination: { exitCode: 0 } })),
    );
    expect(master.ofType('KILL')).toEqual([]);
  });

  it.each(['sched-01-SUBSCRIBE', 'fo-08c-sched-stream-after-second-failover'])(
    'takes everything of %s, acknowledges what has to be, and ends tasks that are none of its own',
    async (name) => {
      const events = recorded(name).filter(({ type }) => type !== 'SUBSCRIBED');
      for (const event of events) master.send(event);
      const uuids = events.flatMap((event) =>
        event.type === 'UPDATE' ? (event.update.status.uuid ?? []) : [],
      );
      await wants('all is acknowledged', () => uuids.every((uuid) => acknowledged().includes(uuid)));
      expect(acknowledged().sort()).toEqual([...uuids].sort());
      const offers = events.flatMap((event) =>
        event.type === 'OFFERS' ? (event.offers.offers ?? []).map(({ id }) => id.value) : [],
      );
      await wants('all offers are given back', () => {
        const declined = master.ofType('DECLINE').flatMap(({ decline }) => decline.offer_ids ?? []);
        return offers.every((id) => declined.some(({ value }) => value === id));
      });
      await wants('strange tasks are ended', () => master.ofType('KILL').length > 0);
      expect((await call('GET', '/ping')).status).toBe(200);
    },
  );

  it.each(['the stack format', 'the old format'] as const)(
    'reserves on a real offer, and launches on what the next one shows in %s',
    async (format) => {
      await call('POST', '/v2/apps', {
        id: '/db',
        cmd: 'sleep 600',
        cpus: 0.1,
        mem: 32,
        container: {
          type: 'MESOS',
          volumes: [{ containerPath: 'data', mode: 'RW', persistent: { size: 100 } }],
        },
      });
      const offer = realOffer();
      sendOffer(offer, 'O1');
      await wants('a volume is made', () => operations().some(({ type }) => type === 'CREATE'));
      const reserved = operations().flatMap((operation) =>
        operation.type === 'RESERVE' ? (operation.reserve.resources ?? []) : [],
      );
      const volumes = operations().flatMap((operation) =>
        operation.type === 'CREATE' ? (operation.create.volumes ?? []) : [],
      );
      for (const { role, allocation_info, reservations } of [...reserved, ...volumes]) {
        expect(role).toBeUndefined();
        expect(allocation_info).toEqual({ role: 'golden' });
        expect(reservations).toMatchObject([{ type: 'DYNAMIC', role: 'golden', principal: 'me' }]);
      }
      const shown: Resource[] = [...reserved.filter(({ name }) => name !== 'disk'), ...volumes];
      const resources = format === 'the old format' ? shown.map(toOldFormat) : shown;
      sendOffer({ ...offer, resources: [...resources, ...(offer.resources ?? [])] }, 'O2');
      await wants('it is launched', () => launched().length === 1);
      const [task] = launched();
      expect(task?.resources?.every(({ reservations }) => reservations?.length === 1)).toBe(true);
      expect(task?.resources?.find(({ disk }) => disk)?.disk?.volume).toEqual({
        container_path: 'data',
        mode: 'RW',
      });
    },
  );

  it('goes on as a new framework when the master says that this one has been removed', async () => {
    master.answer = (one, response) => {
      if (one.type !== 'SUBSCRIBE' || one.framework_id === undefined) return undefined;
      response.writeHead(200, { 'Content-Type': 'application/json', 'Mesos-Stream-Id': 'stream' });
      const error = { type: 'ERROR', error: { message: 'Framework has been removed' } };
      response.end(encodeRecord(JSON.stringify(error)));
      return true;
    };
    master.disconnect();
    await wants('it subscribes without an id', () => {
      const last = master.ofType('SUBSCRIBE').at(-1);
      return master.subscriptions().length >= 3 && last !== undefined && last.framework_id === undefined;
    });
  });
});
