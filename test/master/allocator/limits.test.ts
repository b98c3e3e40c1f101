import { describe, expect, it } from 'vitest';
import { reserved, revocable, sharedVolume, usedBy } from './resources.ts';
import { amountsOf, Scenario } from './scenario.ts';

const DAY = 24 * 3600 * 1000;

describe('limits', () => {
  it('count reservations that nobody uses', () => {
    const cluster = new Scenario();
    cluster.addAgent('A1', reserved('cpus:1;mem:1024', 'Q'));
    cluster.setQuota('Q', 'cpus:1;mem:1024');
    expect(cluster.addFramework('f@Q')).toEqual(['A1->f']);
    cluster.giveAllBack('A1->f', DAY);
    expect(cluster.addAgent('A2', 'cpus:1;mem:1024')).toEqual([]);
  });

  it('let a role have what is between its reservations and them', () => {
    const cluster = new Scenario();
    cluster.addAgent('A1', reserved('cpus:1;mem:1024', 'Q'));
    cluster.setQuota('Q', 'cpus:2;mem:2048');
    expect(cluster.addFramework('f@Q')).toEqual(['A1->f']);
    cluster.giveAllBack('A1->f', DAY);
    expect(cluster.addAgent('A2', 'cpus:1;mem:1024')).toEqual(['A2->f']);
    expect(cluster.addAgent('A3', 'cpus:1;mem:1024')).toEqual([]);
  });

  it('count a shared volume once', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:3;mem:2048;disk:100');
    cluster.addAgent('A1', reserved('cpus:2;mem:1024;disk:50', 'Q'));
    expect(cluster.addFramework('f@Q', { capabilities: ['SHARED_RESOURCES'] })).toEqual(['A1->f']);
    cluster.accept('A1->f', { type: 'CREATE', create: { volumes: [sharedVolume('v', 50, 'Q')] } });
    cluster.giveBack('A1->f', reserved('cpus:1;mem:512', 'Q'));
    expect(cluster.tick()).toEqual(['A1->f cpus(Q):1;disk(Q)[v]<SHARED>:50;mem(Q):512']);
    expect(cluster.addAgent('A2', 'cpus:1;mem:1024;disk:50')).toEqual(['A2->f']);
    expect(cluster.addAgent('A3', 'cpus:0.5;mem:512;disk:50')).toEqual([]);
  });

  it('count what is reserved of allocated resources once', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:10;mem:1024');
    cluster.addFramework('f@Q');
    expect(cluster.addAgent('A1', 'cpus:5;mem:512')).toEqual(['A1->f']);
    const resources = reserved('cpus:5;mem:512', 'Q');
    cluster.accept('A1->f', { type: 'RESERVE', reserve: { resources } });
    expect(cluster.allocation('A1->f')).toBe('cpus(Q):5;mem(Q):512');
    expect(cluster.addAgent('A2', 'cpus:10;mem:1024')).toEqual(['A2->f cpus:5;mem:512']);
  });

  it('count what is unreserved while it is allocated', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:1;mem:1024');
    cluster.addFramework('f@Q');
    const resources = reserved('cpus:1;mem:1024', 'Q');
    expect(cluster.addAgent('A1', resources)).toEqual(['A1->f']);
    expect(cluster.addAgent('A2', 'cpus:1;mem:1024')).toEqual([]);
    cluster.accept('A1->f', { type: 'UNRESERVE', unreserve: { resources } });
    expect(cluster.tick()).toEqual([]);
  });

  it('without guarantees are limits, zero included', () => {
    const cluster = new Scenario();
    const size = 'cpus:2;mem:1024;disk:1024';
    cluster.allocator.setQuota('*', { guarantees: {}, limits: amountsOf('cpus:0;mem:0;disk:0') });
    cluster.addFramework('f1@*');
    expect(cluster.addAgent('A1', size)).toEqual([]);
    expect(cluster.addFramework('f2@N')).toEqual(['A1->f2']);
    cluster.allocator.setQuota('*', { guarantees: {}, limits: amountsOf('cpus:1;mem:512;disk:512') });
    expect(cluster.addAgent('A2', size)).toEqual([
      'A2->f1 cpus:1;disk:512;mem:512',
      'A2->f2 cpus:1;disk:512;mem:512',
    ]);
  });

  it('cut an offer down to them', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:4;mem:1024');
    cluster.addFramework('f@Q');
    expect(cluster.addAgent('A1', 'cpus:2;mem:1024')).toEqual(['A1->f']);
    expect(cluster.addAgent('A2', 'cpus:2;mem:1024')).toEqual(['A2->f cpus:2']);
  });

  it('of one resource leave the others alone', () => {
    const cluster = new Scenario();
    cluster.allocator.setQuota('Q', { guarantees: {}, limits: { cpus: 1 } });
    cluster.addFramework('f@Q');
    expect(cluster.addAgent('A', 'cpus:2;mem:1024;disk:9;ports:[1-9]')).toEqual([
      'A->f cpus:1;disk:9;mem:1024;ports:[1-9]',
    ]);
  });

  it('do not count revocable resources', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:1;mem:512');
    cluster.addFramework('f@Q', { capabilities: ['REVOCABLE_RESOURCES'] });
    const size = [...reserved('cpus:1;mem:512'), revocable('cpus', 4)];
    expect(cluster.addAgent('A1', size)).toEqual(['A1->f']);
    expect(cluster.addAgent('A2', size)).toEqual(['A2->f cpus{REV}:4']);
  });

  it('that are set below what a role has take nothing from it', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@Q');
    expect(cluster.addAgent('A1', 'cpus:4;mem:1024')).toEqual(['A1->f']);
    cluster.setQuota('Q', 'cpus:1;mem:512');
    expect(cluster.addAgent('A2', 'cpus:4;mem:1024')).toEqual([]);
    expect(cluster.allocation('A1->f')).toBe('cpus:4;mem:1024');
    cluster.giveBack('A1->f', 'cpus:3.5;mem:768');
    expect(cluster.tick()).toEqual([expect.stringMatching(/^A[12]->f cpus:0.5;mem:256$/)]);
  });

  it('count refined reservations for the roles that they were refined from', () => {
    const cluster = new Scenario();
    cluster.setQuota('a', 'cpus:3;mem:1024');
    cluster.addAgent('A1', reserved('cpus:2;mem:512', 'a', 'a/b'));
    cluster.addFramework('f@a');
    expect(cluster.addAgent('A2', 'cpus:4;mem:4096')).toEqual(['A2->f cpus:1;mem:512']);
    expect(cluster.allocator.role('a')?.reserved).toEqual({ cpus: 2, mem: 512 });
    expect(cluster.allocator.role('a/b')?.reserved).toEqual({ cpus: 2, mem: 512 });
  });

  it('count reservations of the roles below', () => {
    const cluster = new Scenario();
    cluster.setQuota('a', 'cpus:2;mem:200');
    cluster.addAgent('A1', reserved('cpus:1;mem:100', 'a/b'));
    cluster.addFramework('f@a');
    expect(cluster.addAgent('A2', 'cpus:10;mem:1000')).toEqual(['A2->f cpus:1;mem:100']);
  });

  it('are not those of the roles below', () => {
    const cluster = new Scenario();
    const size = 'cpus:1;mem:1024';
    cluster.addFramework('f1@a/b');
    expect(cluster.addAgent('A1', size)).toEqual(['A1->f1']);
    cluster.setQuota('a', size);
    expect(cluster.addFramework('f2@a')).toEqual([]);
    expect(cluster.addAgent('A2', size)).toEqual(['A2->f1']);
  });

  it('count what frameworks have that are not there (yet, or any more)', () => {
    const cluster = new Scenario();
    cluster.setQuota('Q', 'cpus:2;mem:1024');
    cluster.addFramework('f@Q');
    const used = usedBy('stranger', 'Q', 'cpus:1;mem:512');
    expect(cluster.addAgent('A', 'cpus:4;mem:4096', used)).toEqual(['A->f cpus:1;mem:512']);
  });
});

describe('quotas and shared volumes', () => {
  it.each([true, false])('offer a shared volume that is in use, with a quota: %s', (hasQuota) => {
    const cluster = new Scenario();
    if (hasQuota) cluster.setQuota('r', 'cpus:2;mem:1024;disk:100');
    const capabilities = ['SHARED_RESOURCES' as const];
    cluster.addFramework('f1@r', { capabilities });
    const total = [...reserved('cpus:2;mem:1024'), ...reserved('disk:100', 'r')];
    expect(cluster.addAgent('A', total)).toEqual(['A->f1']);
    cluster.accept('A->f1', { type: 'CREATE', create: { volumes: [sharedVolume('v', 5, 'r')] } });
    expect(cluster.addFramework('f2@r', { capabilities })).toEqual([]);
    cluster.giveBack('A->f1', [...reserved('cpus:1;mem:924'), ...reserved('disk:95', 'r')]);
    expect(cluster.allocation('A->f1')).toBe('cpus:1;disk(r)[v]<SHARED>:5;mem:100');
    expect(cluster.tick()).toEqual(['A->f2 cpus:1;disk(r):95;disk(r)[v]<SHARED>:5;mem:924']);
  });
});
