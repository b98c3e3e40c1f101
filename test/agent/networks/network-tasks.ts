import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerInfo, NetworkInfo, TaskInfo } from '../../../src/mesos/generated/mesos.ts';
import { type FakeMaster, shellTask } from '../fake-master.ts';

export const canMakeNetworks =
  process.getuid?.() === 0 &&
  ['/usr/sbin/ip', '/sbin/ip', '/bin/ip'].some(existsSync) &&
  ['/usr/sbin/iptables', '/sbin/iptables'].some(existsSync);

/** What a test of networks is called where they cannot be made, so that nobody takes it for passed. */
export const networkTitle = (title: string): string =>
  canMakeNetworks ? title : `${title} (skipped: needs root, ip and iptables)`;

export const NETWORK_ISOLATION =
  'cgroups/cpu,cgroups/mem,filesystem/linux,docker/runtime,namespaces/pid,network/cni';

/** A name for a bridge that no other test has. */
export const uniqueName = (): string => `pt${Math.random().toString(36).slice(2, 9)}`;

/** Addresses that no other test has, most likely also not one that runs beside this one. */
export const uniqueSubnet = (): string => `10.${below(100) + 100}.${below(250)}.0/24`;

/** A port of the test agents' range. */
export const uniquePort = (): number => 31_000 + below(1_000);

const below = (limit: number): number => Math.floor(Math.random() * limit);

/** A configuration of the agent's own bridge, apart from that of other tests. */
export const bridgeNetwork = (name: string, bridge: string): string =>
  JSON.stringify({
    cniVersion: '1.0.0',
    name,
    type: 'plenum-bridge',
    bridge,
    subnet: uniqueSubnet(),
  });

export const onNetworks = (...network_infos: NetworkInfo[]): { container: ContainerInfo } => ({
  container: { type: 'MESOS', network_infos },
});

export const PORTS = (begin: number, end = begin) => ({
  name: 'ports',
  type: 'RANGES' as const,
  ranges: { range: [{ begin, end }] },
  allocation_info: { role: '*' },
});

export const withPorts = (task: TaskInfo, port: number): TaskInfo => ({
  ...task,
  resources: [...(task.resources ?? []), PORTS(port)],
});

/** A server in Node.js that answers everything with who asked, on all addresses or one. */
export const serverTask = (id: string, port: number, more: Partial<TaskInfo>, host = '0.0.0.0'): TaskInfo =>
  shellTask(
    id,
    `exec ${process.execPath} -e 'require("http").createServer((q,r)=>r.end(q.socket.remoteAddress)).listen(${port},"${host}")'`,
    more,
  );

/** The first address that a task has told of. */
export const addressOf = async (master: FakeMaster, task: string): Promise<string> => {
  const { container_status } = await master.until(task, 'TASK_RUNNING');
  return container_status?.network_infos?.[0]?.ip_addresses?.[0]?.ip_address ?? '';
};

export const outputOf = (folder: string, task: string): string => {
  const file = join(folder, 'slaves/agent-0/frameworks/fw/executors', task, 'runs/latest/stdout');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

/** Everything on the machine that belongs to a bridge: devices, rules, addresses; and the namespaces of an agent. */
export const leftOf = (bridge: string, addresses: readonly string[] = []): string[] => {
  const run = (program: string, args: string[]): string[] =>
    execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .split('\n')
      .filter(Boolean);
  const rules = [...run('iptables', ['-w', '-S']), ...run('iptables', ['-w', '-t', 'nat', '-S'])];
  const folder = join('/run/plenum/networks', bridge);
  return [
    ...run('ip', ['-o', 'link']).filter((line) => line.includes(bridge)),
    ...rules.filter((rule) => rule.includes(bridge) || addresses.some((each) => rule.includes(`${each}/`))),
    ...(existsSync(folder) ? readdirSync(folder) : []),
  ];
};
