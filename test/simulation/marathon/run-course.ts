import { checkEnd } from './check-end.ts';
import { MarathonWorld } from './marathon-world.ts';
import { happen } from './random-events.ts';

const STEPS = 80;
const LONGEST_STEP_MS = 30_000;
/** Longer than any time after which somebody is given up, tried again or asked about, and not a moment of reconciliation. */
const CALM_MS = 30 * 60_000 + 5000;
const SHOWN_EVENTS = 25;

/** One course of events; what goes wrong is told with the last of them, and how to see it again. */
export const runCourse = (seed: number): MarathonWorld => {
  const events: string[] = [];
  const world = new MarathonWorld(seed);
  const beganMs = world.clock.now();
  const note = (event: string): number => events.push(`${world.clock.now() - beganMs} ms: ${event}`);
  try {
    for (let step = 0; step < STEPS; step++) {
      note(happen(world));
      world.pass(Math.floor(world.random.next() ** 3 * LONGEST_STEP_MS));
    }
    note('everything is mended');
    world.mend();
    world.pass(CALM_MS);
    checkEnd(world);
    return world;
  } catch (error) {
    const again = `SIMULATION_FIRST_SEED=${seed} SIMULATION_SEEDS=1 npx vitest run test/simulation/marathon-cluster`;
    const course = events.slice(-SHOWN_EVENTS).join('\n');
    const message = `at ${world.clock.now() - beganMs} ms: ${error instanceof Error ? error.message : error}`;
    throw new Error(`${message}\nAfter:\n${course}\nAgain: ${again}`, { cause: error });
  }
};
