import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGateway } from '../../src/gateway/server.ts';
import { type HttpResponse, openStream, request } from '../../src/http/client.ts';
import { sendJson } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import { type HttpServer, startServer } from '../../src/http/server.ts';
import { silentLog } from '../../src/runtime/log.ts';

/** Logs and metrics in the forms of DC/OS's system API, of an agent that is played by the test. */

const SANDBOX = '/work/sandbox';
let folder: string;
let agentFiles: Map<string, string>;
let agent: HttpServer;
let master: HttpServer;
let gateway: HttpServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plenum-logs-'));
  agentFiles = new Map([[`${SANDBOX}/stdout`, 'one\ntwo\nthree\n']]);
  agent = await startServer({ log: silentLog, router: agentRouter() });
  master = await startServer({
    log: silentLog,
    router: new Router()
      .on('GET', '/slaves', ({ response }) =>
        sendJson(response, 200, {
          slaves: [{ id: 'S0', hostname: 'host-1', pid: `slave(1)@127.0.0.1:${agent.port}`, active: true }],
        }),
      )
      .on('GET', '/tasks', ({ response }) =>
        sendJson(response, 200, {
          tasks: [
            { id: 'web.1', name: 'web', framework_id: 'F', executor_id: '', slave_id: 'S0', statuses: [] },
          ],
        }),
      ),
  });
  gateway = await startGateway({
    mesosUrl: master.url,
    marathonUrl: master.url,
    packagesUrl: master.url,
    logFile: join(folder, 'control-plane.log'),
    dashboardDir: folder,
    clusterId: '00000000-0000-4000-8000-000000000000',
    clusterName: 'test',
    version: '1',
    log: silentLog,
  });
});

afterEach(async () => {
  await gateway.close();
  await master.close();
  await agent.close();
  rmSync(folder, { recursive: true });
});

const agentRouter = (): Router =>
  new Router()
    .on('GET', '/files/browse', ({ response, query }) => {
      const path = query.get('path') ?? '';
      if (path.endsWith('/latest')) return sendJson(response, 200, []);
      sendJson(response, 404, {});
    })
    .on('GET', '/files/debug', ({ response }) => sendJson(response, 200, {}))
    .on('GET', '/files/read', ({ response, query }) => {
      const text = agentFiles.get(real(query.get('path') ?? ''));
      if (text === undefined) return sendJson(response, 404, {});
      sendJson(response, 200, { data: '', offset: Buffer.byteLength(text) });
    })
    .on('POST', '/api/v1', async ({ request: call, response }) => {
      const chunks: Buffer[] = [];
      for await (const chunk of call) chunks.push(chunk as Buffer);
      const { read_file } = JSON.parse(Buffer.concat(chunks).toString());
      const text = agentFiles.get(real(read_file.path));
      if (text === undefined) return sendJson(response, 404, {});
      const end = read_file.length === undefined ? undefined : read_file.offset + read_file.length;
      const data = Buffer.from(text).subarray(read_file.offset, end).toString('base64');
      sendJson(response, 200, { type: 'READ_FILE', read_file: { data, size: Buffer.byteLength(text) } });
    })
    .on('GET', '/containers', ({ response }) =>
      sendJson(response, 200, [
        {
          container_id: 'C',
          executor_id: 'web.1',
          statistics: { cpus_user_time_secs: 1.5, mem_limit_bytes: 64 },
        },
        { container_id: 'silent', statistics: {} },
      ]),
    )
    .on('GET', '/metrics/snapshot', ({ response }) =>
      sendJson(response, 200, {
        'system/cpus_total': 4,
        'system/load_1min': 1,
        'system/mem_total_bytes': 1000,
        'system/mem_free_bytes': 400,
        'slave/disk_total': 2,
        'slave/disk_used': 1,
      }),
    );

const real = (path: string): string => path.replace(/^.*\/latest/, SANDBOX);

const get = (path: string, accept = 'application/json'): Promise<HttpResponse> =>
  request({ url: `${gateway.url}${path}`, headers: { Accept: accept } });
const textOf = async (path: string, accept?: string): Promise<string> =>
  (await get(path, accept)).body.toString();

const TASK = '/system/v1/logs/v2/task/web.1/file';

describe('what a task prints', () => {
  it('comes as text, the last lines of it', async () => {
    expect(await textOf(`${TASK}/stdout?cursor=END&skip=-2`, 'text/plain')).toBe('two\nthree\n');
    expect(await textOf(`${TASK}/stdout?skip=0`, 'text/plain')).toBe('one\ntwo\nthree\n');
  });

  it('comes as entries', async () => {
    const [line = ''] = (await textOf(`${TASK}/stdout?skip=-1`)).split('\n');
    expect(JSON.parse(line)).toMatchObject({
      fields: { MESSAGE: 'three', PRIORITY: '6', SYSLOG_IDENTIFIER: 'web', _HOSTNAME: 'host-1' },
      cursor: 's=8',
    });
  });

  it('comes as events while it is written, whole lines only', async () => {
    const stream = await openStream({
      url: `${gateway.url}${TASK}/stdout?skip=-1`,
      headers: { Accept: 'text/event-stream' },
    });
    const messages: string[] = [];
    let text = '';
    for await (const chunk of stream.body) {
      text += chunk.toString();
      for (const [, data = ''] of text.matchAll(/data: (.*)\n\n/g)) {
        messages.push(JSON.parse(data).fields.MESSAGE);
        text = '';
      }
      if (messages.length === 1) agentFiles.set(`${SANDBOX}/stdout`, 'one\ntwo\nthree\nfour\nfi');
      if (messages.length === 2) agentFiles.set(`${SANDBOX}/stdout`, 'one\ntwo\nthree\nfour\nfive\n');
      if (messages.length === 3) break;
    }
    stream.close();
    expect(messages).toEqual(['three', 'four', 'five']);
  });

  it('is nothing for what is not there', async () => {
    expect((await get(`${TASK}/stderr`)).status).toBe(204);
    expect((await get('/system/v1/logs/v2/task/nope/file/stdout')).status).toBe(404);
    expect((await get(`${TASK}/stdout?skip=many`)).status).toBe(400);
  });
});

describe('the logs of servers', () => {
  const line = (server: string, msg: string, level = 30): string =>
    `${JSON.stringify({ level, time: '2020-09-13T12:26:40.000Z', part: 'control-plane', server, port: 1, msg })}\n`;

  beforeEach(() => {
    const lines = [
      line('master', 'elected'),
      line('marathon', 'subscribed'),
      'no json\n',
      line('master', 'bad', 50),
    ];
    writeFileSync(join(folder, 'control-plane.log'), lines.join(''));
  });

  it('are all of the control plane, or those of one unit', async () => {
    const messages = async (path: string): Promise<string[]> =>
      (await textOf(path))
        .trim()
        .split('\n')
        .map((one) => JSON.parse(one).fields.MESSAGE);
    const leader = '/system/v1/leader/mesos/logs/v2/component';
    expect(await messages(`${leader}?skip=-10`)).toEqual([
      'elected port=1',
      'subscribed port=1',
      'bad port=1',
    ]);
    expect(await messages(`${leader}/dcos-marathon.service?skip=-1`)).toEqual(['subscribed port=1']);
    expect(await messages(`${leader}?skip=0&filter=PRIORITY:3`)).toEqual(['bad port=1']);
    expect((await get(`${leader}/dcos-nothing.service`)).status).toBe(404);
    expect((await get(`${leader}?filter=bad`)).status).toBe(400);
  });

  it('have the times of their lines', async () => {
    const [first = ''] = (await textOf('/system/v1/leader/mesos/logs/v2/component?skip=0')).split('\n');
    expect(JSON.parse(first).realtime_timestamp).toBe(1_600_000_000_000_000);
  });

  it('are those of agents, too', async () => {
    agentFiles.set('/slave/log', line('agent', 'ready'));
    const path = '/system/v1/agent/S0/logs/v2/component/dcos-mesos-slave.service?skip=0';
    expect(JSON.parse(await textOf(path)).fields).toMatchObject({
      MESSAGE: 'ready port=1',
      _HOSTNAME: 'host-1',
    });
    expect((await get('/system/v1/agent/S9/logs/v2/component')).status).toBe(404);
  });

  it('go on after the file was begun anew', async () => {
    const stream = await openStream({
      url: `${gateway.url}/system/v1/leader/mesos/logs/v2/component?skip=-1`,
      headers: { Accept: 'text/event-stream' },
    });
    let text = '';
    for await (const chunk of stream.body) {
      text += chunk.toString();
      if (text.includes('bad') && !text.includes('fresh')) {
        writeFileSync(join(folder, 'control-plane.log'), '');
        appendFileSync(join(folder, 'control-plane.log'), line('master', 'fresh'));
      }
      if (text.includes('fresh')) break;
    }
    stream.close();
    expect(text).toContain('fresh');
  });
});

describe('metrics', () => {
  const pointsOf = async (path: string): Promise<Map<string, unknown>> => {
    const { datapoints } = JSON.parse(await textOf(path)) as {
      datapoints: { name: string; value: number }[];
    };
    return new Map(datapoints.map(({ name, value }) => [name, value]));
  };

  it('of a container are those that its agent counts', async () => {
    const path = '/system/v1/agent/S0/metrics/v0/containers';
    expect(await pointsOf(`${path}/C`)).toEqual(
      new Map([
        ['cpus.user_time_secs', 1.5],
        ['mem.limit_bytes', 64],
      ]),
    );
    expect((await get(`${path}/C/app`)).status).toBe(204);
    expect((await get(`${path}/silent`)).status).toBe(204);
    expect((await get(`${path}/nope`)).status).toBe(404);
  });

  it('of a node are those of its machine', async () => {
    const points = await pointsOf('/system/v1/agent/S0/metrics/v0/node');
    expect(Object.fromEntries(points)).toMatchObject({
      'cpu.total': 25,
      'load.1min': 1,
      'memory.total': 1000,
      'memory.free': 400,
      'filesystem.capacity.used': 1024 * 1024,
    });
  });
});
