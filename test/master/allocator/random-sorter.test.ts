import { describe, expect, it } from 'vitest';
import { ClusterTotals } from '../../../src/master/allocator/cluster-totals.ts';
import { Sorter } from '../../../src/master/allocator/sorter.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { SorterUnderTest } from './sorter-under-test.ts';

describe('the random sorter', () => {
  const ROUNDS = 20_000;

  /** How often each client is at the place of the list, in parts of 1. */
  const frequencies = (test: SorterUnderTest, place: 'first' | 'last'): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (let round = 0; round < ROUNDS; round++) {
      const order = [...test.sorter.order()];
      const client = (place === 'first' ? order[0] : order.at(-1)) ?? '';
      counts[client] = (counts[client] ?? 0) + 1 / ROUNDS;
    }
    return counts;
  };

  const randomSorter = (): SorterUnderTest =>
    new SorterUnderTest((totals) => new Sorter({ kind: 'random', totals, random: seededRandom(1) }));

  const expectNear = (measured: Record<string, number>, expected: Record<string, number>): void => {
    for (const [client, chance] of Object.entries(expected)) {
      expect(Math.abs((measured[client] ?? 0) - chance), client).toBeLessThan(0.05);
    }
  };

  it('draws clients by their weights', () => {
    const test = randomSorter();
    for (const weight of [1, 2, 3, 4, 5]) {
      test.add(`c${weight}`);
      test.sorter.setWeight(`c${weight}`, weight);
    }
    expectNear(frequencies(test, 'first'), { c1: 0.07, c2: 0.13, c3: 0.2, c4: 0.27, c5: 0.33 });
    expectNear(frequencies(test, 'last'), { c1: 0.54, c2: 0.23, c3: 0.12, c4: 0.07, c5: 0.04 });
  });

  it('multiplies weights along the path', () => {
    const test = randomSorter().add('a').add('a/b').add('c/d').add('c/e');
    const weights = { a: 1, 'a/b': 2, c: 2, 'c/d': 1, 'c/e': 2 };
    for (const [path, weight] of Object.entries(weights)) test.sorter.setWeight(path, weight);
    expectNear(frequencies(test, 'first'), { a: 0.11, 'a/b': 0.22, 'c/d': 0.22, 'c/e': 0.44 });
  });

  it('shares the weight of a subtree out among those that are active in it', () => {
    const test = randomSorter().add('a').add('c/d').add('c/e').add('x/y');
    test.sorter.deactivate('c/e');
    test.sorter.deactivate('x/y');
    expectNear(frequencies(test, 'first'), { a: 0.5, 'c/d': 0.5 });
  });

  it('lists active clients only', () => {
    const test = randomSorter().add('a').add('b/c');
    test.sorter.deactivate('b/c');
    expect(test.order).toBe('a');
  });

  it('cannot be without randomness', () => {
    expect(() => new Sorter({ kind: 'random', totals: new ClusterTotals() })).toThrow('randomness');
  });
});
