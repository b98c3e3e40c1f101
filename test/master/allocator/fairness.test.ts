import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/runtime/random.ts';
import { reserved } from './resources.ts';
import { Scenario } from './scenario.ts';

/** Dominant shares of roles, in hundredths. */
const shares = ({ allocator }: Scenario, ...roles: string[]): (number | undefined)[] =>
  roles.map((role) => {
    const share = allocator.role(role)?.share;
    return share === undefined ? undefined : Math.round(share * 100);
  });

describe('sharing out between roles and frameworks', () => {
  it('offers an agent to the role, and in it the framework, with the least dominant share', () => {
    const cluster = new Scenario();
    expect(cluster.addAgent('A1', 'cpus:2;mem:1024')).toEqual([]);
    expect(cluster.addFramework('f1@role1')).toEqual(['A1->f1']);
    expect(cluster.addFramework('f2@role2')).toEqual([]);
    expect(shares(cluster, 'role1', 'role2')).toEqual([100, 0]);
    expect(cluster.addAgent('A2', 'cpus:1;mem:512')).toEqual(['A2->f2']);
    expect(shares(cluster, 'role1', 'role2')).toEqual([67, 33]);
    expect(cluster.addAgent('A3', 'cpus:3;mem:2048')).toEqual(['A3->f2']);
    expect(shares(cluster, 'role1', 'role2')).toEqual([33, 71]);
    expect(cluster.addFramework('f3@role1')).toEqual([]);
    expect(cluster.addAgent('A4', 'cpus:4;mem:4096')).toEqual(['A4->f3']);
    expect(shares(cluster, 'role1', 'role2')).toEqual([67, 40]);
    expect(cluster.addFramework('f4@role1')).toEqual([]);
    expect(cluster.addAgent('A5', 'cpus:1;mem:512')).toEqual(['A5->f2']);
    expect(shares(cluster, 'role1', 'role2')).toEqual([63, 45]);
  });

  it('counts reservations in the share of a role', () => {
    const cluster = new Scenario();
    cluster.addAgent('A1', [...reserved('cpus:100;mem:1024', 'role1'), ...reserved('cpus:1;mem:512')]);
    expect(cluster.addFramework('f1@role1')).toEqual(['A1->f1']);
    expect(cluster.addFramework('f2@role2')).toEqual([]);
    expect(cluster.addAgent('A2', 'cpus:2;mem:512')).toEqual(['A2->f2']);
    expect(cluster.addAgent('A3', 'cpus:2;mem:512')).toEqual(['A3->f2']);
    expect(cluster.addFramework('f3@role1')).toEqual([]);
    expect(cluster.addAgent('A4', reserved('cpus:2;mem:1024', 'role1'))).toEqual(['A4->f3']);
  });

  it('leaves resources out of shares that are not to count', () => {
    const cluster = new Scenario({ fairSharingExcludedNames: ['gpus'] });
    cluster.addAgent('A1', 'cpus:2;mem:1024;gpus:1');
    expect(cluster.addFramework('f1@role1', { capabilities: ['GPU_RESOURCES'] })).toEqual(['A1->f1']);
    expect(cluster.addFramework('f2@role2')).toEqual([]);
    expect(cluster.addAgent('A2', 'cpus:1;mem:512')).toEqual(['A2->f2']);
    expect(cluster.addAgent('A3', 'cpus:3;mem:2048')).toEqual(['A3->f2']);
    expect(cluster.addFramework('f3@role1')).toEqual([]);
    expect(cluster.addAgent('A4', 'cpus:4;mem:4096')).toEqual(['A4->f3']);
    expect(cluster.addFramework('f4@role1')).toEqual([]);
    expect(cluster.addAgent('A5', 'cpus:1;mem:512')).toEqual(['A5->f2']);
    expect(shares(cluster, 'role1', 'role2')).toEqual([63, 45]);
  });

  it('compares subtrees before the roles in them', () => {
    const cluster = new Scenario();
    cluster.addAgent('A1', 'cpus:2;mem:1024');
    expect(cluster.addFramework('f1@a/b')).toEqual(['A1->f1']);
    expect(cluster.addFramework('f2@a/c')).toEqual([]);
    expect(cluster.addFramework('f3@d/e')).toEqual([]);
    expect(cluster.addAgent('A2', 'cpus:1;mem:512')).toEqual(['A2->f3']);
    expect(shares(cluster, 'a', 'a/b', 'a/c', 'd', 'd/e')).toEqual([67, 67, 0, 33, 33]);
    expect(cluster.addFramework('f4@d/f')).toEqual([]);
    expect(cluster.addAgent('A3', 'cpus:2;mem:1024')).toEqual(['A3->f4']);
    expect(shares(cluster, 'a', 'd', 'd/e', 'd/f')).toEqual([40, 60, 20, 40]);
  });

  it('counts what frameworks had before the allocator knew them', () => {
    const cluster = new Scenario();
    cluster.addFramework('f2@role2');
    const used = new Map([
      ['f1', reserved('cpus:2;mem:1024').map((piece) => ({ ...piece, allocation_info: { role: 'role1' } }))],
    ]);
    expect(cluster.addAgent('A1', 'cpus:3;mem:2048', { used })).toEqual(['A1->f2 cpus:1;mem:1024']);
    cluster.giveAllBack('A1->f2');
    expect(cluster.addFramework('f1@role1')).toEqual(['A1->f2 cpus:1;mem:1024']);
    expect(cluster.allocator.role('role1')?.share).toBeCloseTo(2 / 3);
    cluster.giveAllBack('A1->f1');
    expect(cluster.tick()).toEqual(['A1->f1 cpus:2;mem:1024']);
  });

  it('gives each of two frameworks one of two agents', () => {
    const cluster = new Scenario();
    cluster.addAgent('A1', 'cpus:2;mem:1024');
    cluster.addAgent('A2', 'cpus:2;mem:1024');
    expect(cluster.addFramework('f1@role1')).toEqual(['A1->f1', 'A2->f1']);
    cluster.giveAllBack('A1->f1');
    cluster.giveAllBack('A2->f1');
    expect(cluster.addFramework('f2@role2')).toEqual(['A1->f2', 'A2->f1']);
  });

  it('alternates between frameworks that both return what they get', () => {
    const cluster = new Scenario();
    cluster.addFramework('f1@*');
    cluster.addFramework('f2@*');
    const winners = [];
    for (let asks = cluster.addAgent('A', 'cpus:2;mem:1024'); winners.length < 10; asks = cluster.tick()) {
      expect(asks).toHaveLength(1);
      winners.push(asks[0]);
      cluster.giveAllBack(asks[0] ?? '');
    }
    expect(winners).toEqual(Array.from({ length: 10 }, (_, index) => (index % 2 ? 'A->f2' : 'A->f1')));
  });

  it('forgets the allocations on an agent that was removed', () => {
    const cluster = new Scenario();
    cluster.addFramework('f1@r');
    expect(cluster.addAgent('A1', 'cpus:2;mem:200')).toEqual(['A1->f1']);
    expect(cluster.addFramework('f2@r')).toEqual([]);
    expect(cluster.addAgent('A2', 'cpus:1;mem:100')).toEqual(['A2->f2']);
    cluster.allocator.removeAgent('A1');
    expect(cluster.addAgent('A3', 'cpus:1;mem:100')).toEqual(['A3->f1']);
  });

  it('knows shares whichever came first, the agent or the framework', () => {
    const cluster = new Scenario();
    cluster.addAgent('A1', 'cpus:2;mem:1024');
    expect(cluster.addFramework('f1@role1')).toEqual(['A1->f1']);
    expect(cluster.addFramework('f2@role2')).toEqual([]);
    expect(cluster.addAgent('A2', 'cpus:2;mem:1024')).toEqual(['A2->f2']);
    expect(cluster.allocator.role('role1')?.share).toBe(0.5);
    expect(cluster.allocator.role('role2')?.share).toBe(0.5);
  });

  it('follows shares as resources change hands, and forgets roles that nobody has any more', () => {
    const cluster = new Scenario();
    cluster.addAgent('A1', 'cpus:2;mem:1024');
    expect(cluster.addFramework('f1@roleA')).toEqual(['A1->f1']);
    expect(cluster.allocator.role('roleA')?.share).toBe(1);
    cluster.giveAllBack('A1->f1');
    expect(cluster.allocator.role('roleA')?.share).toBe(0);
    expect(cluster.addFramework('f2@roleB')).toEqual(['A1->f2']);
    expect(cluster.allocator.role('roleB')?.share).toBe(1);
    expect(cluster.addAgent('A2', 'cpus:2;mem:1024')).toEqual(['A2->f1']);
    expect(cluster.allocator.roles().map(({ share }) => share)).toEqual([0.5, 0.5]);
    cluster.giveAllBack('A1->f2');
    cluster.allocator.removeFramework('f2');
    expect(cluster.allocator.role('roleB')).toBeUndefined();
  });

  it('shares out by weight', () => {
    const cluster = new Scenario();
    const counts = (asks: readonly string[]): Record<string, number> => {
      const byFramework: Record<string, number> = {};
      for (const ask of asks) {
        const framework = ask.split('->')[1] ?? '';
        byFramework[framework] = (byFramework[framework] ?? 0) + 1;
        cluster.giveAllBack(ask);
      }
      return byFramework;
    };
    cluster.addFramework('f1@role1');
    cluster.addFramework('f2@role2');
    for (let index = 1; index <= 6; index++) {
      for (const ask of cluster.addAgent(`A${index}`, 'cpus:2;mem:1024')) cluster.giveAllBack(ask);
    }
    expect(counts(cluster.tick())).toEqual({ f1: 3, f2: 3 });
    cluster.allocator.setWeight('role2', 2);
    expect(counts(cluster.tick())).toEqual({ f1: 2, f2: 4 });
    cluster.allocator.setWeight('role3', 3);
    expect(counts(cluster.addFramework('f3@role3'))).toEqual({ f1: 1, f2: 2, f3: 3 });
  });

  it('offers reservations of a role to the roles below it', () => {
    const cluster = new Scenario();
    cluster.addAgent('A1', reserved('cpus:2;mem:1024', 'a'));
    cluster.addAgent('A2', [...reserved('cpus:2;mem:1024'), ...reserved('cpus:4;mem:2048', 'a/b')]);
    expect(cluster.addFramework('f@a/b/c')).toEqual(['A1->f', 'A2->f']);
  });

  it('offers reservations of a role to nobody else', () => {
    const cluster = new Scenario();
    cluster.addAgent('A1', reserved('cpus:1;mem:1024', 'role1'));
    cluster.addAgent('A2', [...reserved('cpus:2;mem:1024', 'role2'), ...reserved('cpus:1;mem:1024')]);
    cluster.addAgent('A3', reserved('cpus:4;mem:4096', 'role3'));
    expect(cluster.addFramework('f1@role1')).toEqual(['A1->f1', 'A2->f1 cpus:1;mem:1024']);
    expect(cluster.addFramework('f2@role2')).toEqual(['A2->f2 cpus(role2):2;mem(role2):1024']);
    expect(cluster.addFramework('f3@role1/x')).toEqual([]);
    expect(cluster.tick()).toEqual([]);
  });

  it('offers the parts of an agent that come back', () => {
    const cluster = new Scenario();
    const kept = reserved('cpus:1;mem:200', 'role1');
    cluster.addAgent('A', [...kept, ...reserved('cpus:1;mem:200')]);
    expect(cluster.addFramework('f@role1')).toEqual(['A->f']);
    cluster.giveBack('A->f', kept);
    expect(cluster.tick()).toEqual(['A->f cpus(role1):1;mem(role1):200']);
    cluster.giveBack('A->f', 'cpus:1;mem:200');
    expect(cluster.tick()).toEqual(['A->f cpus:1;mem:200']);
  });

  it('keeps a role that a framework has left for as long as it holds resources of it', () => {
    const cluster = new Scenario();
    cluster.addAgent('A', 'cpus:2;mem:1024');
    expect(cluster.addFramework('f@r1')).toEqual(['A->f']);
    cluster.updateFramework('f@r2');
    expect(cluster.allocator.role('r1')?.frameworkIds).toEqual(['f']);
    expect(cluster.allocator.role('r1')?.share).toBe(1);
    cluster.giveAllBack('A->f@r1');
    expect(cluster.allocator.role('r1')).toBeUndefined();
    expect(cluster.tick()).toEqual(['A->f']);
    expect(cluster.allocation('A->f@r2')).toBe('cpus:2;mem:1024');
  });

  it('keeps what a removed framework has from others until it is recovered', () => {
    const cluster = new Scenario();
    cluster.addAgent('A', 'cpus:2;mem:1024');
    expect(cluster.addFramework('f1@r')).toEqual(['A->f1']);
    cluster.allocator.removeFramework('f1');
    expect(cluster.addFramework('f2@r')).toEqual([]);
    expect(cluster.allocator.role('r')?.share).toBe(0);
    cluster.giveAllBack('A->f1');
    expect(cluster.tick()).toEqual(['A->f2']);
  });

  it('can draw roles and frameworks by chance, the same for the same seed', () => {
    const winners = (seed: number): string => {
      const random = seededRandom(seed);
      const cluster = new Scenario({ roleSorter: 'random', frameworkSorter: 'random', random });
      for (let index = 0; index < 5; index++) cluster.addFramework(`f${index}@r${index % 2}`);
      return Array.from({ length: 8 }, (_, index) => cluster.addAgent(`A${index}`, 'cpus:1')).join(' ');
    };
    expect(winners(3)).toBe(winners(3));
    expect(new Set([1, 2, 3, 4, 5].map(winners)).size).toBeGreaterThan(1);
  });
});
