import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExecutorInfo } from '../../../src/mesos/generated/mesos.ts';
import { waitFor } from '../../support/wait-for.ts';
import { FRAMEWORK, shellTask } from '../fake-master.ts';
import { ask, openSession, wait } from '../sessions/agent-caller.ts';
import { onTestEnd, startTestCluster, type TestCluster, temporaryFolder } from '../test-agent.ts';
import {
  addressOf,
  bridgeNetwork,
  canMakeNetworks,
  leftOf,
  NETWORK_ISOLATION,
  networkTitle,
  onNetworks,
  outputOf,
  PORTS,
  serverTask,
  uniqueName,
  uniquePort,
  withPorts,
} from './network-tasks.ts';

const TIMEOUT_MS = 90_000;

const start = async (): Promise<TestCluster & { bridge: string }> => {
  const bridge = uniqueName();
  const configs = await temporaryFolder();
  writeFileSync(join(configs, 'net.conf'), bridgeNetwork('net', bridge));
  const cluster = await startTestCluster({
    isolation: NETWORK_ISOLATION,
    isolatorFlags: { network_cni_config_dir: configs },
  });
  return Object.assign(cluster, { bridge });
};

const get = async (url: string): Promise<string> => (await fetch(url)).text();

/** Asks a server again and again, from inside of a container, and prints what it says last. */
const askFrom = (address: string, port: number): string =>
  `exec ${process.execPath} -e 'const ask=()=>require("http").get("http://${address}:${port}/",r=>r.on("data",d=>console.log("got "+d))).on("error",e=>console.log("no "+e.code));ask();setInterval(ask,300)'`;

describe.runIf(canMakeNetworks)(networkTitle('the agent’s own bridge'), { timeout: TIMEOUT_MS }, () => {
  it('gives a container an address, files that say so, and a way to the machine and back', async () => {
    const { master, folder } = await start();
    master.launch(
      shellTask('looks', 'hostname; cat /etc/hosts /etc/hostname; ls /sys/class/net 2>&1; sleep 1000', {
        container: { type: 'MESOS', hostname: 'box', network_infos: [{ name: 'net' }] },
      }),
      serverTask('web', 80, onNetworks({ name: 'net' })),
    );
    const address = await addressOf(master, 'looks');
    expect(address).toMatch(/^10\.\d+\.\d+\.\d+$/);
    await waitFor('it has looked', () => outputOf(folder, 'looks').includes('lo'));
    expect(outputOf(folder, 'looks')).toContain(`${address} box\nbox\n`);
    expect(outputOf(folder, 'looks')).toMatch(/^box\n127\.0\.0\.1 localhost\n/);
    const web = await addressOf(master, 'web');
    expect(web).not.toBe(address);
    const said = await waitFor('the server answers', () => get(`http://${web}/`).catch(() => false));
    expect(said).toBe(web.replace(/\.\d+$/, '.1'));
  });

  it('maps ports of the machine, also of its loopback address', async () => {
    const { master } = await start();
    const port = uniquePort();
    const network = { name: 'net', port_mappings: [{ host_port: port, container_port: 80 }] };
    master.launch(withPorts(serverTask('web', 80, onNetworks(network)), port));
    const status = await master.until('web', 'TASK_RUNNING');
    expect(status.container_status?.network_infos).toMatchObject([
      { name: 'net', port_mappings: [{ host_port: port, container_port: 80 }] },
    ]);
    for (const host of ['127.0.0.1', '127.0.0.3']) {
      await waitFor(`${host} answers`, () => get(`http://${host}:${port}/`).catch(() => false));
    }
  });

  it('refuses a port that is not among the resources of the task, and networks that there are not', async () => {
    const { master } = await start();
    const network = { name: 'net', port_mappings: [{ host_port: 80, container_port: 80 }] };
    master.launch(
      shellTask('greedy', 'true', onNetworks(network)),
      shellTask('lost', 'true', onNetworks({ name: 'nowhere' })),
      shellTask('double', 'true', onNetworks({ name: 'net' }, { name: 'net' })),
    );
    expect((await master.until('greedy', 'TASK_FAILED')).message).toBe(
      'Failed to launch container: network/cni: Port [80] not included in resources',
    );
    expect((await master.until('double', 'TASK_FAILED')).message).toContain(
      "Attempted to join the network 'net' multiple times",
    );
    expect((await master.until('lost', 'TASK_FAILED')).message).toBe(
      "Failed to launch container: network/cni: There is no network 'nowhere' on this agent; there are: net, plenum, mesos-bridge, dcos",
    );
  });

  it('lets only the apps connect that a container allows, also when they come later', async () => {
    const { master, folder } = await start();
    const labels = { labels: [{ key: 'PLENUM_ALLOWED_PEERS', value: 'friend, /shop/*' }] };
    master.launch(serverTask('web', 80, onNetworks({ name: 'net', labels })));
    const web = await addressOf(master, 'web');
    await waitFor('the machine may', () => get(`http://${web}/`).catch(() => false));
    const shop = { environment: { variables: [{ name: 'MARATHON_APP_ID', value: '/shop/cart' }] } };
    const command = { value: askFrom(web, 80) };
    master.launch(
      { ...shellTask('friend', '', onNetworks({ name: 'net' })), command },
      { ...shellTask('stranger', '', onNetworks({ name: 'net' })), command },
      { ...shellTask('cart', '', onNetworks({ name: 'net' })), command: { ...command, ...shop } },
    );
    for (const id of ['friend', 'cart']) {
      await waitFor(`${id} gets in`, () => outputOf(folder, id).includes('got '), { timeoutMs: 30_000 });
    }
    await waitFor('the stranger is told no', () => outputOf(folder, 'stranger').includes('no ECONNREFUSED'), {
      timeoutMs: 30_000,
    });
    expect(outputOf(folder, 'stranger')).not.toContain('got ');
  });

  it('checks tasks inside of their networks, where the machine cannot see them', async () => {
    const { master } = await start();
    const times = { delay_seconds: 0, interval_seconds: 0.2, grace_period_seconds: 60, timeout_seconds: 10 };
    const check = (more: object) => ({ ...onNetworks({ name: 'net' }), health_check: { ...times, ...more } });
    const curl = `${process.execPath} -e 'require("net").connect(8080,"127.0.0.1").on("error",()=>process.exit(1)).on("connect",()=>process.exit(0))'`;
    master.launch(
      serverTask('http', 8080, check({ type: 'HTTP', http: { port: 8080 } }), '127.0.0.1'),
      serverTask('tcp', 8080, check({ type: 'TCP', tcp: { port: 8080 } }), '127.0.0.1'),
      serverTask('command', 8080, check({ type: 'COMMAND', command: { value: curl } }), '127.0.0.1'),
    );
    for (const id of ['http', 'tcp', 'command']) {
      await waitFor(`${id} is healthy`, () => master.updates(id).some(({ healthy }) => healthy === true), {
        timeoutMs: 60_000,
      });
    }
  });

  it('does not lead to what listens on the loopback address of the machine', async () => {
    const { master, folder, bridge } = await start();
    const server = createServer((_request, response) => response.end('secret')).listen(0, '127.0.0.1');
    onTestEnd(async () => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const ask = `${process.execPath} -e 'require("http").get("http://127.0.0.1:${port}/",{timeout:3000},r=>r.on("data",d=>console.log("got "+d))).on("error",e=>console.log("no "+e.code)).on("timeout",()=>{console.log("no answer");process.exit()})'`;
    // Whoever is root in his network can have packets for 127.0.0.1 sent to the machine.
    const trick = `echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet
ip address delete 127.0.0.1/8 dev lo
gateway=$(ip route show default | cut -d' ' -f3)
own=$(ip -4 -o address show eth0 | sed 's/.*inet \\([0-9.]*\\).*/\\1/')
ip route add 127.0.0.0/8 via $gateway src $own && echo routed
${ask}; sleep 1000`;
    master.launch(shellTask('thief', trick, onNetworks({ name: 'net' })));
    await waitFor('it has tried', () => /got|no /.test(outputOf(folder, 'thief')), { timeoutMs: 30_000 });
    expect(outputOf(folder, 'thief')).toMatch(/^routed\nno /);
    expect(leftOf(bridge).join('\n')).toContain('-j DROP');
  });

  it('is refused to executors that could not reach the agent from there', async () => {
    const { master } = await start();
    const executor: ExecutorInfo = {
      executor_id: { value: 'own' },
      command: { value: 'sleep 1000' },
      ...onNetworks({ name: 'net' }),
    };
    const { command: _none, ...task } = shellTask('task', '', { executor });
    master.send({
      type: 'LAUNCH',
      launch: { framework_info: FRAMEWORK, executor_info: executor, tasks: [task], is_group: false },
    });
    expect((await master.until('task', 'TASK_FAILED')).message).toContain(
      'the executor cannot reach this agent, which listens on 127.0.0.1: start the agent with --host',
    );
  });

  it('is where sessions and containers nested by operators are, too', async () => {
    const cluster = await start();
    const { master } = cluster;
    master.launch(shellTask('task', 'sleep 1000', onNetworks({ name: 'net' })));
    const { container_status } = await master.until('task', 'TASK_RUNNING');
    const parent = container_status?.container_id;
    const own = readlinkSync(`/proc/${container_status?.executor_pid}/ns/net`);
    expect(own).not.toBe(readlinkSync('/proc/self/ns/net'));
    const look = 'readlink /proc/self/ns/net';
    const output = await openSession(cluster, { value: 'session', ...(parent ? { parent } : {}) }, look);
    await output.ended;
    expect(output.text().trim()).toBe(own);
    const nested = { value: 'nested', ...(parent ? { parent } : {}) };
    const command = { value: `[ "$(${look})" = '${own}' ] && hostname | grep -q ${parent?.value}` };
    const answer = await ask(cluster, {
      type: 'LAUNCH_CONTAINER',
      launch_container: { container_id: nested, command },
    });
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(await wait(cluster, nested)).toMatchObject({ exit_status: 0 });
  });

  it('leaves nothing behind when its last container has ended', async () => {
    const { master, bridge, folder, agent } = await start();
    const port = uniquePort();
    const network = { name: 'net', port_mappings: [{ host_port: port, container_port: 80 }] };
    master.launch(withPorts(shellTask('short', 'sleep 1000', onNetworks(network)), port));
    const address = await addressOf(master, 'short');
    expect(leftOf(bridge, [address]).length).toBeGreaterThan(5);
    await agent.endTasks();
    expect(leftOf(bridge, [address])).toEqual([]);
    expect(readdirSync(join(folder, 'meta/networks'))).toEqual([]);
  });

  it('maps ports of a pod for containers that have limits of their own', async () => {
    const { master } = await start();
    const port = uniquePort();
    const executor: ExecutorInfo = {
      type: 'DEFAULT',
      executor_id: { value: 'pod' },
      resources: [PORTS(port)],
      ...onNetworks({ name: 'net', port_mappings: [{ host_port: port, container_port: 80 }] }),
    };
    const apart = { executor, container: { type: 'MESOS' as const, linux_info: { share_cgroups: false } } };
    const tasks = [serverTask('web', 80, apart), shellTask('beside', 'sleep 1000', apart)];
    master.send({
      type: 'LAUNCH',
      launch: { framework_info: FRAMEWORK, executor_info: executor, tasks, is_group: true },
    });
    await master.until('web', 'TASK_RUNNING');
    await master.until('beside', 'TASK_RUNNING');
    await waitFor('it answers', () => get(`http://127.0.0.1:${port}/`).catch(() => false));
  });

  it('has one namespace for all containers of a pod', async () => {
    const { master, folder } = await start();
    const executor: ExecutorInfo = {
      type: 'DEFAULT',
      executor_id: { value: 'pod' },
      ...onNetworks({ name: 'net' }),
    };
    const tasks = ['one', 'two'].map((id) =>
      shellTask(id, 'readlink /proc/self/ns/net; hostname; sleep 1000', { executor }),
    );
    master.send({
      type: 'LAUNCH',
      launch: { framework_info: FRAMEWORK, executor_info: executor, tasks, is_group: true },
    });
    const addresses = [await addressOf(master, 'one'), await addressOf(master, 'two')];
    expect(addresses[0]).toMatch(/^10\./);
    expect(addresses[1]).toBe(addresses[0]);
    const printed = (id: string): string => {
      const file = join(folder, 'slaves/agent-0/frameworks/fw/executors/pod/runs/latest/tasks', id, 'stdout');
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    };
    await waitFor('both have looked', () =>
      ['one', 'two'].every((id) => printed(id).split('\n').length === 3),
    );
    expect(printed('one').split('\n')[0]).toMatch(/^net:/);
    expect(printed('two')).toBe(printed('one'));
  });
});
