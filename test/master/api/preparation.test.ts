import { describe, expect, it } from 'vitest';
import { ClusterViews } from '../../../src/master/api/documents/cluster-views.ts';
import { Fragments } from '../../../src/master/api/documents/fragments.ts';
import { Preparation } from '../../../src/master/api/documents/preparation.ts';
import { prepareState } from '../../../src/master/api/state-json.ts';
import type { Response } from '../../../src/mesos/generated/master.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { golden, stateOf } from './sample-state.ts';

const preparing = () => {
  const clock = new VirtualClock();
  let passes = 0;
  const preparation = new Preparation({
    clock,
    steps: function* () {
      passes++;
      yield;
    },
  });
  return { clock, preparation, passes: () => passes };
};

describe('preparing ahead', () => {
  it('begins when nothing was heard of agents for a second', () => {
    const { clock, preparation, passes } = preparing();
    for (let arrivals = 0; arrivals < 5; arrivals++) {
      preparation.changed({ isArrival: true });
      clock.advance(900);
    }
    expect(passes()).toBe(0);
    clock.advance(200);
    expect(passes()).toBe(1);
  });

  it('goes over everything once after many changes, and not at all without any', () => {
    const { clock, preparation, passes } = preparing();
    clock.advance(60_000);
    expect(passes()).toBe(0);
    for (let changes = 0; changes < 40; changes++) {
      preparation.changed({ isArrival: false });
      clock.advance(100);
    }
    clock.advance(60_000);
    expect(passes()).toBe(1);
    preparation.changed({ isArrival: false });
    clock.advance(60_000);
    expect(passes()).toBe(2);
  });

  it('is over when the master is', () => {
    const { clock, preparation, passes } = preparing();
    preparation.changed({ isArrival: true });
    preparation.close();
    preparation.changed({ isArrival: true });
    clock.advance(60_000);
    expect(passes()).toBe(0);
  });

  it('leaves nothing to be made of tasks and agents', () => {
    const state = stateOf(golden('busy-op-GET_STATE') as Response);
    const views = new ClusterViews(state);
    const fragments = new Fragments();
    for (const _step of prepareState(state, views, fragments));
    const refuse = (): never => {
      throw new Error('It is not there yet');
    };
    const tasks = [...state.frameworks.values()].flatMap((framework) => [...framework.tasks.values()]);
    expect(tasks.length).toBeGreaterThan(0);
    for (const task of tasks) expect(fragments.of('v0 task', task, refuse)).toContain(task.task_id.value);
    for (const agent of views.take().agents)
      expect(fragments.of('v0 agent', agent, refuse)).toContain(agent.id);
  });
});
