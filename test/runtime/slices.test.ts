import { describe, expect, it } from 'vitest';
import { Slices } from '../../src/runtime/slices.ts';

const busy = (ms: number): void => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

function* work(name: string, steps: number, done: string[]): Generator<void, string> {
  for (let step = 0; step < steps; step++) {
    busy(1);
    yield;
  }
  done.push(name);
  return name;
}

describe('computations in slices', () => {
  it('let others come in between, and take turns', async () => {
    const slices = new Slices(2);
    const done: string[] = [];
    let rounds = 0;
    const count = (): void => {
      rounds++;
      if (done.length < 2) setImmediate(count);
    };
    setImmediate(count);
    const long = slices.run(work('long', 40, done));
    const short = slices.run(work('short', 5, done));
    expect(await Promise.all([long, short])).toEqual(['long', 'short']);
    expect(done).toEqual(['short', 'long']);
    expect(rounds).toBeGreaterThan(5);
  });

  it('are done at once when they are short', () => {
    const done: string[] = [];
    void new Slices(1_000).run(work('short', 2, done));
    expect(done).toEqual(['short']);
  });

  it('reject with what they throw, and the others go on', async () => {
    const slices = new Slices();
    const failed = slices.run(
      (function* (): Generator<void, never> {
        yield;
        throw new Error('cannot');
      })(),
    );
    const other = slices.run(work('other', 3, []));
    await expect(failed).rejects.toThrow('cannot');
    expect(await other).toBe('other');
  });
});
