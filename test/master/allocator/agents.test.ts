import { describe, expect, it } from 'vitest';
import { mountDisk, reserved, revocable, sharedVolume, volume } from './resources.ts';
import { AGENT_CAPABILITIES, amountsOf, Scenario } from './scenario.ts';

const AGENT = 'cpus:1;mem:512';

const region = (name: string) => ({ fault_domain: { region: { name }, zone: { name: 'z' } } });

describe('the least that is offered', () => {
  it('is enough of one of the alternatives, reserved and unreserved together', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@r');
    expect(cluster.addAgent('A1', 'cpus:0.005;mem:16')).toEqual([]);
    expect(cluster.addAgent('A2', 'cpus:0.01;mem:16')).toEqual(['A2->f']);
    expect(cluster.addAgent('A3', 'cpus:0.005;mem:32')).toEqual(['A3->f']);
    const halves = (text: string) => [...reserved(text), ...reserved(text, 'r')];
    expect(cluster.addAgent('A4', halves('cpus:0.015;mem:16'))).toEqual(['A4->f']);
    expect(cluster.addAgent('A5', halves('cpus:0.004;mem:15'))).toEqual([]);
    expect(cluster.addAgent('A6', halves('cpus:0.005;mem:15'))).toEqual(['A6->f']);
    expect(cluster.addAgent('A7', halves('cpus:0.004;mem:16'))).toEqual(['A7->f']);
  });

  it('can be less for a framework that says so later', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@r');
    expect(cluster.addAgent('A', 'cpus:0.005;mem:16;disk:128')).toEqual([]);
    const quantities = [{ quantities: { cpus: { value: 0.0033 } } }];
    cluster.updateFramework('f@r', { offerFilters: { r: { min_allocatable_resources: { quantities } } } });
    expect(cluster.tick()).toEqual(['A->f']);
  });

  it('are all that one of several entries names, in the role that they are for', () => {
    const cluster = new Scenario();
    const quantities = [
      { quantities: { cpus: { value: 2 }, mem: { value: 100 } } },
      { quantities: { disk: { value: 50 } } },
    ];
    cluster.addFramework('f@r1', { offerFilters: { r1: { min_allocatable_resources: { quantities } } } });
    expect(cluster.addAgent('A1', 'cpus:2;mem:99;disk:49')).toEqual([]);
    expect(cluster.addAgent('A2', 'cpus:2;mem:100')).toEqual(['A2->f']);
    expect(cluster.addAgent('A3', 'disk:50')).toEqual(['A3->f']);
    cluster.updateFramework('f@r1,r2', {
      offerFilters: { r1: { min_allocatable_resources: { quantities } } },
    });
    expect(cluster.tick()).toEqual(['A1->f@r2']);
  });

  it('can be anything', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@r', { offerFilters: { r: { min_allocatable_resources: {} } } });
    expect(cluster.addAgent('A', 'cpus:0.005;mem:16;disk:128')).toEqual(['A->f']);
  });

  it('is the default where a framework says nothing about it', () => {
    const cluster = new Scenario({ minAllocatable: [amountsOf('cpus:1;mem:100')] });
    cluster.addFramework('f@r', { offerFilters: { r: {} } });
    expect(cluster.addAgent('A1', 'cpus:1;mem:99')).toEqual([]);
    expect(cluster.addAgent('A2', 'cpus:1;mem:100')).toEqual(['A2->f']);
  });
});

describe('operations', () => {
  it('make volumes of offered disks', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@*');
    expect(cluster.addAgent('A', 'cpus:100;mem:100;disk:100')).toEqual(['A->f']);
    cluster.accept('A->f', { type: 'CREATE', create: { volumes: [volume('v', 5)] } });
    cluster.giveAllBack('A->f');
    expect(cluster.tick()).toEqual(['A->f']);
    expect(cluster.allocation('A->f')).toBe('cpus:100;disk:95;disk[v]:5;mem:100');
  });

  it('that the framework has not the resources for change nothing', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@*');
    cluster.addAgent('A', 'cpus:1;disk:4');
    const create = { volumes: [volume('v', 5)] };
    expect(() => cluster.accept('A->f', { type: 'CREATE', create })).toThrow('does not have');
    expect(cluster.allocation('A->f')).toBe('cpus:1;disk:4');
  });

  it('of operators reserve what is available, and nothing of what is offered', () => {
    const cluster = new Scenario();
    cluster.addAgent('A', 'cpus:100;mem:100;disk:100');
    const operation = {
      type: 'RESERVE' as const,
      reserve: { resources: reserved('cpus:25;mem:50', 'role1') },
    };
    expect(cluster.operate('A', operation)).toBe(true);
    expect(cluster.addFramework('f@role1')).toEqual(['A->f']);
    expect(cluster.allocation('A->f')).toBe('cpus(role1):25;cpus:75;disk:100;mem(role1):50;mem:50');
    expect(cluster.operate('A', operation)).toBe(false);
    expect(cluster.allocator.role('role1')?.reserved).toEqual({ cpus: 25, mem: 50 });
  });

  it('of operators do not destroy a shared volume that is in use', () => {
    const cluster = new Scenario();
    const shared = sharedVolume('v', 10, 'r');
    cluster.addAgent('A', [...reserved('cpus:1'), shared]);
    cluster.addFramework('f@r', { capabilities: ['SHARED_RESOURCES'] });
    const destroy = { type: 'DESTROY' as const, destroy: { volumes: [shared] } };
    expect(cluster.operate('A', destroy)).toBe(false);
    cluster.giveAllBack('A->f');
    expect(cluster.operate('A', destroy)).toBe(true);
    expect(cluster.tick()).toEqual(['A->f']);
    expect(cluster.allocation('A->f')).toBe('cpus:1;disk(r):10');
  });
});

describe('shared resources', () => {
  it('are offered only to frameworks that can share them', () => {
    const cluster = new Scenario();
    cluster.addFramework('f1@role1');
    const total = [...reserved('cpus:100;mem:100'), ...reserved('disk:100', 'role1')];
    expect(cluster.addAgent('A', total)).toEqual(['A->f1']);
    cluster.accept('A->f1', { type: 'CREATE', create: { volumes: [sharedVolume('v', 5, 'role1')] } });
    cluster.giveAllBack('A->f1');
    expect(cluster.tick()).toEqual(['A->f1 cpus:100;disk(role1):95;mem:100']);
    cluster.giveAllBack('A->f1');
    expect(cluster.addFramework('f2@role1', { capabilities: ['SHARED_RESOURCES'] })).toEqual(['A->f2']);
    expect(cluster.allocation('A->f2')).toBe('cpus:100;disk(role1):95;disk(role1)[v]<SHARED>:5;mem:100');
  });

  it('are offered once in a run', () => {
    const cluster = new Scenario({ minAllocatable: [] });
    const capabilities = ['SHARED_RESOURCES' as const];
    cluster.addFramework('f1@r', { capabilities });
    cluster.addFramework('f2@r', { capabilities });
    expect(cluster.addAgent('A', [sharedVolume('v', 5, 'r')])).toEqual(['A->f1']);
    expect(cluster.tick()).toEqual(['A->f2']);
  });

  it('can be had in several copies by several tasks', () => {
    const cluster = new Scenario();
    const shared = sharedVolume('v', 5, 'r');
    cluster.addFramework('f@r', { capabilities: ['SHARED_RESOURCES'] });
    cluster.addAgent('A', [...reserved('cpus:1'), shared]);
    cluster.allocator.allocateShared({ frameworkId: 'f', agentId: 'A', role: 'r' }, [shared, shared]);
    const volumes = (count: number): string => Array(count).fill('disk(r)[v]<SHARED>:5').join(';');
    expect(cluster.allocation('A->f')).toBe(`cpus:1;${volumes(3)}`);
    cluster.giveBack('A->f', [shared]);
    expect(cluster.allocation('A->f')).toBe(`cpus:1;${volumes(2)}`);
    expect(cluster.allocator.totals()).toEqual({
      total: { cpus: 1, disk: 5 },
      offeredOrAllocated: { cpus: 1, disk: 5 },
    });
    const other = sharedVolume('other', 5, 'r');
    const owner = { frameworkId: 'f', agentId: 'A', role: 'r' };
    expect(() => cluster.allocator.allocateShared(owner, [other])).toThrow('shared resources');
  });
});

describe('what agents have', () => {
  it('may grow by revocable resources, for frameworks that take them', () => {
    const cluster = new Scenario();
    const size = 'cpus:100;mem:100';
    cluster.addFramework('f@r', { capabilities: ['REVOCABLE_RESOURCES'] });
    expect(cluster.addAgent('A', size)).toEqual(['A->f']);
    const total = [...reserved(size), revocable('cpus', 10)];
    expect(cluster.updateAgent('A', { total })).toEqual(['A->f cpus{REV}:10']);
    cluster.giveBack('A->f', [revocable('cpus', 6), ...reserved('cpus:2')]);
    expect(cluster.tick()).toEqual(['A->f cpus:2;cpus{REV}:6']);
  });

  it('is not offered to others when it is revocable', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@r');
    expect(cluster.addAgent('A', [...reserved(AGENT), revocable('cpus', 10)])).toEqual([
      'A->f cpus:1;mem:512',
    ]);
    expect(cluster.tick()).toEqual([]);
  });

  it('may become less than what is allocated', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@r');
    expect(cluster.addAgent('A', 'cpus:100;mem:100')).toEqual(['A->f']);
    expect(cluster.updateAgent('A', { total: 'cpus:112;mem:100' })).toEqual(['A->f cpus:12']);
    expect(cluster.updateAgent('A', { total: 'cpus:50;mem:50' })).toEqual([]);
    cluster.giveAllBack('A->f');
    expect(cluster.tick()).toEqual(['A->f']);
    expect(cluster.updateAgent('A', { total: 'cpus:100;mem:100' })).toEqual(['A->f cpus:50;mem:50']);
  });

  it('may be ranges, sets and disks that are had whole', () => {
    const cluster = new Scenario();
    const total = [...reserved('cpus:1;ports:[1-5,7-9];zones:{a,b}'), mountDisk('/m', 9)];
    cluster.addFramework('f1@r');
    expect(cluster.addAgent('A', total)).toEqual(['A->f1']);
    cluster.giveBack('A->f1', [...reserved('cpus:0.5;ports:[3-7];zones:{b}'), mountDisk('/m', 9)]);
    expect(cluster.allocation('A->f1')).toBe('cpus:0.5;ports:[1-2, 8-9];zones:a');
    cluster.addFramework('f2@r');
    expect(cluster.allocation('A->f2')).toBe('cpus:0.5;disk[/m]:9;ports:[3-5, 7-7];zones:b');
  });

  it('is not more when more comes back than was allocated', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@r');
    cluster.addAgent('A', AGENT);
    cluster.giveBack('A->f', 'cpus:9;mem:9999;gpus:1');
    expect(cluster.tick()).toEqual(['A->f']);
    expect(cluster.allocator.totals().offeredOrAllocated).toEqual({ cpus: 1, mem: 512 });
  });
});

describe('who can be offered an agent', () => {
  it('are frameworks of several roles only when the agent knows of roles', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@r');
    expect(cluster.addAgent('A', AGENT, { capabilities: new Set() })).toEqual([]);
    expect(cluster.updateAgent('A', { capabilities: AGENT_CAPABILITIES })).toEqual(['A->f']);
  });

  it('are frameworks of roles below others only when the agent knows of them', () => {
    const cluster = new Scenario();
    cluster.addFramework('f1@a/b');
    cluster.addFramework('f2@c');
    const capabilities = new Set(['MULTI_ROLE' as const]);
    expect(cluster.addAgent('A', AGENT, { capabilities })).toEqual(['A->f2']);
  });

  it('are frameworks that can take its refined reservations, whoever comes first', () => {
    const cluster = new Scenario();
    cluster.addFramework('f1@p/c', { capabilities: ['RESERVATION_REFINEMENT'] });
    expect(cluster.addAgent('A1', AGENT)).toEqual(['A1->f1']);
    expect(cluster.addFramework('f2@p/c')).toEqual([]);
    expect(cluster.addAgent('A2', reserved(AGENT, 'p', 'p/c'))).toEqual(['A2->f1']);
  });

  it('are frameworks with GPU_RESOURCES, for agents with GPUs', () => {
    const cluster = new Scenario();
    cluster.addFramework('f1@r');
    expect(cluster.addAgent('A', `${AGENT};gpus:1`)).toEqual([]);
    expect(cluster.addFramework('f2@r', { capabilities: ['GPU_RESOURCES'] })).toEqual(['A->f2']);
    const open = new Scenario({ filterGpuResources: false });
    open.addFramework('f1@r');
    expect(open.addAgent('A', `${AGENT};gpus:1`)).toEqual(['A->f1']);
  });

  it('are frameworks with REGION_AWARE, for agents in other regions', () => {
    const cluster = new Scenario({ domain: region('here') });
    cluster.addFramework('f1@r');
    expect(cluster.addAgent('A1', AGENT, { info: { hostname: 'A1', domain: region('there') } })).toEqual([]);
    expect(cluster.addAgent('A2', AGENT, { info: { hostname: 'A2', domain: region('here') } })).toEqual([
      'A2->f1',
    ]);
    expect(cluster.addFramework('f2@r', { capabilities: ['REGION_AWARE'] })).toEqual(['A1->f2']);
  });

  it('is nobody while the agent is not on the whitelist', () => {
    const cluster = new Scenario();
    cluster.allocator.setWhitelist(new Set(['dummy']));
    cluster.addFramework('f@r');
    expect(cluster.addAgent('A', AGENT, { hostname: 'host' })).toEqual([]);
    expect(cluster.tick()).toEqual([]);
    cluster.allocator.setWhitelist(new Set(['dummy', 'host']));
    expect(cluster.tick()).toEqual(['A->f']);
  });

  it('is nobody while the agent is deactivated', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@r');
    expect(cluster.addAgent('A', AGENT, { isActive: false })).toEqual([]);
    cluster.allocator.activateAgent('A');
    expect(cluster.run('A')).toEqual(['A->f']);
    cluster.allocator.deactivateAgent('A');
    cluster.giveAllBack('A->f');
    expect(cluster.tick()).toEqual([]);
    cluster.allocator.activateAgent('A');
    expect(cluster.tick()).toEqual(['A->f']);
  });
});

describe('what is not known', () => {
  it('can be removed and recovered, but not be changed', () => {
    const { allocator } = new Scenario();
    allocator.removeFramework('x');
    allocator.removeAgent('x');
    allocator.recoverResources({ frameworkId: 'x', agentId: 'x', resources: reserved(AGENT), nowMs: 0 });
    expect(() => allocator.activateFramework('x')).toThrow('no framework x');
    expect(() => allocator.updateAgent('x', {})).toThrow('no agent x');
  });

  it('is what comes for the first time', () => {
    const cluster = new Scenario();
    cluster.addFramework('f@r');
    cluster.addAgent('A', AGENT);
    expect(() => cluster.addFramework('f@r')).toThrow('added before');
    expect(() => cluster.addAgent('A', AGENT)).toThrow('added before');
  });
});
