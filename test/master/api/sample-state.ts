import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LongBody } from '../../../src/http/long-body.ts';
import type { ClusterView } from '../../../src/master/api/documents/cluster-view.ts';
import { ClusterViews } from '../../../src/master/api/documents/cluster-views.ts';
import { emptyPreemption } from '../../../src/master/core/preemption-record.ts';
import type { MasterState } from '../../../src/master/core/state.ts';
import type {
  Response,
  ResponseGetAgentsAgent,
  ResponseGetFrameworksFramework,
} from '../../../src/mesos/generated/master.ts';
import type { MasterInfo, Resource, Task, TimeInfo } from '../../../src/mesos/generated/mesos.ts';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures');

/** What a real Mesos answered, without the file's ending. */
export const golden = (name: string): unknown =>
  JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8'));

export const MASTER_INFO: MasterInfo = {
  id: '94cbf573-2f4c-4d18-a211-1026aa66cd1f',
  ip: 16777343,
  port: 5050,
  pid: 'master@127.0.0.1:5050',
  hostname: 'localhost',
  version: '1.11.1',
  address: { hostname: 'localhost', ip: '127.0.0.1', port: 5050 },
  capabilities: [{ type: 'AGENT_UPDATE' }, { type: 'AGENT_DRAINING' }, { type: 'QUOTA_V2' }],
};

export const FACTS = {
  clusterName: 'golden',
  flags: { cluster: 'golden', port: '5050' },
  version: { version: '1.11.1' },
};

export const STARTED_MS = 1795364979555;

export const emptyState = (): MasterState => ({
  masterId: MASTER_INFO.id,
  info: MASTER_INFO,
  startedMs: STARTED_MS,
  frameworks: new Map(),
  completedFrameworks: new Map(),
  agents: new Map(),
  agentIndex: { byStream: new Map(), byAddress: new Map() },
  recoveredAgents: new Map(),
  unreachableAgents: new Map(),
  goneAgents: new Map(),
  agentsToGiveUp: { waiting: new Map(), lastMs: undefined },
  preemption: emptyPreemption(),
  offers: new Map(),
  inverseOffers: new Map(),
  maintenance: { schedule: undefined, machines: new Map() },
  quotas: new Map(),
  weights: new Map(),
  counters: new Map(),
  frameworkCounters: new Map(),
  next: { framework: 0, agent: 0, offer: 0 },
});

/** The state that a master must have had to answer GET_STATE, GET_AGENTS and the like as it did. */
export const stateOf = (...responses: readonly Response[]): MasterState => {
  const state = emptyState();
  for (const response of responses) {
    const parts = response.type === 'GET_STATE' ? response.get_state : undefined;
    const agents = response.type === 'GET_AGENTS' ? response.get_agents : parts?.get_agents;
    const frameworks = response.type === 'GET_FRAMEWORKS' ? response.get_frameworks : parts?.get_frameworks;
    for (const agent of agents?.agents ?? []) addAgent(state, agent);
    for (const framework of frameworks?.frameworks ?? []) addFramework(state, framework);
    for (const framework of frameworks?.completed_frameworks ?? []) addCompleted(state, framework);
    const tasks = response.type === 'GET_TASKS' ? response.get_tasks : parts?.get_tasks;
    for (const task of tasks?.tasks ?? []) addTask(state, task);
    for (const task of tasks?.unreachable_tasks ?? []) {
      state.frameworks.get(task.framework_id.value)?.unreachableTasks.set(task.task_id.value, task);
    }
    for (const task of tasks?.completed_tasks ?? []) {
      const { value } = task.framework_id;
      (state.frameworks.get(value) ?? state.completedFrameworks.get(value))?.completedTasks.push(task);
    }
  }
  return state;
};

const ms = (time: TimeInfo | undefined): number => (time?.nanoseconds ?? 0) / 1e6;

const addAgent = (state: MasterState, agent: ResponseGetAgentsAgent): void => {
  const id = agent.agent_info.id?.value ?? '';
  const [, ip = '', port] = /@(.+):(\d+)$/.exec(agent.pid ?? '') ?? [];
  state.agents.set(id, {
    id,
    info: agent.agent_info,
    address: { hostname: agent.agent_info.hostname, ip, port: Number(port) },
    version: agent.version,
    capabilities: new Set(agent.capabilities?.map(({ type }) => type)),
    streamId: 'stream',
    isDeactivated: agent.deactivated ?? false,
    drain: agent.drain_info,
    drainStartedMs: undefined,
    total: (agent.total_resources ?? []).map(fromEndpointFormat),
    registeredMs: ms(agent.registered_time),
    reregisteredMs: agent.reregistered_time && ms(agent.reregistered_time),
    taskIds: new Map(),
    executors: new Map(),
    operations: new Map(),
    offerIds: new Set(),
    unavailability: undefined,
    inverseOfferIds: new Set(),
    inverseAnswers: new Map(),
    pendingKills: new Map(),
    missedPings: 0,
    changes: 0,
  });
};

/** Inside the master resources have the new format of reservations alone. */
const fromEndpointFormat = ({ role: _role, reservation: _reservation, ...resource }: Resource): Resource =>
  resource;

const addFramework = (state: MasterState, framework: ResponseGetFrameworksFramework): void => {
  const { framework_info: info, connected, recovered } = framework;
  const id = info.id?.value ?? '';
  state.frameworks.set(id, {
    id,
    info,
    roles: info.roles ?? [info.role ?? '*'],
    caller: undefined,
    capabilities: new Set(info.capabilities?.map(({ type }) => type)),
    connection: recovered ? 'recovered' : connected ? 'connected' : 'disconnected',
    streamId: connected ? 'stream' : undefined,
    suppressedRoles: new Set(),
    offerConstraints: undefined,
    registeredMs: ms(framework.registered_time),
    reregisteredMs: reregistered(framework),
    disconnectedMs: undefined,
    tasks: new Map(),
    completedTasks: [],
    unreachableTasks: new Map(),
    offerIds: new Set(),
    inverseOfferIds: new Set(),
  });
};

/** A framework that subscribed only once re-registered then, by the v1 API, and never, by the v0 one. */
const reregistered = (framework: ResponseGetFrameworksFramework): number | undefined => {
  const { registered_time, reregistered_time } = framework;
  const isSame = reregistered_time?.nanoseconds === registered_time?.nanoseconds;
  return isSame ? undefined : ms(reregistered_time);
};

const addCompleted = (state: MasterState, framework: ResponseGetFrameworksFramework): void => {
  const { framework_info: info } = framework;
  const id = info.id?.value ?? '';
  state.completedFrameworks.set(id, {
    id,
    info,
    roles: info.roles ?? [info.role ?? '*'],
    registeredMs: ms(framework.registered_time),
    reregisteredMs: reregistered(framework),
    unregisteredMs: ms(framework.unregistered_time),
    completedTasks: [],
    unreachableTasks: new Map(),
  });
};

/** Adds a task to its framework and its agent. */
export const addTask = (state: MasterState, task: Task): void => {
  const frameworkId = task.framework_id.value;
  const agentId = task.agent_id.value;
  state.frameworks.get(frameworkId)?.tasks.set(task.task_id.value, task);
  if (!state.agents.has(agentId)) {
    // Where a task is, is an agent, whether the capture shows it or not.
    const agent_info = { id: { value: agentId }, hostname: 'localhost' };
    addAgent(state, { agent_info, active: true, version: '1.11.1' });
  }
  state.agents.get(agentId)?.taskIds.set(frameworkId, new Set([task.task_id.value]));
};

/** Runs a computation that pauses to its end. */
export const finish = <Result>(steps: Generator<void, Result>): Result => {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
};

/** The state as the reads see it. */
export const viewOf = (state: MasterState): ClusterView => new ClusterViews(state).take();

/** What a body of JSON says. */
export const parsed = (steps: Generator<void, LongBody>): unknown =>
  JSON.parse(Buffer.concat(finish(steps).chunks).toString());

/** The same with times in whole milliseconds, which is what the master keeps. */
export const inMilliseconds = (value: unknown): unknown => {
  if (typeof value === 'number') {
    if (value > 1e17) return Math.round(value / 1e6) * 1e6;
    return value > 1e9 && value < 1e10 ? Math.round(value * 1000) / 1000 : value;
  }
  if (Array.isArray(value)) return value.map(inMilliseconds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inMilliseconds(item)]));
};
