import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../src/marathon/core/instance.ts';
import { conditionOf, isNews, taskStateOf } from '../../../src/marathon/core/task-condition.ts';
import type { TaskState } from '../../../src/mesos/generated/mesos.ts';

describe('the condition of an instance', () => {
  it.each<[TaskState, Condition]>([
    ['TASK_STAGING', 'Staging'],
    ['TASK_STARTING', 'Starting'],
    ['TASK_RUNNING', 'Running'],
    ['TASK_KILLING', 'Killing'],
    ['TASK_FINISHED', 'Finished'],
    ['TASK_FAILED', 'Failed'],
    ['TASK_KILLED', 'Killed'],
    ['TASK_ERROR', 'Error'],
    ['TASK_DROPPED', 'Dropped'],
    ['TASK_UNREACHABLE', 'Unreachable'],
    ['TASK_GONE', 'Gone'],
    ['TASK_GONE_BY_OPERATOR', 'Gone'],
    ['TASK_UNKNOWN', 'Unknown'],
    ['TASK_LOST', 'Gone'],
  ])('after %s is %s', (state, condition) => {
    expect(conditionOf({ state })).toBe(condition);
  });

  it.each([
    ['REASON_RECONCILIATION', 'Unreachable'],
    ['REASON_AGENT_DISCONNECTED', 'Unreachable'],
    ['REASON_AGENT_REMOVED', 'Unreachable'],
    ['REASON_TASK_UNKNOWN', 'Unknown'],
    ['REASON_EXECUTOR_TERMINATED', 'Gone'],
  ] as const)('after TASK_LOST for %s is %s', (reason, condition) => {
    expect(conditionOf({ state: 'TASK_LOST', reason })).toBe(condition);
  });
});

describe('a status', () => {
  it.each<[known: Condition, told: Condition, isSo: boolean]>([
    ['Provisioned', 'Staging', true],
    ['Staging', 'Running', true],
    ['Running', 'Running', true],
    ['Running', 'Staging', false],
    ['Killing', 'Running', false],
    ['Running', 'Unreachable', true],
    ['Unreachable', 'Running', true],
    ['Killing', 'Killed', true],
    ['Staging', 'Failed', true],
  ])('of an instance that is %s, saying %s, is news: %s', (known, told, isSo) => {
    expect(isNews(known, told)).toBe(isSo);
  });
});

describe('what the API calls the state of a task', () => {
  it.each<[Condition, string]>([
    ['Provisioned', 'TASK_STAGING'],
    ['Staging', 'TASK_STAGING'],
    ['Running', 'TASK_RUNNING'],
    ['Unreachable', 'TASK_UNREACHABLE'],
    ['UnreachableInactive', 'TASK_UNREACHABLE'],
    ['Killed', 'TASK_KILLED'],
    ['Dropped', 'TASK_DROPPED'],
  ])('%s is %s', (condition, state) => {
    expect(taskStateOf(condition)).toBe(state);
  });
});
