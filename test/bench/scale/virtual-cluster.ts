import type { SubscribeAgent } from '../../../src/mesos/agent-protocol.ts';
import type { FrameworkInfo, Resource, Task } from '../../../src/mesos/generated/mesos.ts';

/** How large a cluster is that exists in reports alone. */
export interface ClusterSize {
  readonly agents: number;
  readonly tasksPerAgent: number;
  readonly frameworks: number;
}

const RUNNING_SINCE = 1_795_364_000;

export const agentIdOf = (index: number): string => `3d2f0c5e-0000-4000-8000-000000000001-S${index}`;

export const frameworkIdOf = (index: number): string =>
  `3d2f0c5e-0000-4000-8000-000000000001-${String(index).padStart(4, '0')}`;

export const taskIdOf = (agent: number, task: number): string =>
  `service-${task}.instance-7e0b54c2-1c4f-11ee-a0f6-${String(agent).padStart(12, '0')}._app.${task}`;

export const frameworkInfoOf = (index: number): FrameworkInfo => ({
  id: { value: frameworkIdOf(index) },
  name: `framework-${index}`,
  user: 'root',
  roles: [`role-${index}`],
  failover_timeout: 604_800,
  checkpoint: true,
  hostname: 'localhost',
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }],
});

/** What a virtual agent says of itself: everything that a real one with that many tasks would. */
export const reportOf = (index: number, { tasksPerAgent, frameworks }: ClusterSize): SubscribeAgent => {
  const owners = new Set<number>();
  const tasks = Array.from({ length: tasksPerAgent }, (_, number) => {
    const owner = (index + number) % frameworks;
    owners.add(owner);
    return virtualTask(index, number, owner);
  });
  return {
    agent_info: {
      id: { value: agentIdOf(index) },
      hostname: `host-${index}.cluster.local`,
      port: 5051,
      resources: [
        scalar('cpus', 24),
        scalar('mem', 65_536),
        scalar('disk', 409_600),
        { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31_000, end: 32_000 }] } },
      ],
      attributes: [{ name: 'rack', type: 'TEXT', text: { value: `rack-${index % 40}` } }],
    },
    address: { hostname: `host-${index}.cluster.local`, ip: addressOf(index), port: 5051 },
    version: '1.11.1',
    capabilities: [{ type: 'MULTI_ROLE' }, { type: 'HIERARCHICAL_ROLE' }, { type: 'RESERVATION_REFINEMENT' }],
    checkpointed_resources: [],
    tasks: tasks.map((task) => ({ task })),
    executors: [],
    frameworks: [...owners].map(frameworkInfoOf),
    operations: [],
  };
};

const addressOf = (index: number): string => `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;

const virtualTask = (agent: number, number: number, owner: number): Task => {
  const task_id = { value: taskIdOf(agent, number) };
  const agent_id = { value: agentIdOf(agent) };
  const allocation_info = { role: `role-${owner}` };
  const port = 31_000 + number * 7;
  return {
    name: `service-${number}`,
    task_id,
    framework_id: { value: frameworkIdOf(owner) },
    agent_id,
    state: 'TASK_RUNNING',
    resources: [
      { ...scalar('cpus', 0.5), allocation_info },
      { ...scalar('mem', 256), allocation_info },
      { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: port, end: port }] }, allocation_info },
    ],
    statuses: (['TASK_STARTING', 'TASK_RUNNING'] as const).map((state, step) => ({
      task_id,
      agent_id,
      state,
      source: 'SOURCE_EXECUTOR',
      timestamp: RUNNING_SINCE + agent / 1000 + step,
      container_status: {
        container_id: { value: `c-${agent}-${number}` },
        network_infos: [{ ip_addresses: [{ ip_address: addressOf(agent), protocol: 'IPv4' }] }],
      },
    })),
    labels: { labels: [{ key: 'team', value: `team-${number % 7}` }] },
    discovery: {
      visibility: 'FRAMEWORK',
      name: `service-${number}`,
      ports: { ports: [{ number: port, name: 'http' }] },
    },
  };
};

const scalar = (name: string, value: number): Resource => ({ name, type: 'SCALAR', scalar: { value } });
