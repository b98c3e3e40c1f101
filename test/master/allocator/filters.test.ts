import { describe, expect, it } from 'vitest';
import { refuseMs } from '../../../src/master/allocator/refuse-ms.ts';
import { Scenario } from './scenario.ts';

const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;
const AGENT = 'cpus:1;mem:512';

describe('filters', () => {
  it('keep an agent from the framework that refused it until they are over', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@r');
    expect(cluster.addAgent('A', AGENT)).toEqual(['A->f']);
    cluster.giveAllBack('A->f', 2 * SECOND);
    expect(cluster.tick()).toEqual([]);
    expect([...cluster.allocator.activeFilters(cluster.nowMs)]).toEqual([['r', 1]]);
    expect(cluster.tick()).toEqual(['A->f']);
    expect([...cluster.allocator.activeFilters(cluster.nowMs)]).toEqual([]);
  });

  it('outlast the next run, however short they are', () => {
    const cluster = new Scenario({ allocationIntervalMs: 60 * SECOND });
    cluster.addFramework('f1@r');
    expect(cluster.addAgent('A1', AGENT)).toEqual(['A1->f1']);
    expect(cluster.addFramework('f2@r')).toEqual([]);
    expect(cluster.addAgent('A2', AGENT)).toEqual(['A2->f2']);
    cluster.giveAllBack('A2->f2', SECOND);
    cluster.nowMs += SECOND;
    expect(cluster.tick()).toEqual(['A2->f1']);
    cluster.giveAllBack('A2->f1');
    expect(cluster.tick()).toEqual(['A2->f2']);
  });

  it('last for an allocation interval at least, however often the agent is looked at', () => {
    const cluster = new Scenario({ allocationIntervalMs: 60 * SECOND });
    cluster.addFramework('f@r');
    expect(cluster.addAgent('A', AGENT)).toEqual(['A->f']);
    cluster.giveAllBack('A->f', SECOND);
    for (cluster.nowMs = SECOND; cluster.nowMs < 60 * SECOND; cluster.nowMs += SECOND) {
      expect(cluster.run('A')).toEqual([]);
    }
    expect(cluster.run('A')).toEqual(['A->f']);
  });

  it('are of no effect when a framework refuses for no time', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@r');
    cluster.addAgent('A', AGENT);
    cluster.giveAllBack('A->f', 0);
    expect(cluster.tick()).toEqual(['A->f']);
  });

  it('let more than what was refused pass', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@r');
    cluster.addAgent('A', 'cpus:2;mem:1024');
    cluster.giveBack('A->f', 'cpus:1;mem:512', DAY);
    expect(cluster.tick()).toEqual([]);
    cluster.giveBack('A->f', 'cpus:0.5;mem:100');
    expect(cluster.tick()).toEqual(['A->f cpus:1.5;mem:612']);
  });

  it('are dropped when attributes of the agent change', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@r');
    expect(cluster.addAgent('A', AGENT)).toEqual(['A->f']);
    cluster.giveAllBack('A->f', 2 * SECOND);
    const info = { hostname: 'A' };
    expect(cluster.updateAgent('A', { info })).toEqual([]);
    const attributes = [{ name: 'rack', type: 'TEXT' as const, text: { value: 'r1' } }];
    expect(cluster.updateAgent('A', { info: { ...info, attributes } })).toEqual(['A->f']);
  });

  it('are dropped with their agent', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@r');
    cluster.addAgent('A', AGENT);
    cluster.giveAllBack('A->f', DAY);
    cluster.allocator.removeAgent('A');
    expect([...cluster.allocator.activeFilters(cluster.nowMs)]).toEqual([]);
    expect(cluster.addAgent('A', AGENT)).toEqual(['A->f']);
  });

  it('are cleared by a revival', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@r');
    expect(cluster.addAgent('A', AGENT)).toEqual(['A->f']);
    cluster.giveAllBack('A->f', 1000 * SECOND);
    expect(cluster.tick()).toEqual([]);
    cluster.allocator.revive('f');
    expect(cluster.run()).toEqual(['A->f']);
  });

  it('are cleared when the framework is deactivated', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@r');
    cluster.addAgent('A', AGENT);
    cluster.giveAllBack('A->f', DAY);
    cluster.allocator.deactivateFramework('f');
    expect([...cluster.allocator.activeFilters(cluster.nowMs)]).toEqual([]);
    expect(cluster.tick()).toEqual([]);
    cluster.allocator.activateFramework('f');
    expect(cluster.run()).toEqual(['A->f']);
  });

  it('are bounded in number, for ranges that are refused one by one', () => {
    const cluster = new Scenario({ minAllocatable: [] });
    cluster.addFramework('f@r');
    cluster.addAgent('A', 'ports:[0-999]');
    for (let port = 0; port < 100; port++) cluster.giveBack('A->f', `ports:[${port * 2}-${port * 2}]`, DAY);
    expect(cluster.allocator.activeFilters(cluster.nowMs).get('r')).toBe(32);
  });

  it('are one when the same is refused again', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@r');
    cluster.addAgent('A', AGENT);
    for (let round = 1; round < 5; round++) {
      cluster.giveAllBack('A->f', 2 * SECOND);
      expect(cluster.allocator.activeFilters(cluster.nowMs).get('r')).toBe(1);
      cluster.tick();
      expect(cluster.tick()).toEqual(['A->f']);
    }
  });

  it('last for a call as its refuse_seconds say', () => {
    expect(refuseMs(undefined)).toBe(5000);
    expect(refuseMs({})).toBe(5000);
    expect(refuseMs({ refuse_seconds: 0 })).toBe(0);
    expect(refuseMs({ refuse_seconds: 0.25 })).toBe(250);
    expect(refuseMs({ refuse_seconds: -1 })).toBe(5000);
    expect(refuseMs({ refuse_seconds: Number.NaN })).toBe(5000);
    expect(refuseMs({ refuse_seconds: 1e12 })).toBe(365 * DAY);
  });
});

describe('suppression', () => {
  it('outlives deactivation and ends with a revival', () => {
    const cluster = new Scenario();
    cluster.addAgent('A', AGENT);
    expect(cluster.addFramework('f@r')).toEqual(['A->f']);
    cluster.giveAllBack('A->f');
    cluster.allocator.suppress('f');
    expect(cluster.tick()).toEqual([]);
    cluster.allocator.deactivateFramework('f');
    expect(cluster.tick()).toEqual([]);
    cluster.allocator.activateFramework('f');
    expect(cluster.run()).toEqual([]);
    cluster.allocator.revive('f');
    expect(cluster.run()).toEqual(['A->f']);
    cluster.allocator.revive('f');
    expect(cluster.run()).toEqual([]);
  });

  it('and revival can be of single roles, with their filters', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@role1,role2');
    cluster.allocator.suppress('f', ['role1']);
    expect(cluster.addAgent('A', AGENT)).toEqual(['A->f@role2']);
    cluster.giveAllBack('A->f@role2', DAY);
    expect(cluster.tick()).toEqual([]);
    cluster.allocator.revive('f', ['role1']);
    expect(cluster.run()).toEqual(['A->f@role1']);
    expect([...cluster.allocator.activeFilters(cluster.nowMs)]).toEqual([['role2', 1]]);
    cluster.giveAllBack('A->f@role1', DAY);
    expect(cluster.tick()).toEqual([]);
    expect(new Map(cluster.allocator.activeFilters(cluster.nowMs))).toEqual(
      new Map([
        ['role1', 1],
        ['role2', 1],
      ]),
    );
  });

  it('is there from the start when a framework comes with suppressed roles', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@role1,role2', { suppressedRoles: ['role1', 'role2'] });
    expect(cluster.addAgent('A', AGENT)).toEqual([]);
    cluster.allocator.revive('f', ['role2']);
    expect(cluster.run()).toEqual(['A->f@role2']);
  });

  it('that an update ends clears the filters of the role', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@r');
    cluster.addAgent('A', AGENT);
    cluster.giveAllBack('A->f', DAY);
    cluster.updateFramework('f@r', { suppressedRoles: ['r'] });
    expect(cluster.tick()).toEqual([]);
    cluster.updateFramework('f@r');
    expect(cluster.tick()).toEqual(['A->f']);
  });
});
