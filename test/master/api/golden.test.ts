import { describe, expect, it } from 'vitest';
import { ClusterViews } from '../../../src/master/api/documents/cluster-views.ts';
import { Fragments } from '../../../src/master/api/documents/fragments.ts';
import { jsonBody, messageBody } from '../../../src/master/api/documents/make-document.ts';
import { answerRead, longRead } from '../../../src/master/api/operator-reads.ts';
import { OwnLog } from '../../../src/master/api/own-log.ts';
import { registryJson } from '../../../src/master/api/registry-json.ts';
import { quotaStatus, rolesJson, weightInfos } from '../../../src/master/api/roles-json.ts';
import { agentsJson, frameworksJson, stateJson } from '../../../src/master/api/state-json.ts';
import { stateSummaryJson } from '../../../src/master/api/state-summary-json.ts';
import { tasksJson } from '../../../src/master/api/tasks-json.ts';
import { visibilityOf } from '../../../src/master/api/visibility.ts';
import type { MasterState } from '../../../src/master/core/state.ts';
import { type Codec, jsonCodec } from '../../../src/mesos/codec/codec.ts';
import { protobufCodec } from '../../../src/mesos/codec/protobuf-codec.ts';
import { withDefaults } from '../../../src/mesos/codec/with-defaults.ts';
import type { Call, Response } from '../../../src/mesos/generated/master.ts';
import type { Task } from '../../../src/mesos/generated/mesos.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { Verbosity } from '../../../src/runtime/verbosity.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import {
  addTask,
  emptyState,
  FACTS,
  finish,
  golden,
  inMilliseconds,
  MASTER_INFO,
  parsed,
  stateOf,
  viewOf,
} from './sample-state.ts';

const busy = (): MasterState => stateOf(golden('busy-op-GET_STATE') as Response);

const slaves = (state: MasterState): unknown =>
  parsed(jsonBody(agentsJson(viewOf(state), new Fragments(), null)));

const frameworks = (state: MasterState): unknown =>
  parsed(jsonBody(frameworksJson(viewOf(state), new Fragments(), null)));

const summary = (state: MasterState): unknown =>
  parsed(jsonBody(finish(stateSummaryJson(state, FACTS, viewOf(state), new Fragments()))));

const tasks = (state: MasterState): unknown => {
  const query = { limit: 100, offset: 0, isAscending: false, taskId: null, frameworkId: null };
  return parsed(jsonBody(finish(tasksJson(viewOf(state), query, new Fragments()))));
};

const roles = (state: MasterState): unknown => rolesJson(state, finish(new ClusterViews(state).usedBy()));

/** As text, so that the order of keys counts, too. */
const text = (value: unknown): string =>
  JSON.stringify(inMilliseconds(JSON.parse(JSON.stringify(value))), null, 1);

describe('the v0 reads of a master with a running task, beside those of Mesos', () => {
  it.each<[string, (state: MasterState) => unknown]>([
    ['busy-master-state-summary', summary],
    ['busy-master-slaves', slaves],
    ['busy-master-frameworks', frameworks],
    ['busy-master-roles', roles],
    ['busy-master-tasks', tasks],
  ])('%s is the same to the key', (name, read) => {
    expect(text(read(busy()))).toEqual(text(golden(name)));
  });

  it('shows in /state what Mesos shows, but for flags and the build', async () => {
    const expected = golden('busy-master-state') as Record<string, unknown>;
    const { git_sha: _sha, build_date: _date, build_time: _time, build_user: _user, ...rest } = expected;
    const shown = { ...rest, flags: FACTS.flags, start_time: 1795364979.555, elected_time: 1795364979.555 };
    const state = busy();
    const read = parsed(jsonBody(stateJson(state, FACTS, viewOf(state), new Fragments())));
    expect(text(read)).toEqual(text(shown));
  });
});

describe('the v1 reads of the same master, beside those of Mesos', () => {
  it.each<Call['type']>(['GET_STATE', 'GET_AGENTS', 'GET_FRAMEWORKS', 'GET_TASKS', 'GET_ROLES'])(
    '%s is the same',
    async (type) => {
      expect(inMilliseconds(await answer(busy(), type))).toEqual(inMilliseconds(golden(`busy-op-${type}`)));
    },
  );

  it('introduces the master', async () => {
    // The v1 schema of Mesos does not know its own third capability, which comes out empty.
    const info = { ...MASTER_INFO, capabilities: [...(MASTER_INFO.capabilities ?? []).slice(0, 2), {}] };
    expect(await answer(emptyState(), 'GET_MASTER')).toMatchObject({ get_master: { master_info: info } });
    expect(golden('busy-op-GET_MASTER')).toMatchObject({
      get_master: { master_info: info, start_time: expect.any(Number), elected_time: expect.any(Number) },
    });
  });

  it('names frameworks that are away as Mesos does', async () => {
    const expected = golden('mid-op-GET_FRAMEWORKS-disconnected') as Response;
    const state = stateOf(expected);
    const holder = [...state.frameworks.values()][0];
    if (holder) addTask(state, taskOf(holder.id, ALLOCATED));
    expect(inMilliseconds(await answer(state, 'GET_FRAMEWORKS'))).toEqual(inMilliseconds(expected));
  });
});

/** The v1 API tells it in whole seconds. */
const DRAINED_MS = 1795365067816.753;

describe('reservations, volumes, deactivation and draining, beside those of Mesos', () => {
  it.each([
    ['op-w07-GET_AGENTS-with-volume', 'op-w07-master-slaves-with-volume'],
    ['op-w41-GET_AGENTS-deactivated', 'op-w41-master-slaves-deactivated'],
    ['op-w46-GET_AGENTS-drained', 'op-w46-master-slaves-drained'],
  ])('%s and %s tell the same agent', async (v1, v0) => {
    const expected = golden(v1) as Response;
    const state = stateOf(expected);
    const [drained] = state.agents.values();
    if (drained?.drain) drained.drainStartedMs = DRAINED_MS;
    if (v1.includes('deactivated')) {
      const [agent] = state.agents.values();
      stateOf(golden('mid-op-GET_FRAMEWORKS-disconnected') as Response).frameworks.forEach(
        (framework, id) => {
          state.frameworks.set(id, framework);
          framework.tasks.set('t', taskOf(id, ALLOCATED));
          agent?.taskIds.set(id, new Set(['t']));
        },
      );
    }
    expect(inMilliseconds(await answer(state, 'GET_AGENTS'))).toEqual(inMilliseconds(expected));
    expect(text(slaves(state))).toEqual(text(golden(v0)));
  });

  it('names agents that did not come back after a restart', async () => {
    const expected = golden('fo-04-op-GET_AGENTS-recovered') as Extract<Response, { type: 'GET_AGENTS' }>;
    const state = emptyState();
    for (const info of expected.get_agents.recovered_agents ?? []) {
      state.recoveredAgents.set(info.id?.value ?? '', { info, isDeactivated: false });
    }
    expect(await answer(state, 'GET_AGENTS')).toEqual(expected);
    expect(text(slaves(state))).toEqual(text(golden('fo-04-master-slaves-recovered')));
  });
});

describe('what is left of a framework, beside Mesos', () => {
  const recovered = golden('fo-08b-op-GET_FRAMEWORKS-recovered') as Response;

  it('is recovered when only its agents told of it', async () => {
    const tasks = golden('fo-08b-op-GET_TASKS-recovered-framework') as Response;
    const state = stateOf(recovered, tasks);
    expect(inMilliseconds(await answer(state, 'GET_FRAMEWORKS'))).toEqual(inMilliseconds(recovered));
    expect(inMilliseconds(await answer(state, 'GET_TASKS'))).toEqual(inMilliseconds(tasks));
    const shown = frameworks(state);
    expect(text(shown)).toEqual(text(golden('fo-08b-master-frameworks-recovered')));
  });

  it('counts tasks whose agent is unreachable', async () => {
    const tasks = golden('fo-09-op-GET_TASKS-unreachable') as Response;
    const state = stateOf(recovered, tasks);
    for (const [id, framework] of state.frameworks) {
      const times = { registeredMs: 1795364821442, reregisteredMs: 1795364821442 };
      state.frameworks.set(id, { ...framework, ...times, connection: 'connected' });
    }
    expect(inMilliseconds(await answer(state, 'GET_TASKS'))).toEqual(inMilliseconds(tasks));
    expect(text(frameworks(state))).toEqual(text(golden('fo-09-master-frameworks-unreachable')));
    expect(text(summary(state))).toEqual(text(golden('fo-09-master-state-summary')));
  });
});

describe('roles, quotas and weights, beside those of Mesos', () => {
  const reserved = (): MasterState => stateOf(golden('op-w07-GET_AGENTS-with-volume') as Response);

  it('shows the roles of reservations', async () => {
    const state = reserved();
    expect(text(roles(state))).toEqual(text(golden('op-w07-master-roles-with-reservation')));
    expect(await answer(state, 'GET_ROLES')).toEqual(golden('op-w07-GET_ROLES'));
  });

  it('shows quotas in both forms', async () => {
    const state = stateOf(golden('op-w41-GET_AGENTS-deactivated') as Response);
    state.quotas.set('dev', {
      role: 'dev',
      guarantees: { cpus: { value: 1 } },
      limits: { cpus: { value: 2 }, mem: { value: 1024 } },
    });
    expect(await answer(state, 'GET_QUOTA')).toEqual(golden('op-w21-GET_QUOTA'));
    expect(quotaStatus(state)).toEqual(golden('op-w21-master-quota'));
    expect(text(roles(state))).toEqual(text(golden('op-w21-master-roles')));
    state.quotas.set('*', { role: '*', limits: { cpus: { value: 1 } } }).set('dev', { role: 'dev' });
    expect(await answer(state, 'GET_QUOTA')).toEqual(golden('op-w25-GET_QUOTA-after'));
  });

  it('shows weights', async () => {
    const state = emptyState();
    expect(await answer(state, 'GET_WEIGHTS')).toEqual({ type: 'GET_WEIGHTS' });
    state.weights.set('dev', 2.5);
    expect(await answer(state, 'GET_WEIGHTS')).toEqual(golden('op-w29-GET_WEIGHTS'));
    expect(weightInfos(state)).toEqual(golden('op-w29-master-weights'));
  });

  it('counts what sub-roles hold for the roles above them', async () => {
    const state = stateOf(
      golden('op-w41-GET_AGENTS-deactivated') as Response,
      golden(FRAMEWORKS) as Response,
    );
    const [first] = state.frameworks.values();
    if (!first) throw new Error('The capture has no framework');
    state.frameworks.clear();
    const add = (number: string, roles: string[]): void => {
      const id = `94cbf573-2f4c-4d18-a211-1026aa66cd1f-${number}`;
      state.frameworks.set(id, { ...first, id, roles, tasks: new Map() });
    };
    add('0013', ['eng/web']);
    add('0014', ['eng/api', 'ops']);
    const [web] = state.frameworks.values();
    if (web) addTask(state, taskOf(web.id, ALLOCATED, 'eng/web'));
    state.quotas.set('*', { role: '*', limits: { cpus: { value: 1 } } });
    state.weights.set('dev', 1);
    expect(text(roles(state))).toEqual(text(golden('mid-master-roles-hierarchical')));
    expect(await answer(state, 'GET_ROLES')).toEqual(golden('mid-op-GET_ROLES-hierarchical'));
  });
});

describe('the registry', () => {
  it('holds the agents and the master in the shape of Mesos', async () => {
    const { machines, ...shown } = registryJson(busy()) as Record<string, unknown>;
    expect(machines).toEqual({});
    expect(shown).toEqual({
      ...(golden('busy-master-registrar_registry') as object),
      unreachable: {},
      gone: {},
    });
  });

  it('holds agents that are unreachable or gone', async () => {
    const state = emptyState();
    const info = { hostname: 'localhost' };
    state.unreachableAgents.set('S0', { info, isDeactivated: false, unreachableMs: 1795364826370 });
    state.goneAgents.set('S1', { goneMs: 1795364839663 });
    expect(registryJson(state)).toMatchObject({
      unreachable: {
        slaves: [
          { deactivated: false, id: { value: 'S0' }, timestamp: { nanoseconds: 1795364826370000000 } },
        ],
      },
      gone: { slaves: [{ id: { value: 'S1' }, timestamp: { nanoseconds: 1795364839663000000 } }] },
    });
  });
});

const FRAMEWORKS = 'mid-op-GET_FRAMEWORKS-disconnected';
const ALLOCATED = { cpus: 0.2, mem: 32 };

const taskOf = (frameworkId: string, amounts: Record<string, number>, role = 'golden'): Task => ({
  name: 'task',
  task_id: { value: 'task' },
  framework_id: { value: frameworkId },
  agent_id: { value: '94cbf573-2f4c-4d18-a211-1026aa66cd1f-S0' },
  state: 'TASK_RUNNING',
  resources: Object.entries(amounts).map(([name, value]) => ({
    name,
    type: 'SCALAR',
    scalar: { value },
    allocation_info: { role },
  })),
});

const answer = async (state: MasterState, type: Call['type']): Promise<unknown> => {
  const verbosity = new Verbosity(new VirtualClock(), silentLog);
  const documents = { usedBy: async () => finish(new ClusterViews(state).usedBy()) };
  const visibility = visibilityOf(undefined, undefined);
  const ownLog = new OwnLog(undefined);
  const options = {
    state,
    facts: FACTS,
    metrics: async () => ({}),
    verbosity,
    documents,
    ownLog,
    visibility,
  };
  const long = longRead(type);
  if (long) {
    const read = (codec: Codec): Buffer =>
      Buffer.concat(finish(messageBody(codec, long(viewOf(state), new Fragments()))).chunks);
    const shown = JSON.parse(read(jsonCodec).toString());
    // In protobuf an empty list and none are the same.
    const message = protobufCodec.decode<object>('mesos.v1.master.Response', read(protobufCodec));
    const again = protobufCodec.encode(
      'mesos.v1.master.Response',
      jsonCodec.decode('mesos.v1.master.Response', read(jsonCodec)),
    );
    expect(protobufCodec.encode('mesos.v1.master.Response', message)).toEqual(again);
    return shown;
  }
  const response = await answerRead({ type } as Call, options);
  return response && withDefaults('mesos.v1.master.Response', response);
};
