import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { startTestMaster } from './support/cluster.ts';
import { FRAMEWORK, subscribe, type TestScheduler } from './support/scheduler.ts';

/** What a real Mesos answered; FRAMEWORK and STREAM stand for the ids of a framework that is subscribed. */
interface Capture {
  name: string;
  method: string;
  headers: Record<string, string>;
  body: string | null;
  status: number;
  text: string;
}

const captures = JSON.parse(
  readFileSync(new URL('fixtures/scheduler-errors.json', import.meta.url), 'utf8'),
) as Capture[];

/** Taken when its framework had been torn down. */
const AFTER_TEARDOWN = 'revive-after';

const answerTo = async (url: string, scheduler: TestScheduler, capture: Capture) => {
  const fill = (text: string): string =>
    text.replaceAll('FRAMEWORK', scheduler.frameworkId).replaceAll('STREAM', scheduler.streamId);
  const headers = Object.fromEntries(
    Object.entries(capture.headers).map(([name, value]) => [name, fill(value)]),
  );
  const { status, body } = await request({
    method: capture.method,
    url: `${url}/api/v1/scheduler`,
    headers,
    ...(capture.body === null ? {} : { body: fill(capture.body) }),
  });
  return { answer: { status, text: body.toString('utf8') }, expected: fill(capture.text) };
};

describe('bad requests to the scheduler API', () => {
  for (const capture of captures) {
    it(`are answered as Mesos does: ${capture.name}`, async () => {
      const { url } = await startTestMaster();
      const scheduler = await subscribe(url);
      if (capture.name === AFTER_TEARDOWN) await scheduler.call('TEARDOWN');
      const { answer, expected } = await answerTo(url, scheduler, capture);
      expect(answer).toEqual({ status: capture.status, text: expected });
    });
  }

  it('are answered 501 when they name the type that stands for no call', async () => {
    const { url } = await startTestMaster();
    const { frameworkId, streamId } = await subscribe(url);
    const { status } = await request({
      method: 'POST',
      url: `${url}/api/v1/scheduler`,
      headers: { 'Content-Type': 'application/json', 'Mesos-Stream-Id': streamId },
      body: JSON.stringify({ type: 'UNKNOWN', framework_id: { value: frameworkId } }),
    });
    expect(status).toBe(501);
  });

  it('are refused without a content type', async () => {
    const { url } = await startTestMaster();
    const { status, body } = await request({ method: 'POST', url: `${url}/api/v1/scheduler`, body: '{}' });
    expect([status, body.toString()]).toEqual([400, "Expecting 'Content-Type' to be present"]);
  });

  it('get 403 while the framework is not subscribed', async () => {
    const { url } = await startTestMaster();
    const scheduler = await subscribe(url);
    scheduler.close();
    const frameworks = async (): Promise<string> =>
      (await request({ method: 'GET', url: `${url}/frameworks` })).body.toString();
    await expect.poll(frameworks).toContain('"connected":false');
    const { status, body } = await scheduler.call('REVIVE');
    expect([status, body.toString()]).toEqual([403, 'Framework is not subscribed']);
  });

  it('are refused whichever part of the info is wrong', async () => {
    const { url } = await startTestMaster();
    const message = async (info: object, more: object = {}): Promise<string | undefined> => {
      const { events } = await subscribe(url, { ...FRAMEWORK, ...info }, more);
      const [first] = events;
      return first?.type === 'ERROR' ? first.error.message : undefined;
    };
    expect(await message({ roles: ['a', 'b', 'a'] })).toBe(
      "'FrameworkInfo.roles' contains duplicate items: { a }",
    );
    expect(await message({ failover_timeout: 1e10 })).toBe(
      'The framework failover_timeout (10000000000) is invalid',
    );
    expect(await message({}, { suppressed_roles: ['x'] })).toBe(
      'Suppressed roles { x } are not contained in the set of roles',
    );
    expect(await message({}, { offer_constraints: { role_constraints: { x: {} } } })).toMatch(
      /^Offer constraints are not valid: /,
    );
    expect(await message({ id: { value: '../x' } })).toBe("'../x' contains invalid characters");
    expect(await message({ roles: [] })).toBeUndefined();
  });
});

describe('the stream of a scheduler', () => {
  it('begins with SUBSCRIBED and a heartbeat', async () => {
    const { url } = await startTestMaster();
    const scheduler = await subscribe(url);
    await scheduler.until('HEARTBEAT');
    const [first, second] = scheduler.events;
    const port = Number(new URL(url).port);
    const masterId = scheduler.frameworkId.slice(0, -'-0000'.length);
    expect(first).toEqual({
      type: 'SUBSCRIBED',
      subscribed: {
        framework_id: { value: `${masterId}-0000` },
        heartbeat_interval_seconds: 15,
        master_info: {
          id: masterId,
          ip: 16777343,
          port,
          pid: `master@127.0.0.1:${port}`,
          hostname: '127.0.0.1',
          version: '1.11.0',
          address: { hostname: '127.0.0.1', ip: '127.0.0.1', port },
          capabilities: [{ type: 'AGENT_UPDATE' }, { type: 'AGENT_DRAINING' }, {}],
        },
      },
    });
    expect(second).toEqual({ type: 'HEARTBEAT' });
  });

  it('ends with an error when another scheduler takes the framework over', async () => {
    const { url } = await startTestMaster();
    const first = await subscribe(url);
    const second = await subscribe(url, { ...FRAMEWORK, id: { value: first.frameworkId } });
    expect(second.frameworkId).toBe(first.frameworkId);
    const { error } = await first.until('ERROR');
    expect(error.message).toBe('Framework failed over');
    await expect.poll(() => first.isClosed()).toBe(true);
    expect((await first.call('REVIVE')).status).toBe(400);
    expect((await second.call('REVIVE')).status).toBe(202);
    expect(second.isClosed()).toBe(false);
  });

  it('serves the path of the process, too, and updates of the framework', async () => {
    const { url } = await startTestMaster();
    const scheduler = await subscribe(url);
    const info = { ...FRAMEWORK, id: { value: scheduler.frameworkId } };
    const update = async (change: object): Promise<[number, string]> => {
      const { status, body } = await scheduler.call('UPDATE_FRAMEWORK', {
        framework_info: { ...info, ...change },
      });
      return [status, body.toString()];
    };
    expect(await update({ webui_url: 'http://localhost:1' })).toEqual([200, '']);
    expect(await update({ user: 'b' })).toEqual([
      400,
      "FrameworkInfo update is not valid: Updating 'FrameworkInfo.user' is unsupported; attempted to update from '' to 'b'",
    ]);
    expect(await update({ checkpoint: false })).toEqual([
      400,
      "FrameworkInfo update is not valid: Updating 'FrameworkInfo.checkpoint' is unsupported; attempted to update from 'true' to 'false'",
    ]);
    expect((await update({ principal: 'x' }))[0]).toBe(400);
    const other = await request({
      method: 'POST',
      url: `${url}/master/api/v1/scheduler`,
      headers: { 'Content-Type': 'application/json', 'Mesos-Stream-Id': scheduler.streamId },
      body: JSON.stringify({ type: 'REVIVE', framework_id: { value: scheduler.frameworkId } }),
    });
    expect(other.status).toBe(202);
  });
});
