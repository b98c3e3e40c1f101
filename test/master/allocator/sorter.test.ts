import { describe, expect, it } from 'vitest';
import { bagOf } from '../../../src/master/allocator/bag.ts';
import { Sorter } from '../../../src/master/allocator/sorter.ts';
import { parseResources } from '../../../src/mesos/resources/parse-text.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { revocable, sharedVolume, volume } from './resources.ts';
import { amounts, SorterUnderTest } from './sorter-under-test.ts';

const HUNDRED = 'cpus:100;mem:100';

describe('the DRF sorter', () => {
  it('lists clients by their share, also when totals and allocations change', () => {
    const test = new SorterUnderTest().agent(HUNDRED).add('a', '5,5').add('b', '6,6');
    expect(test.order).toBe('a b');
    test.add('c', '1,1').add('d', '3,1');
    expect(test.order).toBe('c d a b');
    test.sorter.remove('a');
    test.take('b', '4,4');
    expect(test.order).toBe('c b d');
    expect(test.shares('c', 'b', 'd')).toEqual([0.01, 0.02, 0.03]);
    test.add('e', '1,5').agent('cpus:50;mem:100');
    expect(test.order).toBe('c b e d');
    expect(test.shares('c', 'b', 'e', 'd')).toEqual([0.02, 0.04, 0.05, 0.06]);
    test.agent('cpus:50;mem:200').add('f', '5,1').give('c', '0,15');
    expect(test.order).toBe('e b d c f');
    expect(test.shares('e', 'b', 'd', 'c', 'f')).toEqual([0.025, 0.04, 0.06, 0.08, 0.1]);
    test.sorter.deactivate('d');
    expect(test.order).toBe('e b c f');
    test.sorter.activate('d');
    expect(test.order).toBe('e b d c f');
  });

  it('divides shares by weights', () => {
    const test = new SorterUnderTest().agent(HUNDRED).add('a', '5,5').add('b', '6,6');
    test.sorter.setWeight('b', 2);
    expect(test.order).toBe('b a');
    expect(test.add('c', '4,4').order).toBe('b c a');
    test.sorter.setWeight('d', 10);
    expect(test.add('d', '10,20').order).toBe('d b c a');
    test.sorter.remove('b');
    expect(test.give('d', '10,25').order).toBe('c d a');
    expect(test.shares('d')).toEqual([0.045]);
    test.sorter.setWeight('e', 0.1);
    expect(test.add('e', '1,1').order).toBe('c d a e');
  });

  it('heeds weights that are set later', () => {
    const test = new SorterUnderTest().agent(HUNDRED).add('a', '5,5').add('b', '6,6');
    expect(test.order).toBe('a b');
    test.sorter.setWeight('b', 2);
    expect(test.order).toBe('b a');
  });

  it('prefers who got fewer allocations when shares are equal', () => {
    const test = new SorterUnderTest().agent(HUNDRED);
    test.add('a', '3,3').add('b', '3,3').add('e', '3,3');
    test.add('d', '2,2').give('d', '1,1');
    test.add('c', '1,1').give('c', '1,1').give('c', '1,1');
    expect(test.order).toBe('a b e d c');
    expect(test.take('c', '3,3').order).toBe('c a b e d');
    expect(test.give('c', '3,3').order).toBe('a b e d c');
    test.sorter.deactivate('c');
    test.sorter.activate('c');
    expect(test.order).toBe('a b e d c');
    test.sorter.deactivate('a');
    test.take('a', '1,3').give('a', '1,3');
    test.sorter.activate('a');
    expect(test.order).toBe('b e a d c');
  });

  it('lists a subtree where its share as a whole puts it', () => {
    const test = new SorterUnderTest().agent(HUNDRED).add('a').add('b/c').add('b/d');
    expect(test.order).toBe('a b/c b/d');
    expect(test.give('a', '6,6').order).toBe('b/c b/d a');
    expect(test.give('b/c', '4,4').give('b/d', '3,3').order).toBe('a b/d b/c');
    expect(test.shares('a', 'b')).toEqual([0.06, 0.07]);
    expect(test.give('a', '2,2').order).toBe('b/d b/c a');
    expect(test.shares('a', 'b')).toEqual([0.08, 0.07]);
    expect(test.add('b/e/f').order).toBe('b/e/f b/d b/c a');
    expect(test.give('b/e/f', '3.5,3.5').order).toBe('a b/d b/e/f b/c');
    expect(test.shares('b')).toEqual([0.105]);
    test.sorter.remove('b/e/f');
    expect(test.order).toBe('b/d b/c a');
    test.sorter.updated('b/c', 'agent', bagOf(amounts('4,4')), bagOf(amounts('1,1')));
    expect(test.order).toBe('b/c b/d a');
    expect(test.add('b/e/f', '3.5,3.5').order).toBe('b/c b/d b/e/f a');
  });

  it('lets a role compete with the roles below it', () => {
    const test = new SorterUnderTest().agent(HUNDRED).add('a/b').add('c').add('d').add('d/e');
    expect(test.order).toBe('a/b c d d/e');
    expect(test.give('c', '8,8').order).toBe('a/b d d/e c');
    expect(test.give('d', '3,3').give('d/e', '2,2').order).toBe('a/b d/e d c');
    expect(test.give('a/b', '6,6').order).toBe('d/e d a/b c');
  });

  it('makes room below a client that was a leaf', () => {
    const test = new SorterUnderTest().agent(HUNDRED).add('a', '10,10').add('b', '6,6');
    expect(test.order).toBe('b a');
    expect(test.add('a/c', '5,5').order).toBe('b a/c a');
    expect(test.shares('a')).toEqual([0.15]);
    test.sorter.remove('a');
    expect(test.order).toBe('a/c b');
    expect(test.shares('a')).toEqual([0.05]);
    expect(test.add('a', '10,10').order).toBe('b a/c a');
    test.sorter.setWeight('a/c', 0.2);
    expect(test.order).toBe('b a a/c');
    test.sorter.setWeight('a', 3);
    expect(test.order).toBe('a a/c b');
    expect(test.shares('a', 'b')).toEqual([0.05, 0.06]);
    test.sorter.setWeight('a/c', 1);
    expect(test.order).toBe('a/c a b');
  });

  it('takes a client on a node that has clients below it, and lets it go', () => {
    const test = new SorterUnderTest().agent(HUNDRED).add('x/a', '10,10').add('x/b', '6,6');
    expect(test.order).toBe('x/b x/a');
    expect(test.add('x', '7,7').order).toBe('x/b x x/a');
    expect(test.add('z', '20,20').order).toBe('z x/b x x/a');
    expect(test.shares('x')).toEqual([0.23]);
    test.sorter.remove('x');
    expect(test.order).toBe('x/b x/a z');
    expect(test.shares('x')).toEqual([0.16]);
  });

  it('does not list inactive clients, but counts what they have', () => {
    const test = new SorterUnderTest().agent(HUNDRED).add('a', '10,10').add('b', '6,6');
    test.sorter.deactivate('a');
    expect(test.add('a/c', '5,5').order).toBe('b a/c');
    expect(test.shares('a')).toEqual([0.15]);
    test.sorter.remove('a/c');
    expect(test.order).toBe('b');
    test.sorter.activate('a');
    expect(test.order).toBe('b a');
  });

  it('makes a client a leaf again when the last one below it goes', () => {
    const test = new SorterUnderTest().agent(HUNDRED).add('a', '10,10').add('b', '6,6').add('a/c', '5,5');
    expect(test.order).toBe('b a/c a');
    test.sorter.remove('a/c');
    expect(test.order).toBe('b a');
    expect(test.shares('a', 'b')).toEqual([0.1, 0.06]);
    expect(test.take('a', '10,10').order).toBe('a b');
  });

  it('leaves a client inactive when the last one below it goes', () => {
    const test = new SorterUnderTest().agent(HUNDRED).add('a', '10,10').add('b', '6,6').add('a/c', '5,5');
    test.sorter.deactivate('a');
    test.sorter.remove('a/c');
    expect(test.order).toBe('b');
  });

  it('does not count resources of which the cluster has none', () => {
    const test = new SorterUnderTest().agent('cpus:100').add('a', 'cpus:1;mem:90').add('b', 'cpus:2');
    expect(test.order).toBe('a b');
    expect(test.shares('a', 'b')).toEqual([0.01, 0.02]);
  });

  it('weighs subtrees', () => {
    const test = new SorterUnderTest().agent(HUNDRED);
    test.sorter.setWeight('b', 3);
    test.sorter.setWeight('a', 2);
    expect(test.add('a/x').add('b/y').order).toBe('a/x b/y');
    expect(test.give('a/x', '10,10').give('b/y', '10,10').order).toBe('b/y a/x');
    expect(test.add('b/z', '5,5').order).toBe('b/z b/y a/x');
    expect([test.sorter.share('a'), test.sorter.share('b')]).toEqual([0.05, 0.049999999999999996]);
    expect(test.add('b', '4,4').order).toBe('a/x b b/z b/y');
    expect(test.shares('b')).toEqual([0.063]);
    expect(test.add('a/zz', '2,2').order).toBe('a/zz a/x b b/z b/y');
    expect(test.shares('a')).toEqual([0.06]);
  });

  it('adds up the pieces of a resource, volumes of equal ids included', () => {
    const test = new SorterUnderTest().agent(`${HUNDRED};disk:100`);
    test.add('a', [...amounts('9,9'), ...parseResources('disk:9')]);
    test.add('b', [...amounts('9,9'), volume('id', 5, 'b'), volume('id', 5, 'b')]);
    expect(test.order).toBe('a b');
    expect(test.sorter.share('b')).toBe(0.1);
  });

  it('measures against the total of the moment', () => {
    const test = new SorterUnderTest().agent('cpus:10;mem:100').add('a', '2,1').add('b', '1,2');
    expect(test.order).toBe('b a');
    expect(test.agent('cpus:100;mem:10').order).toBe('a b');
  });

  it('measures against the sum over all agents', () => {
    const test = new SorterUnderTest().agent('cpus:5;mem:50', 'A').agent('cpus:5;mem:50', 'B');
    test.add('a', '2,1', 'A').add('b', '1,3', 'B');
    expect(test.order).toBe('b a');
    expect(test.agent('cpus:95;mem:50', 'A').order).toBe('a b');
  });

  it('follows an agent that shrinks', () => {
    const test = new SorterUnderTest().agent('cpus:10;mem:100').add('a', '6,0').add('b', '4,0');
    expect(test.order).toBe('b a');
    expect(test.agent('cpus:5;mem:100').take('a', '5,0').order).toBe('a b');
  });

  it('counts revocable resources', () => {
    const test = new SorterUnderTest();
    test.agent([...parseResources('cpus:10;mem:100'), revocable('cpus', 10)]);
    test.add('a', '2,1').add('b', [...amounts('1,1'), revocable('cpus', 9)]);
    expect(test.order).toBe('a b');
    expect(test.shares('a', 'b')).toEqual([0.1, 0.5]);
  });

  it('counts a shared volume in full for each who has it', () => {
    const shared = sharedVolume('id', 100, 'role');
    const test = new SorterUnderTest().agent([...parseResources(`${HUNDRED};disk:900`), shared]);
    test.add('a', [...amounts('5,5'), shared]).add('b', '6,6');
    expect(test.order).toBe('b a');
    expect(test.add('c', [...amounts('1,1'), shared]).order).toBe('b a c');
    expect(test.shares('b', 'a', 'c')).toEqual([0.06, 0.1, 0.1]);
    test.sorter.remove('a');
    expect(test.take('b', '4,4').order).toBe('b c');
    expect(test.add('d', [...amounts('1,5'), shared]).order).toBe('b c d');
  });

  it('counts further copies of a shared volume not at all', () => {
    const shared = sharedVolume('id', 50, 'role');
    const test = new SorterUnderTest().agent([...parseResources(`${HUNDRED};disk:950`), shared]);
    test.add('a', [...amounts('2,2'), shared]).add('b', '6,6');
    expect(test.order).toBe('a b');
    expect(test.shares('a', 'b')).toEqual([0.05, 0.06]);
    expect(test.give('a', [shared, shared, shared]).order).toBe('a b');
    expect(test.shares('a')).toEqual([0.05]);
  });

  it('counts a shared volume until its last copy is given back', () => {
    const shared = sharedVolume('id', 100, 'role');
    const test = new SorterUnderTest().agent([...parseResources(`${HUNDRED};disk:900`), shared]);
    test.add('a', [...amounts('2,2'), shared, shared, shared]).add('b', '6,6');
    expect(test.order).toBe('b a');
    expect(test.shares('a')).toEqual([0.1]);
    expect(test.take('a', [shared]).order).toBe('b a');
    expect(test.shares('a')).toEqual([0.1]);
    expect(test.take('a', [shared, shared]).order).toBe('a b');
  });

  it('takes the shared volume of a client that goes from the shares above it', () => {
    const shared = sharedVolume('id', 100, 'role');
    const test = new SorterUnderTest().agent([...parseResources(`${HUNDRED};disk:900`), shared]);
    test.add('a/b', [shared]).add('a/c', [shared]).add('d', '5,5');
    test.sorter.remove('a/b');
    expect(test.sorter.share('a')).toBe(0.1);
    test.sorter.remove('a/c');
    expect(test.sorter.share('a')).toBe(0);
    expect(test.order).toBe('d');
  });

  it('leaves resources that do not count out of shares', () => {
    const test = new SorterUnderTest(
      (totals) => new Sorter({ kind: 'drf', totals, excludedNames: new Set(['gpus']) }),
    );
    test
      .agent('cpus:100;gpus:1')
      .add('a', parseResources('cpus:1;gpus:1'))
      .add('b', parseResources('cpus:2'));
    expect(test.order).toBe('a b');
  });

  it('keeps one order whether it moves few clients or sorts all of them', () => {
    const random = seededRandom(7);
    const test = new SorterUnderTest().agent('cpus:1000;mem:1000');
    const has = new Map<string, number>();
    for (let index = 0; index < 200; index++) {
      has.set(`c${index}`, 0);
      test.add(`c${index}`);
    }
    expect(test.order.split(' ')).toHaveLength(200);
    for (let round = 0; round < 300; round++) {
      const client = `c${Math.floor(random.next() * 200)}`;
      const cpus = 1 + Math.floor(random.next() * 5);
      test.give(client, `${cpus},0`);
      has.set(client, (has.get(client) ?? 0) + cpus);
      const shares = test.order.split(' ').map((name) => has.get(name) ?? Number.NaN);
      expect(shares).toEqual(shares.toSorted((one, other) => one - other));
    }
  });
});
