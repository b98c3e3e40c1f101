import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startAgent } from '../../../src/agent/server.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { systemRandom } from '../../../src/runtime/random.ts';
import { waitFor } from '../../support/wait-for.ts';
import { shellTask } from '../fake-master.ts';
import { onTestEnd, startTestCluster, temporaryFolder } from '../test-agent.ts';
import {
  addressOf,
  canMakeNetworks,
  leftOf,
  NETWORK_ISOLATION,
  networkTitle,
  onNetworks,
  outputOf,
  serverTask,
  uniqueName,
  uniquePort,
  uniqueSubnet,
  withPorts,
} from './network-tasks.ts';
import { cniFolders } from './plugin-programs.ts';

const TIMEOUT_MS = 90_000;
const REAL_PLUGINS = '/usr/lib/cni';

/** Notes every call, and gives an address as version 0.2 of the specification does. */
const noting = (diary: string): string =>
  `{ echo "$CNI_COMMAND $CNI_IFNAME $CNI_CONTAINERID"; cat; echo; } >>${diary}
[ "$CNI_COMMAND" = DEL ] || echo '{"ip4":{"ip":"10.9.8.7/24"},"dns":{"nameservers":["10.9.8.1"],"search":["lab"]}}'`;

describe.runIf(canMakeNetworks)(networkTitle('a network by CNI plugins'), { timeout: TIMEOUT_MS }, () => {
  const run = async (folders: Awaited<ReturnType<typeof cniFolders>>, more: Record<string, string> = {}) =>
    startTestCluster({ isolation: NETWORK_ISOLATION, isolatorFlags: { ...folders.flags, ...more } });

  it('is made by them, in turn, with all that the specification and Mesos tell them', async () => {
    const diary = join(await temporaryFolder(), 'diary');
    const folders = await cniFolders(
      {
        first: noting(diary),
        second: `{ echo "second $CNI_COMMAND"; cat; echo; } >>${diary}`,
      },
      {
        'a.conflist': {
          cniVersion: '0.3.1',
          name: 'chain',
          plugins: [
            { type: 'first', mine: 1 },
            { type: 'second', capabilities: { portMappings: true } },
          ],
        },
        'b.conf': { name: 'single', type: 'first' },
        'broken.conf': '{"name":',
      },
    );
    const { master, folder, agent } = await run(folders);
    const labels = { labels: [{ key: 'tier', value: 'gold' }] };
    const mapped = { name: 'chain', labels, port_mappings: [{ host_port: 31_873, container_port: 80 }] };
    const task = shellTask(
      'task',
      'cat /etc/resolv.conf; sleep 1000',
      onNetworks(mapped, { name: 'single' }),
    );
    master.launch(withPorts(task, 31_873));
    const status = await master.until('task', 'TASK_RUNNING');
    const address = { protocol: 'IPv4', ip_address: '10.9.8.7' };
    expect(status.container_status?.network_infos).toEqual([
      { ...mapped, ip_addresses: [address] },
      { name: 'single', ip_addresses: [address] },
    ]);
    await waitFor('it has looked', () => outputOf(folder, 'task').includes('nameserver'));
    expect(outputOf(folder, 'task')).toBe('search lab\nnameserver 10.9.8.1\n');
    const listed = await (await fetch(`${agent.url}/containers`)).json();
    expect(listed[0].status.network_infos).toEqual(status.container_status?.network_infos);
    const id = status.container_status?.container_id?.value;
    await agent.endTasks();
    const lines = readFileSync(diary, 'utf8').trim().split('\n');
    expect(lines.filter((line) => !line.startsWith('{'))).toEqual([
      `ADD eth0 ${id}`,
      'second ADD',
      `ADD eth1 ${id}`,
      `DEL eth1 ${id}`,
      'second DEL',
      `DEL eth0 ${id}`,
    ]);
    const [told, second] = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    expect(told).toMatchObject({
      cniVersion: '0.3.1',
      name: 'chain',
      type: 'first',
      mine: 1,
      args: { 'org.apache.mesos': { network_info: mapped } },
    });
    expect(second).toMatchObject({
      prevResult: { ip4: { ip: '10.9.8.7/24' } },
      runtimeConfig: { portMappings: [{ hostPort: 31_873, containerPort: 80, protocol: 'tcp' }] },
    });
  });

  it.each([
    ['is missing', undefined, /The plugin 'bad' is not on this machine \(/],
    ['hangs', 'sleep 1000', /The plugin 'bad' was not done with ADD after 0\.5 s/],
    ['prints garbage', 'echo hello', /The plugin 'bad' printed what is no JSON object: hello/],
    ['gives no address', 'echo "{}"', /it gave no IP address/],
    [
      'fails with a reason',
      'echo \'{"code":7,"msg":"no room","details":"in the inn"}\'; exit 1',
      /The plugin 'bad' exited with 1: no room: in the inn/,
    ],
    ['fails without one', 'echo oops >&2; exit 3', /The plugin 'bad' exited with 3: oops/],
    ['prints without an end', 'yes', /The plugin 'bad' printed more than 1 MB/],
  ])('fails the task when a plugin %s, and leaves nothing', async (_what, script, message) => {
    const bridge = uniqueName();
    const onlyAdd = `[ "$CNI_COMMAND" = ADD ] || exit 0\n${script}`;
    const folders = await cniFolders(script === undefined ? {} : { bad: onlyAdd }, {
      'net.conflist': {
        name: 'net',
        plugins: [{ type: 'plenum-bridge', bridge, subnet: uniqueSubnet() }, { type: 'bad' }],
      },
      'bad.conf': { name: 'bad', type: 'bad' },
    });
    const { master, folder, agent } = await run(folders, { network_cni_plugin_timeout: '500ms' });
    const name = message.source.includes('no IP') ? 'bad' : 'net';
    master.launch(shellTask('task', 'true', onNetworks({ name })));
    const status = await master.until('task', 'TASK_FAILED');
    expect(status.message).toMatch(/^Failed to launch container: network\/cni: The network '/);
    expect(status.message).toMatch(message);
    expect(status.reason).toBe('REASON_CONTAINER_LAUNCH_FAILED');
    await agent.endTasks();
    // One whose plugin cannot be asked to undo it is tried again in the agent's next life.
    if (script !== undefined) expect(leftOf(bridge)).toEqual([]);
    expect(existsSync(join(folder, 'meta/networks'))).toBe(true);
  });

  it('is of no use to an agent whose folders are not there', async () => {
    const workDir = await temporaryFolder();
    await expect(
      startAgent({
        masterUrls: [],
        workDir,
        version: '1.11.0',
        isolation: NETWORK_ISOLATION,
        isolatorFlags: { network_cni_config_dir: '/no/such' },
        log: silentLog,
        clock: systemClock,
        random: systemRandom,
      }),
    ).rejects.toThrow('--isolation: network/cni: there is no folder /no/such');
  });

  it('cannot keep peers away that only the agent’s own bridge knows', async () => {
    const folders = await cniFolders({ p: 'exit 1' }, { 'p.conf': { name: 'p', type: 'p' } });
    const { master } = await run(folders);
    const labels = { labels: [{ key: 'PLENUM_ALLOWED_PEERS', value: 'friend' }] };
    master.launch(shellTask('task', 'true', onNetworks({ name: 'p', labels })));
    const { message } = await master.until('task', 'TASK_FAILED');
    expect(message).toContain("The network 'p' keeps nobody away: PLENUM_ALLOWED_PEERS needs one of type");
  });

  it.runIf(existsSync(join(REAL_PLUGINS, 'bridge')))('works with the plugins that others wrote', async () => {
    const bridge = uniqueName();
    const [subnet, port] = [uniqueSubnet(), uniquePort()];
    const dataDir = await temporaryFolder();
    // This plugin leaves its bridge to whoever wanted it.
    onTestEnd(async () => execFileSync('ip', ['link', 'delete', bridge]));
    const folders = await cniFolders(
      {},
      {
        'real.conflist': {
          cniVersion: '1.0.0',
          name: bridge,
          plugins: [
            {
              type: 'bridge',
              bridge,
              isGateway: true,
              ipMasq: true,
              hairpinMode: true,
              ipam: { type: 'host-local', dataDir, ranges: [[{ subnet }]] },
            },
            { type: 'portmap', capabilities: { portMappings: true }, snat: true },
          ],
        },
      },
      [REAL_PLUGINS],
    );
    const { master, agent } = await run(folders);
    const network = { name: bridge, port_mappings: [{ host_port: port, container_port: 80 }] };
    master.launch(withPorts(serverTask('web', 80, onNetworks(network)), port));
    const address = await addressOf(master, 'web');
    expect(address.split('.').slice(0, 3)).toEqual(subnet.split('.').slice(0, 3));
    for (const url of [`http://${address}/`, `http://127.0.0.1:${port}/`]) {
      await waitFor(`${url} answers`, async () => (await fetch(url)).ok);
    }
    await agent.endTasks();
    expect(existsSync(join(dataDir, bridge, address))).toBe(false);
  });
});
