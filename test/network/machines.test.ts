import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { startDelayingRelay } from './delaying-relay.ts';
import { type Framework, startFramework } from './framework.ts';
import {
  type Agent,
  type MachineCluster,
  startMachineCluster,
  UNREACHABLE_AFTER_MS,
} from './machine-cluster.ts';
import { createNetwork, type Machine, type Network, remains, whyNoNetwork } from './namespaces.ts';

const reason = whyNoNetwork();
if (reason !== undefined) process.stderr.write(`test/network is skipped: ${reason}\n`);

interface KnownAgent {
  id: string;
  hostname: string;
  active: boolean;
}

interface App {
  tasks: { id: string; host: string; state: string }[];
}

const SLOW = { timeoutMs: 60_000 };

describe.skipIf(reason !== undefined)('a cluster of several machines', () => {
  let network: Network;
  let cluster: MachineCluster;
  let master: Machine;
  let one: Machine;
  let two: Machine;
  let agentTwo: Agent;
  let aware: Framework;
  let unaware: Framework;

  const agents = async (): Promise<KnownAgent[]> =>
    (await cluster.ask<{ slaves: KnownAgent[] }>('/mesos/slaves')).slaves;
  const agentOn = async (machine: Machine): Promise<KnownAgent | undefined> =>
    (await agents()).find(({ hostname, active }) => hostname === machine.address && active);
  const untilThere = (machine: Machine): Promise<KnownAgent> =>
    waitFor(`the agent on ${machine.name}`, () => agentOn(machine), SLOW);
  const untilAway = (machine: Machine): Promise<true> =>
    waitFor(
      `${machine.name} given up`,
      async () => !(await agents()).some(({ hostname }) => hostname === machine.address),
      SLOW,
    );
  /** A task that says how often it was started, and goes on until it is killed. */
  const longTask = (id: string): string => `echo ${id} >> ${cluster.folder}/started; exec sleep 100000`;
  const startsOf = (id: string): number => {
    const file = join(cluster.folder, 'started');
    return existsSync(file)
      ? readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line === id).length
      : 0;
  };
  const running = async (framework: Framework, machine: Machine, id: string): Promise<void> => {
    await framework.launch({ id, hostname: machine.address, command: longTask(id) });
    await framework.untilState(id, 'TASK_RUNNING');
    await waitFor(`${id} to have begun`, () => startsOf(id) > 0, SLOW);
  };

  beforeAll(async () => {
    network = createNetwork(['master', 'one', 'two', 'three']);
    master = network.machine('master');
    one = network.machine('one');
    two = network.machine('two');
    cluster = await startMachineCluster(network, master);
    cluster.startAgent(one);
    agentTwo = cluster.startAgent(two);
    aware = await startFramework(cluster.masterUrl, { name: 'aware', isPartitionAware: true });
    unaware = await startFramework(cluster.masterUrl, { name: 'unaware', isPartitionAware: false });
    await Promise.all([untilThere(one), untilThere(two)]);
  });

  afterEach(() => {
    for (const machine of [one, two]) machine?.mend();
  });

  afterAll(async () => {
    await Promise.all([aware?.close(), unaware?.close()].map((closing) => closing?.catch(() => undefined)));
    await cluster?.remove();
    network?.remove();
    expect(remains()).toEqual([]);
  });

  it('runs apps on agents that joined with the token, and shows their logs through the gateway', async () => {
    expect((await setUpClient()).code).toBe(0);
    await cluster.ask('/service/marathon/v2/apps', {
      id: '/hello',
      cmd: 'echo hello from $MESOS_CONTAINER_IP; exec sleep 100000',
      cpus: 0.1,
      mem: 32,
      instances: 2,
      constraints: [['hostname', 'UNIQUE']],
      unreachableStrategy: { inactiveAfterSeconds: 1, expungeAfterSeconds: 600 },
    });
    await waitFor('both instances', async () => (await runningTasks('/hello')).length === 2, SLOW);
    const log = await waitFor(
      'what they wrote',
      async () => {
        const { output } = await cluster.plenum('task', 'log', 'hello');
        return output.includes(one.address) && output.includes(two.address) ? output : undefined;
      },
      SLOW,
    );
    expect(log).toContain(`hello from ${one.address}`);
  });

  it('does not notice a cut that is shorter than the pings', async () => {
    await running(aware, one, 'short-cut');
    const before = await untilThere(one);
    one.cut();
    await pause(1_000);
    one.mend();
    await pause(UNREACHABLE_AFTER_MS + 2_000);
    expect(await agentOn(one)).toMatchObject({ id: before.id });
    expect(aware.statesOf('short-cut').at(-1)).toBe('TASK_RUNNING');
    expect(aware.statesOf('short-cut')).not.toContain('TASK_UNREACHABLE');
    expect((await runningTasks('/hello')).length).toBe(2);
  });

  it('takes tasks of a machine that is cut off for unreachable or lost, and for running when it is back', async () => {
    await running(aware, one, 'aware-long');
    await running(unaware, one, 'unaware-long');
    const { id } = await untilThere(one);
    one.cut();
    const unreachable = await aware.untilState('aware-long', 'TASK_UNREACHABLE');
    expect(unreachable).toMatchObject({ reason: 'REASON_AGENT_REMOVED', source: 'SOURCE_MASTER' });
    expect(unreachable.unreachable_time).toBeDefined();
    await unaware.untilState('unaware-long', 'TASK_LOST');
    await untilAway(one);
    // Marathon may put nothing on another machine for the same host constraint, and keeps the instance in mind.
    await waitFor(
      'the instance out of reach',
      async () => (await stateOf('/hello', one)) === 'TASK_UNREACHABLE',
      SLOW,
    );

    one.mend();
    expect((await untilThere(one)).id).toBe(id);
    const back = aware.updates.length;
    await waitFor('the task back', async () => (await masterStateOf('aware-long')) === 'TASK_RUNNING', SLOW);
    expect(await masterStateOf('unaware-long')).toBe('TASK_RUNNING');
    await waitFor('the instance back', async () => (await stateOf('/hello', one)) === 'TASK_RUNNING', SLOW);
    expect(aware.updates.slice(back).every(({ state }) => state === 'TASK_RUNNING')).toBe(true);
    expect([startsOf('aware-long'), startsOf('unaware-long')]).toEqual([1, 1]);
  });

  it('has Marathon replace an instance that is out of reach, and kill the surplus when it is back', async () => {
    await cluster.ask('/service/marathon/v2/apps', {
      id: '/replaced',
      cmd: 'exec sleep 100000',
      cpus: 0.1,
      mem: 32,
      instances: 1,
      constraints: [['hostname', 'LIKE', `${one.address}|${two.address}`]],
      unreachableStrategy: { inactiveAfterSeconds: 1, expungeAfterSeconds: 600 },
    });
    const [first] = await waitFor(
      'the instance',
      async () => {
        const tasks = await runningTasks('/replaced');
        return tasks.length === 1 ? tasks : undefined;
      },
      SLOW,
    );
    const cutOff = first?.host === one.address ? one : two;
    cutOff.cut();
    await waitFor(
      'the replacement',
      async () => (await runningTasks('/replaced')).some(({ host }) => host !== cutOff.address),
      SLOW,
    );
    cutOff.mend();
    await untilThere(cutOff);
    await waitFor('one instance in all', async () => (await tasksOf('/replaced')).length === 1, SLOW);
    await pause(1_000);
    expect((await runningTasks('/replaced')).length).toBe(1);
    await waitFor('both of the other app', async () => (await runningTasks('/hello')).length === 2, SLOW);
  });

  it.each([
    ['to the machine', (): void => one.loseFrom(master.address)],
    ['from the machine', (): void => one.loseTo(master.address)],
  ])('notices on both sides when only packets %s are lost', async (which, lose) => {
    const id = `one-way-${which.split(' ')[0]}`;
    await running(aware, one, id);
    lose();
    await aware.untilState(id, 'TASK_UNREACHABLE');
    const isRegistered = async (): Promise<number | undefined> => {
      const agentUrl = `https://${one.address}:5051`;
      return (await cluster.ask<Record<string, number>>(`${agentUrl}/metrics/snapshot`))['slave/registered'];
    };
    await waitFor('the agent without a master', async () => (await isRegistered()) === 0, SLOW);
    one.mend();
    await waitFor('the task back', async () => (await masterStateOf(id)) === 'TASK_RUNNING', SLOW);
    await waitFor('the agent with a master', async () => (await isRegistered()) === 1, SLOW);
    expect(startsOf(id)).toBe(1);
  });

  it('runs every task once and loses no update while a fifth of all packets is lost', async () => {
    one.loseFrom(master.address, 0.2);
    one.loseTo(master.address, 0.2);
    const ids = Array.from({ length: 20 }, (_unused, index) => `lossy-${index}`);
    await Promise.all(
      ids.map((id) =>
        aware.launch({ id, hostname: one.address, command: `echo ${id} >> ${cluster.folder}/started` }),
      ),
    );
    await Promise.all(ids.map((id) => aware.untilState(id, 'TASK_FINISHED')));
    one.mend();
    expect(ids.map(startsOf)).toEqual(ids.map(() => 1));
    for (const id of ids) {
      const told = aware.updates.filter(({ task_id }) => task_id.value === id);
      expect(told.at(-1)?.state).toBe('TASK_FINISHED');
    }
    // An update that was acknowledged is not told again.
    await untilThere(one);
    const count = aware.updates.length;
    await pause(3_000);
    expect(aware.updates.length).toBe(count);
  });

  it('works over a line that takes its time', async () => {
    const three = network.machine('three');
    const relay = await startDelayingRelay(network.testAddress, { host: master.address, port: 5050 }, 300);
    const agent = cluster.startAgent(three, { masterUrl: `https://${network.testAddress}:${relay.port}` });
    await untilThere(three);
    await aware.launch({ id: 'far', hostname: three.address, command: 'echo far' });
    await aware.untilState('far', 'TASK_FINISHED');
    expect(aware.statesOf('far').at(0)).toBe('TASK_STARTING');
    await agent.stop();
    await relay.close();
  });

  it('keeps out who has another token, another cluster or none, and says so', async () => {
    const three = network.machine('three');
    const forged = `${cluster.joinToken.slice(0, -4)}AAAA`;
    const foreign = `plenum-join.${'0'.repeat(64)}.${'A'.repeat(43)}`;
    const before = cluster.logs().length;
    const wrong = [forged, foreign, 'nonsense', ''];
    for (const [index, joinToken] of wrong.entries()) {
      const machine = { ...three, name: `stranger-${index}` };
      expect(await cluster.startAgent(machine, { joinToken }).ended).not.toBe(0);
    }
    const said = cluster.logs().slice(before);
    expect(cluster.logs()).toMatch(/The join token is not the one of this cluster/);
    expect(cluster.logs()).toMatch(/its certificate authority is another one/);
    expect(cluster.logs()).toMatch(/That is no join token/);
    expect(cluster.logs()).toMatch(/has not joined the cluster yet/);
    expect(said).not.toContain(forged);
  });

  it('tells an agent that was marked as gone meanwhile to stop, and its tasks are gone', async () => {
    await running(aware, two, 'doomed');
    await running(unaware, two, 'doomed-too');
    const { id } = await untilThere(two);
    two.cut();
    await aware.untilState('doomed', 'TASK_UNREACHABLE');
    await cluster.ask('/mesos/api/v1', {
      type: 'MARK_AGENT_GONE',
      mark_agent_gone: { agent_id: { value: id } },
    });
    await aware.untilState('doomed', 'TASK_GONE_BY_OPERATOR', 'TASK_GONE');
    two.mend();
    expect(await agentTwo.ended).toBe(1);
    expect(cluster.logs()).toMatch(/cannot go on/);
    await waitFor(
      'its tasks to have ended',
      async () => !(await agents()).some((agent) => agent.id === id),
      SLOW,
    );
  });

  it('has no secret in a log, an argument list or an answer', async () => {
    const secrets = [
      cluster.joinToken.split('.')[2] ?? '',
      cluster.operatorToken,
      ...['one', 'two'].map((name) =>
        readFileSync(join(cluster.folder, name, 'security', 'agent-token'), 'utf8').trim(),
      ),
      readFileSync(join(cluster.folder, 'control-plane', 'security', 'ca.key'), 'utf8').split('\n')[1] ?? '',
    ];
    appendFileSync(join(cluster.folder, 'logs', 'answers.log'), await answers());
    const said = cluster.logs() + processList();
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(20);
      expect(said).not.toContain(secret);
    }
  });

  const setUpClient = (): Promise<{ code: number }> =>
    cluster.plenum(
      ...['cluster', 'setup', cluster.gatewayUrl, '--name', 'machines'],
      ...['--token-file', join(cluster.folder, 'operator-token'), '--ca-certs', cluster.caFile],
    );

  const tasksOf = async (app: string): Promise<App['tasks']> =>
    (await cluster.ask<{ app: App }>(`/service/marathon/v2/apps${app}`)).app.tasks;
  const runningTasks = async (app: string): Promise<App['tasks']> =>
    (await tasksOf(app)).filter(({ state }) => state === 'TASK_RUNNING');
  const stateOf = async (app: string, machine: Machine): Promise<string | undefined> =>
    (await tasksOf(app)).find(({ host }) => host === machine.address)?.state;
  const masterStateOf = async (taskId: string): Promise<string | undefined> => {
    const { tasks } = await cluster.ask<{ tasks: { id: string; state: string }[] }>(
      '/mesos/tasks?limit=1000',
    );
    return tasks.find(({ id }) => id === taskId)?.state;
  };
  const answers = async (): Promise<string> => {
    const paths = [
      '/mesos/state',
      '/mesos/flags',
      `/agent/${(await untilThere(one)).id}/state`,
      `/agent/${(await untilThere(one)).id}/flags`,
    ];
    return JSON.stringify(await Promise.all(paths.map((path) => cluster.ask(path))));
  };
});

/** Arguments of every process of this machine. */
const processList = (): string => execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
