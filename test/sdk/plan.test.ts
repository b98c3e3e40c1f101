import { expect, it } from 'vitest';
import { viewPlan } from '../../src/sdk/service/plan.ts';
import { readSpec } from '../../src/sdk/service/read-spec.ts';
import { emptyState, type TaskRecord } from '../../src/sdk/service/state.ts';
import { targetsOf } from '../../src/sdk/service/turn.ts';

const spec = readSpec({
  name: 'it.yml',
  text: 'name: it\npods: { web: { count: 1, tasks: { server: { goal: RUNNING, cmd: serve, cpus: 1, memory: 32 } } } }',
  variables: {},
  defaultUser: 'me',
});

const RUN: TaskRecord = {
  id: 'web-0-server__1.a',
  agentId: 'S0',
  state: 'TASK_RUNNING',
  message: undefined,
  startedMs: 0,
  isReady: false,
  isHealthy: undefined,
  isDone: false,
  wasDeployed: false,
  isEnding: false,
  failures: 0,
  notBeforeMs: 0,
};

const stepOf = (task: Partial<TaskRecord> | undefined): string => {
  const state = emptyState();
  if (task) state.tasks.set('web-0-server', { ...RUN, ...task } as TaskRecord);
  const { phases } = viewPlan({ spec, targets: targetsOf(spec), state, peers: new Map(), nowMs: 10 });
  const [step] = phases.flatMap(({ steps }) => steps);
  return `${step?.status} ${step?.message}`.trim();
};

it('says what a task waits for', () => {
  expect(stepOf(undefined)).toBe('PENDING');
  expect(stepOf({ state: 'TASK_STAGING', message: 'fetching' })).toBe('STARTING fetching');
  expect(stepOf({ isReady: true, isHealthy: false })).toBe('STARTED fails its health check');
  expect(stepOf({ isReady: true })).toBe('COMPLETE');
});

it('says that a task fails, while it is started again and while it waits for that', () => {
  expect(stepOf({ state: 'TASK_FAILED', message: 'no java', failures: 1, notBeforeMs: 20 })).toBe(
    'DELAYED TASK_FAILED: no java',
  );
  expect(stepOf({})).toBe('STARTED not ready yet');
  expect(stepOf({ failures: 1 })).toBe('STARTED not ready yet; the run before ended too early');
  expect(stepOf({ failures: 3 })).toBe('STARTED not ready yet; 3 runs before ended too early');
});
