import { describe, expect, it } from 'vitest';
import { runCourse } from './marathon/run-course.ts';

const FIRST = Number(process.env.SIMULATION_FIRST_SEED ?? 1);
const SEEDS = Array.from({ length: Number(process.env.SIMULATION_SEEDS ?? 24) }, (_, index) => FIRST + index);

describe('Marathon with its master and agents, whatever dies when', () => {
  it.each(SEEDS)('keeps its promises with seed %i', { timeout: 120_000 }, (seed) => {
    runCourse(seed);
  });

  it('takes the same course with the same seed', { timeout: 120_000 }, () => {
    const course = (): unknown => {
      const { marathon, clock } = runCourse(FIRST);
      return [[...marathon.state.instances.all()], marathon.state.root.version, clock.now()];
    };
    expect(course()).toEqual(course());
  });
});
