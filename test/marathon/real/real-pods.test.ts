import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentOptions } from '../../../src/agent/agent-options.ts';
import { request } from '../../../src/http/client.ts';
import {
  bridgeNetwork,
  canMakeNetworks,
  NETWORK_ISOLATION,
  networkTitle,
  uniqueName,
} from '../../agent/networks/network-tasks.ts';
import { onTestEnd, startTestAgent, startTestMaster } from '../../master/support/cluster.ts';
import { taskProcesses } from '../../support/task-processes.ts';
import { waitFor } from '../../support/wait-for.ts';
import { buildMarathonProgram, MarathonProcess } from './marathon-process.ts';

interface InstanceStatus {
  id: string;
  status: string;
  containers: {
    name: string;
    containerId: string;
    status: string;
    endpoints?: { name: string; allocatedHostPort: number; healthy?: boolean }[];
    conditions?: { name: string; value: string }[];
  }[];
}

interface PodStatus {
  status: string;
  instances: InstanceStatus[];
  terminationHistory?: {
    instanceID: string;
    containers: { containerId: string; lastKnownState: string }[];
  }[];
}

const SLEEP = '/bin/sleep';
/** On a machine with other things to do a check may take its time. */
const CHECK_TIMES = {
  gracePeriodSeconds: 60,
  intervalSeconds: 2,
  timeoutSeconds: 1,
  delaySeconds: 0,
  maxConsecutiveFailures: 30,
};
const SERVER =
  "require('http').createServer((_, answer) => answer.end(require('fs').readFileSync('shared/page')))" +
  '.listen(process.env.EP_HOST_PAGE)';

/** One container serves what the other has written: they share a volume, and know of each other's port. */
const pod = (level: string, instances: number) => ({
  id: '/team/site',
  environment: { LEVEL: level },
  scaling: { kind: 'fixed', instances },
  scheduling: { backoff: { backoff: 0.1, backoffFactor: 1.15, maxLaunchDelay: 1 } },
  volumes: [{ name: 'pages' }],
  networks: [{ mode: 'host' }],
  containers: [
    {
      name: 'server',
      exec: { command: { argv: [process.execPath, '-e', SERVER] } },
      resources: { cpus: 0.1, mem: 64 },
      endpoints: [{ name: 'page', hostPort: 0 }],
      healthCheck: { ...CHECK_TIMES, http: { endpoint: 'page', path: '/' } },
      volumeMounts: [{ name: 'pages', mountPath: 'shared' }],
    },
    {
      name: 'writer',
      exec: { command: { shell: `echo "$LEVEL $ENDPOINT_PAGE" > shared/page; exec ${SLEEP} 10000` } },
      resources: { cpus: 0.1, mem: 32 },
      healthCheck: { ...CHECK_TIMES, exec: { command: { shell: 'test -s shared/page' } } },
      volumeMounts: [{ name: 'pages', mountPath: 'shared' }],
    },
  ],
});

let program: string;

beforeAll(async () => {
  program = await buildMarathonProgram();
});

afterAll(() => rm(program, { force: true }));

const start = async ({ role = '*', agent = {} }: { role?: string; agent?: Partial<AgentOptions> } = {}) => {
  const master = await startTestMaster();
  const { folder } = await startTestAgent(master.url, agent);
  const marathon = await MarathonProcess.start({ program, masterUrl: master.url, role });
  const status = (): Promise<PodStatus> => marathon.must('GET', '/v2/pods/team/site::status');
  /** Once exactly so many instances are there, and all is well with them. */
  const stable = (count: number): Promise<InstanceStatus[]> =>
    waitFor(
      `${count} instances are stable`,
      async () => {
        const { status: whole, instances } = await status();
        const isStable = whole === 'STABLE' && instances.every((one) => one.status === 'STABLE');
        return isStable && instances.length === count && instances;
      },
      { timeoutMs: 60_000 },
    );
  return { master, folder, marathon, status, stable };
};

const portOf = ({ containers }: InstanceStatus): number => {
  const port = containers.find(({ name }) => name === 'server')?.endpoints?.[0]?.allocatedHostPort;
  if (port === undefined) throw new Error('The server has no port');
  return port;
};

const pageOf = async (instance: InstanceStatus): Promise<string> =>
  (await request({ url: `http://127.0.0.1:${portOf(instance)}/` })).body.toString();

const taskIdsOf = (instances: readonly InstanceStatus[]): string[] =>
  instances.flatMap(({ containers }) => containers.map(({ containerId }) => containerId)).sort();

/** Of the pods' processes, by the ids of their tasks. */
const writers = (): Map<string, number[]> =>
  new Map([...taskProcesses(SLEEP)].filter(([id]) => id.startsWith('team_site.')));

describe('a pod on a real master with a real agent', () => {
  it('starts, is healthy, is scaled, upgraded, repaired and removed, whatever becomes of Marathon', async () => {
    const { master, marathon, status, stable } = await start();
    await marathon.must('POST', '/v2/pods', pod('one', 1));
    await marathon.deployed();
    const [first] = await stable(1);
    if (first === undefined) throw new Error('There is no instance');
    expect(await pageOf(first)).toBe(`one ${portOf(first)}\n`);
    expect(first.containers.map(({ conditions }) => conditions)).toMatchObject([
      [{ name: 'healthy', value: 'true' }],
      [{ name: 'healthy', value: 'true' }],
    ]);

    await marathon.must('PUT', '/v2/pods/team/site', pod('one', 3));
    await marathon.deployed();
    const three = await stable(3);
    expect(new Set(three.map(portOf)).size).toBe(3);
    for (const instance of three) expect(await pageOf(instance)).toBe(`one ${portOf(instance)}\n`);
    expect(three.map(({ id }) => id)).toContain(first.id);

    await marathon.must('PUT', '/v2/pods/team/site', pod('one', 1));
    await marathon.deployed();
    const [kept] = await stable(1);

    await marathon.must('PUT', '/v2/pods/team/site', pod('two', 1));
    await marathon.deployed();
    const [upgraded] = await stable(1);
    if (upgraded === undefined) throw new Error('There is no instance');
    expect(upgraded.id).not.toBe(kept?.id);
    expect(await pageOf(upgraded)).toBe(`two ${portOf(upgraded)}\n`);

    const before = taskIdsOf([upgraded]);
    const victim = `${upgraded.id}.writer.1`;
    for (const pid of writers().get(victim) ?? []) process.kill(pid, 'SIGKILL');
    await waitFor('the instance has other tasks', async () => {
      const { instances } = await status();
      return instances.length === 1 && !taskIdsOf(instances).some((id) => before.includes(id));
    });
    const [repaired] = await stable(1);
    if (repaired === undefined) throw new Error('There is no instance');
    expect(taskIdsOf([repaired])).toEqual([`${upgraded.id}.server.2`, `${upgraded.id}.writer.2`]);
    expect(await pageOf(repaired)).toBe(`two ${portOf(repaired)}\n`);
    const ending = (await status()).terminationHistory?.at(-1);
    expect(ending?.instanceID).toBe(upgraded.id);
    expect(ending?.containers.find(({ containerId }) => containerId === victim)?.lastKnownState).toBe(
      'TASK_FAILED',
    );

    // In the middle of a deployment, and then again while nothing goes on.
    await marathon.must('PUT', '/v2/pods/team/site', pod('two', 3));
    await marathon.kill();
    await marathon.start();
    await marathon.deployed();
    const scaled = await stable(3);
    expect(taskIdsOf(scaled)).toEqual(expect.arrayContaining(taskIdsOf([repaired])));
    await marathon.kill();
    await marathon.start();
    expect(taskIdsOf(await stable(3))).toEqual(taskIdsOf(scaled));
    expect([...writers().keys()].sort()).toEqual(taskIdsOf(scaled).filter((id) => id.includes('.writer.')));

    await marathon.must('DELETE', '/v2/pods/team/site');
    await marathon.deployed();
    expect((await marathon.ask('GET', '/v2/pods/team/site::status')).status).toBe(404);
    await waitFor('no process is left', () => writers().size === 0);
    const tasks = await request({ url: `${master.url}/tasks` });
    const { tasks: known } = JSON.parse(tasks.body.toString()) as { tasks: { state: string }[] };
    expect(known.filter(({ state }) => state === 'TASK_RUNNING')).toEqual([]);
  }, 240_000);

  it('keeps the data of a volume from one launch to the next, and nothing of it once it is gone', async () => {
    const { master, folder, marathon, status, stable } = await start({ role: 'data' });
    const command = `echo "$MESOS_TASK_ID" >> kept/tasks; exec ${SLEEP} 10000`;
    await marathon.must('POST', '/v2/pods', {
      id: '/team/site',
      scheduling: { backoff: { backoff: 0.1, backoffFactor: 1.15, maxLaunchDelay: 1 } },
      volumes: [{ name: 'data', persistent: { type: 'root', size: 10 } }],
      containers: [
        {
          name: 'writer',
          exec: { command: { shell: command } },
          resources: { cpus: 0.1, mem: 32 },
          volumeMounts: [{ name: 'data', mountPath: 'kept' }],
        },
      ],
    });
    await marathon.deployed();
    const [first] = await stable(1);
    const id = first?.id ?? '';
    const [pid] = await waitFor('it runs', () => writers().get(`${id}.writer.1`));
    if (pid === undefined) throw new Error('It has no process');
    process.kill(pid, 'SIGKILL');
    await waitFor('it runs again', () => writers().has(`${id}.writer.2`));
    await stable(1);
    const [volume = ''] = await readdir(join(folder, 'volumes/roles/data'));
    expect(await readFile(join(folder, 'volumes/roles/data', volume, 'tasks'), 'utf8')).toBe(
      `${id}.writer.1\n${id}.writer.2\n`,
    );
    expect((await status()).instances[0]).toMatchObject({ localVolumes: [{ persistenceId: volume }] });

    await marathon.must('DELETE', '/v2/pods/team/site');
    await marathon.deployed();
    await waitFor('nothing is reserved', async () => {
      const { body } = await request({ url: `${master.url}/slaves` });
      const { slaves } = JSON.parse(body.toString()) as { slaves: { reserved_resources: object }[] };
      return slaves.every(({ reserved_resources: reserved }) => Object.keys(reserved).length === 0);
    });
  }, 120_000);

  it('gives containers their secrets, as variables and as files', async () => {
    const { marathon, stable } = await start();
    await marathon.must('PUT', '/secrets/v1/secret/default/team/token', { value: 'hush' });
    await marathon.must('POST', '/v2/pods', {
      id: '/team/site',
      secrets: { token: { source: '/team/token' } },
      environment: { TOKEN: { secret: 'token' } },
      volumes: [{ name: 'token', secret: 'token' }],
      containers: [
        {
          name: 'writer',
          exec: {
            command: {
              shell: `test "$TOKEN" = hush && test "$(cat in/token)" = hush && exec ${SLEEP} 10000`,
            },
          },
          resources: { cpus: 0.1, mem: 32 },
          volumeMounts: [{ name: 'token', mountPath: 'in/token' }],
        },
      ],
    });
    await marathon.deployed();
    const [instance] = await stable(1);
    await waitFor('it has found them', () => writers().has(`${instance?.id}.writer.1`));
    await marathon.must('DELETE', '/v2/pods/team/site');
    await marathon.deployed();
  }, 120_000);
});

describe.runIf(canMakeNetworks)(networkTitle('a pod on a network of its own'), () => {
  it('is checked inside, maps its port, and has one address for all of its containers', async () => {
    const configs = await mkdtemp(join(tmpdir(), 'plenum-networks-'));
    onTestEnd(() => rm(configs, { recursive: true, force: true }));
    await writeFile(join(configs, 'bridge.conf'), bridgeNetwork('mesos-bridge', uniqueName()));
    const { marathon, status, stable } = await start({
      agent: { isolation: NETWORK_ISOLATION, isolatorFlags: { network_cni_config_dir: configs } },
    });
    const server = "require('http').createServer((_, answer) => answer.end('inside')).listen(8080)";
    const ask =
      "require('http').get('http://127.0.0.1:' + process.env.ENDPOINT_PAGE, () => process.exit(0))" +
      ".on('error', () => process.exit(1))";
    const resources = { cpus: 0.1, mem: 64 };
    await marathon.must('POST', '/v2/pods', {
      id: '/team/site',
      networks: [{ mode: 'container/bridge' }],
      containers: [
        {
          name: 'server',
          exec: { command: { argv: [process.execPath, '-e', server] } },
          resources,
          endpoints: [{ name: 'page', containerPort: 8080, hostPort: 0 }],
          healthCheck: { ...CHECK_TIMES, http: { endpoint: 'page', path: '/' } },
        },
        {
          name: 'client',
          exec: { command: { shell: `exec ${SLEEP} 10000` } },
          resources,
          healthCheck: {
            ...CHECK_TIMES,
            intervalSeconds: 6,
            timeoutSeconds: 5,
            exec: { command: { argv: [process.execPath, '-e', ask] } },
          },
        },
      ],
    });
    await marathon.deployed();
    const [instance] = await stable(1);
    if (instance === undefined) throw new Error('There is no instance');
    expect(await pageOf(instance)).toBe('inside');
    const [shown] = (await status()).instances;
    expect(shown).toMatchObject({ networks: [{ name: 'mesos-bridge', addresses: [expect.any(String)] }] });
    await marathon.must('DELETE', '/v2/pods/team/site');
    await marathon.deployed();
  }, 120_000);
});
