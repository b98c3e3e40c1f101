import { describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/mesos/generated/mesos.ts';
import { allocated, mountDisk, reserved, revocable, usedBy } from './resources.ts';
import { Scenario } from './scenario.ts';

const DAY = 24 * 3600 * 1000;

const dynamicallyReserved = (text: string, role: string): Resource[] =>
  reserved(text).map((resource) => ({ ...resource, reservations: [{ type: 'DYNAMIC', role }] }));

describe('guarantees', () => {
  it('hold back for their role what is not refused by others only', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:2;mem:1024');
    cluster.addFramework('f1@Q');
    cluster.addFramework('f2@N');
    expect(cluster.addAgent('A1', 'cpus:1;mem:512')).toEqual(['A1->f1']);
    expect(cluster.addAgent('A2', 'cpus:1;mem:512')).toEqual(['A2->f1']);
    cluster.giveAllBack('A2->f1', 2000);
    expect(cluster.tick()).toEqual([]);
    expect(cluster.tick()).toEqual(['A2->f1']);
  });

  it('end with the quota', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:2;mem:1024');
    cluster.addFramework('f1@Q');
    expect(cluster.addAgent('A1', 'cpus:1;mem:512')).toEqual(['A1->f1']);
    expect(cluster.addAgent('A2', 'cpus:1;mem:512')).toEqual(['A2->f1']);
    expect(cluster.addFramework('f2@N')).toEqual([]);
    expect(cluster.allocator.role('Q')?.quota).toEqual({
      guarantees: { cpus: 2, mem: 1024 },
      limits: { cpus: 2, mem: 1024 },
    });
    cluster.allocator.setQuota('Q', undefined);
    expect(cluster.allocator.role('Q')?.quota).toBeUndefined();
    cluster.giveAllBack('A1->f1');
    expect(cluster.tick()).toEqual(['A1->f2']);
  });

  it('are for the frameworks of the role in their order', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:4;mem:2048');
    cluster.addFramework('f1a@Q');
    cluster.addFramework('f2@N');
    expect(cluster.addAgent('A1', 'cpus:1;mem:512')).toEqual(['A1->f1a']);
    expect(cluster.addFramework('f1b@Q')).toEqual([]);
    expect(cluster.addAgent('A2', 'cpus:2;mem:1024')).toEqual(['A2->f1b']);
    expect(cluster.addAgent('A3', 'cpus:1;mem:512')).toEqual(['A3->f1a']);
    cluster.giveAllBack('A3->f1a', 5000);
    expect(cluster.tick()).toEqual(['A3->f1b']);
  });

  it('take from an agent what they need, and leave the rest', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:0.5;mem:200');
    cluster.addFramework('f1@Q');
    expect(cluster.addAgent('A', 'cpus:1;mem:512')).toEqual(['A->f1 cpus:0.5;mem:200']);
    expect(cluster.addFramework('f2@N')).toEqual(['A->f2 cpus:0.5;mem:312']);
  });

  it('leave the rest to others in the same run', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:0.5;mem:200');
    cluster.setQuota('later', 'cpus:0.1;mem:100');
    cluster.addFramework('f1@Q');
    cluster.addFramework('f2@N');
    expect(cluster.addAgent('A', 'cpus:1;mem:512')).toEqual([
      'A->f1 cpus:0.5;mem:200',
      'A->f2 cpus:0.4;mem:212',
    ]);
  });

  it('hold back the same amount however often the rest changes hands', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:1');
    cluster.addFramework('f@N');
    expect(cluster.addAgent('A', 'cpus:4')).toEqual(['A->f cpus:3']);
    for (let round = 0; round < 5; round++) {
      cluster.giveAllBack('A->f');
      expect(cluster.tick()).toEqual(['A->f cpus:3']);
    }
  });

  it('give disks that cannot be divided only when they fit', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:2;mem:2048;disk:150');
    cluster.addFramework('f@Q');
    const small = reserved('cpus:0.5;mem:512');
    expect(cluster.addAgent('A1', [...small, mountDisk('/m1', 100)])).toEqual(['A1->f']);
    expect(cluster.addAgent('A2', [...small, mountDisk('/m2', 100)])).toEqual(['A2->f cpus:0.5;mem:512']);
    expect(cluster.addAgent('A3', 'cpus:2;mem:2048;disk:150')).toEqual(['A3->f cpus:1;disk:50;mem:1024']);
  });

  it('are met by divisible and indivisible disks together', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:1;mem:512;disk:100');
    cluster.addFramework('f@Q');
    const total = [...reserved('cpus:1;mem:512;disk:50'), mountDisk('/m', 50)];
    expect(cluster.addAgent('A', total)).toEqual(['A->f']);
  });

  it('of one resource let the others be shared out', () => {
    const cluster = new Scenario();
    const total = 'cpus:1;mem:1024;ports:[1-9]';
    cluster.setQuota('Q1', 'cpus:2');
    cluster.addFramework('f@Q1');
    expect(cluster.addAgent('A1', total)).toEqual(['A1->f']);
    cluster.setQuota('Q2', 'mem:1024');
    expect(cluster.addAgent('A2', total)).toEqual(['A2->f cpus:1;ports:[1-9]']);
    expect(cluster.addAgent('A3', total)).toEqual(['A3->f mem:1024;ports:[1-9]']);
  });

  it('that are met do not hold back anything, however small the share of the role', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:0.25;mem:128');
    cluster.addFramework('f1@Q');
    cluster.addFramework('f2@N');
    const used = usedBy('f1', 'Q', 'cpus:0.25;mem:128');
    expect(cluster.addAgent('A1', 'cpus:1;mem:512', used)).toEqual(['A1->f2 cpus:0.75;mem:384']);
    expect(cluster.addAgent('A2', 'cpus:1;mem:512')).toEqual(['A2->f2']);
  });

  it('come before fair shares from the moment that they are set', () => {
    const cluster = new Scenario();
    cluster.addFramework('f1@Q');
    expect(cluster.addAgent('A1', 'cpus:1;mem:512')).toEqual(['A1->f1']);
    cluster.addFramework('f2@N');
    expect(cluster.addAgent('A2', 'cpus:1;mem:512')).toEqual(['A2->f2']);
    for (let round = 0; round < 3; round++) {
      cluster.giveAllBack('A2->f2', 0);
      expect(cluster.tick()).toEqual(['A2->f2']);
    }
    cluster.giveAllBack('A2->f2', 0);
    cluster.setQuota('Q', 'cpus:2;mem:1024');
    expect(cluster.tick()).toEqual(['A2->f1']);
  });

  it('hold back headroom for roles that have no frameworks yet', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:2;mem:1024');
    cluster.addFramework('f@N');
    expect(cluster.addAgent('A1', 'cpus:2;mem:1024')).toEqual([]);
    expect(cluster.addAgent('A2', 'cpus:2;mem:1024')).toEqual(['A2->f']);
    expect(cluster.tick()).toEqual([]);
  });

  it('may add up to more than the cluster has', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q1', 'cpus:1;mem:1024');
    cluster.setQuota('Q2', 'cpus:2;mem:2048');
    cluster.addFramework('f@Q2');
    expect(cluster.addAgent('A', 'cpus:2;mem:2048')).toEqual(['A->f']);
  });

  it('are met one beside the other', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q1', 'cpus:1;mem:200');
    cluster.setQuota('Q2', 'cpus:2;mem:2000');
    cluster.addFramework('f1@Q1');
    cluster.addFramework('f2@Q2');
    cluster.addAgent('A1', 'cpus:1;mem:1024', usedBy('f1', 'Q1', 'cpus:1;mem:1024'));
    cluster.addAgent('A2', 'cpus:1;mem:1024', usedBy('f2', 'Q2', 'cpus:1;mem:1024'));
    expect(cluster.addAgent('A3', 'cpus:2;mem:2048')).toEqual(['A3->f2 cpus:1;mem:976']);
  });

  it('are met by reservations in use as well', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:2;mem:256');
    cluster.addFramework('f1@Q');
    cluster.addFramework('f2@N');
    const total = [...reserved('cpus:8'), ...reserved('mem:256', 'Q')];
    const used = allocated([...reserved('cpus:2'), ...reserved('mem:256', 'Q')], 'Q');
    expect(cluster.addAgent('A1', total, { used: new Map([['f1', used]]) })).toEqual(['A1->f2 cpus:6']);
    expect(cluster.addAgent('A2', 'cpus:4')).toEqual(['A2->f2']);
  });

  it('are not met by the reservations of others, which are not headroom either', () => {
    const cluster = new Scenario();
    cluster.addAgent('A1', 'cpus:4;mem:512');
    cluster.addAgent('A2', 'cpus:4;mem:512');
    const resources = dynamicallyReserved('cpus:4;mem:512', 'N');
    expect(cluster.operate('A2', { type: 'RESERVE', reserve: { resources } })).toBe(true);
    cluster.setQuota('Q', 'cpus:4;mem:512');
    expect(cluster.addFramework('f1@Q')).toEqual(['A1->f1']);
    cluster.giveAllBack('A1->f1', 10_000);
    expect(cluster.tick()).toEqual([]);
    expect(cluster.addFramework('f2@N')).toEqual(['A2->f2']);
    cluster.giveAllBack('A2->f2', 10_000);
    expect(cluster.tick()).toEqual([]);
  });

  it('let others have what is reserved for them', () => {
    const cluster = new Scenario();
    const ofN = reserved('cpus:2;mem:2048', 'N');
    cluster.addAgent('A1', [...reserved('cpus:2;mem:2048'), ...ofN]);
    cluster.setQuota('Q', 'cpus:2;mem:2048');
    expect(cluster.addFramework('f1@Q')).toEqual(['A1->f1 cpus:2;mem:2048']);
    cluster.giveAllBack('A1->f1', DAY);
    expect(cluster.addFramework('f2@N')).toEqual(['A1->f2 cpus(N):2;mem(N):2048']);
  });

  it('that reservations exceed do not hold back less for other roles', () => {
    const cluster = new Scenario();
    cluster.addAgent('A1', reserved('cpus:2;mem:2048', 'W'));
    cluster.setQuota('W', 'cpus:1;mem:1024');
    cluster.setQuota('N2', 'cpus:1;mem:1024');
    expect(cluster.addFramework('f@other')).toEqual([]);
    expect(cluster.addAgent('A2', 'cpus:1;mem:1024')).toEqual([]);
    expect(cluster.addAgent('A3', 'cpus:1;mem:1024')).toEqual(['A3->f']);
  });

  it('do not count what others were offered of their reservations as headroom', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:1;mem:1024');
    cluster.addAgent('A1', reserved('cpus:1;mem:1024', 'a'));
    expect(cluster.addFramework('f1@a/b')).toEqual(['A1->f1']);
    expect(cluster.addFramework('f2@N')).toEqual([]);
    expect(cluster.addAgent('A2', 'cpus:1;mem:1024')).toEqual([]);
    expect(cluster.addAgent('A3', 'cpus:1;mem:1024')).toEqual(['A3->f2']);
    expect(cluster.tick()).toEqual([]);
  });

  it('keep their headroom beside roles within each other', () => {
    const cluster = new Scenario();
    const size = 'cpus:1;mem:1024';
    cluster.addFramework('f1@a');
    expect(cluster.addAgent('A1', size)).toEqual(['A1->f1']);
    cluster.addFramework('f2@a/b');
    expect(cluster.addAgent('A2', size)).toEqual(['A2->f2']);
    cluster.setQuota('Q', size);
    expect(cluster.addAgent('A3', size)).toEqual([]);
    expect(cluster.addAgent('A4', size)).toHaveLength(1);
    expect(cluster.tick()).toEqual([]);
  });

  it('bring other resources with them only as far as headroom goes', () => {
    const cluster = new Scenario();
    cluster.allocator.setQuota('Q1', { guarantees: { cpus: 1 }, limits: {} });
    cluster.allocator.setQuota('Q2', { guarantees: { cpus: 2 }, limits: {} });
    cluster.addFramework('f@Q1', { capabilities: ['REVOCABLE_RESOURCES'] });
    const others = [...reserved('disk:7', 'Q1'), revocable('cpus', 5)];
    const total = [...reserved('cpus:4;mem:1024;ports:[1-9]'), ...others];
    expect(cluster.addAgent('A', total)).toEqual(['A->f cpus:2;cpus{REV}:5;disk(Q1):7;mem:1024;ports:[1-9]']);
  });

  it('are kept for a role of which all frameworks are suppressed', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:1;mem:512');
    cluster.addFramework('f1@Q', { suppressedRoles: ['Q'] });
    cluster.addFramework('f2@N');
    expect(cluster.addAgent('A', 'cpus:3;mem:1024')).toEqual(['A->f2 cpus:2;mem:512']);
    cluster.allocator.revive('f1');
    expect(cluster.run()).toEqual(['A->f1 cpus:1;mem:512']);
  });

  it('hold back no revocable resources, which do not meet them either', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:2');
    cluster.addFramework('f@N', { capabilities: ['REVOCABLE_RESOURCES'] });
    const total = [...reserved('cpus:2;mem:512'), revocable('cpus', 4)];
    expect(cluster.addAgent('A', total)).toEqual(['A->f cpus{REV}:4;mem:512']);
  });

  it('reach a role whose framework comes last', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:1;mem:100');
    cluster.addFramework('f1@N');
    expect(cluster.addAgent('A', 'cpus:4;mem:1000')).toEqual(['A->f1 cpus:3;mem:900']);
    expect(cluster.addFramework('f2@Q')).toEqual(['A->f2 cpus:1;mem:100']);
  });
});
