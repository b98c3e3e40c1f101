import { describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import type { FrameworkInfo } from '../../src/mesos/generated/mesos.ts';
import { startTestAgent, startTestMaster } from './support/cluster.ts';
import { subscribe } from './support/scheduler.ts';

const asker =
  (url: string) =>
  async (path: string, method = 'GET') => {
    const { status, headers, body } = await request({
      method,
      url: `${url}${path}`,
      headers: { 'User-Agent': 'curl/8' },
    });
    return { status, type: headers['content-type'], text: body.toString() };
  };

type Ask = ReturnType<typeof asker>;

const helpOf = async (ask: Ask): Promise<{ id: string; endpoints: { name: string; text: string }[] }[]> =>
  JSON.parse((await ask('/help?format=json')).text).processes;

/** Every path that a page of help gives. */
const pathsIn = (text: string): string[] =>
  [...text.matchAll(/^> {8}(\S+)$/gm)].map(([, path]) => path ?? '');

const NO_PROFILER =
  "The profiler is disabled. To profile a server of Plenum, run its program with Node's option --cpu-prof.\n";

/** What masters and agents answer alike. */
const checkLibrary = async (ask: Ask): Promise<void> => {
  const processes = (await helpOf(ask)).map(({ id }) => id);
  expect(JSON.parse((await ask('/__processes__')).text)).toEqual(
    [...processes, 'help'].sort().map((id) => ({ id, events: [] })),
  );
  for (const path of ['/profiler/start', '/profiler/stop']) {
    expect(await ask(path)).toEqual({ status: 400, type: 'text/plain; charset=utf-8', text: NO_PROFILER });
  }
  for (const path of ['start', 'stop', 'state', 'statistics', 'download/raw', 'download/graph']) {
    const { status, text } = await ask(`/memory-profiler/${path}`);
    expect([status, text]).toEqual([404, expect.stringContaining('The memory profiler is disabled.')]);
  }
  expect((await ask('/memory-profiler/nosuch')).text).toBe('404 Not Found.');
  // As in Mesos the method does not matter, and HEAD gets no body.
  expect((await ask('/profiler/start', 'POST')).status).toBe(400);
  expect(await ask('/help', 'HEAD')).toEqual({ status: 200, type: 'text/x-markdown', text: '' });
  expect((await ask('/__processes__', 'OPTIONS')).status).toBe(200);
};

/** What help tells of is there: nothing of it is an unknown path. */
const checkPaths = async (ask: Ask): Promise<void> => {
  for (const { endpoints } of await helpOf(ask)) {
    for (const path of endpoints.flatMap(({ text }) => pathsIn(text))) {
      const { status, text } = await ask(path);
      expect([path, text]).not.toEqual([path, '404 Not Found.']);
      expect([path, status < 500]).toEqual([path, true]);
    }
  }
};

describe('what a master and an agent have from the library below', () => {
  it('is there on a master, and its help tells of what is served', async () => {
    const ask = asker((await startTestMaster()).url);
    await checkLibrary(ask);
    await checkPaths(ask);
  });

  it('is there on an agent, and its help tells of what is served', async () => {
    const { agent } = await startTestAgent((await startTestMaster()).url);
    const ask = asker(agent.url);
    await checkLibrary(ask);
    await checkPaths(ask);
  });

  it('answers reads of an agent whatever the method is, and calls by POST alone', async () => {
    const { agent } = await startTestAgent((await startTestMaster()).url);
    const ask = asker(agent.url);
    for (const path of ['/state', '/flags', '/version', '/health', '/metrics/snapshot', '/files/debug']) {
      expect([path, (await ask(path, 'POST')).status]).toEqual([path, 200]);
    }
    expect((await ask('/api/v1')).text).toBe(
      "405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.",
    );
    expect((await ask('/version?jsonp=show')).text).toMatch(/^show\(\{.*\}\);$/);
    expect((await ask('/version?jsonp=alert(1)')).status).toBe(400);
    expect(await ask('/metrics/snapshot?timeout=zz')).toMatchObject({
      status: 400,
      text: expect.stringContaining("Invalid timeout 'zz'"),
    });
    expect(JSON.parse((await ask('/slave(1)/containerizer/debug')).text)).toEqual({ pending: [] });
  });
});

describe('what offer constraints exclude', () => {
  it('is shown by framework and role, with the roles that are suppressed', async () => {
    const { url } = await startTestMaster();
    await startTestAgent(url, { attributes: 'rack:r1' });
    const info: FrameworkInfo = {
      user: 'web',
      name: 'picky',
      roles: ['a', 'b'],
      capabilities: [{ type: 'MULTI_ROLE' }],
    };
    const { frameworkId, call } = await subscribe(url, info);
    const constraint = {
      selector: { attribute_name: 'rack' },
      predicate: { text_equals: { value: 'r2' } },
    };
    const { status, body } = await call('UPDATE_FRAMEWORK', {
      framework_info: { ...info, id: { value: frameworkId } },
      suppressed_roles: ['b'],
      offer_constraints: { role_constraints: { a: { groups: [{ attribute_constraints: [constraint] }] } } },
    });
    expect([status, body.toString()]).toEqual([200, '']);
    const ask = asker(url);
    const { slaves } = JSON.parse((await ask('/slaves')).text);
    expect(JSON.parse((await ask('/allocator/offer_constraints_debug')).text)).toEqual({
      frameworks: {
        [frameworkId]: {
          suppressed_roles: ['b'],
          excluded_by_attribute_constraints: { a: [slaves[0].id], b: [] },
        },
      },
    });
  });
});
