import { type Random, seededRandom } from '../../../src/runtime/random.ts';

/** A failure names its seed; PLENUM_FUZZ_SEED runs it again. */
export const SEED = Number(process.env.PLENUM_FUZZ_SEED ?? Date.now() % 1_000_000_000);

/** How long each API is fired at; PLENUM_FUZZ_SECONDS makes a longer run. */
export const SECONDS = Number(process.env.PLENUM_FUZZ_SECONDS ?? 2);

/** What a test's own timeout must be at least. */
export const TIMEOUT_MS = 60_000 + SECONDS * 20_000;

/** Every API has numbers of its own, so that one run of it alone repeats what it did among the others. */
export const randomFor = (name: string): Random => {
  let mixed = SEED;
  for (const character of name) mixed = (Math.imul(mixed, 31) + character.charCodeAt(0)) >>> 0;
  return seededRandom(mixed);
};

export const pick = <T>(random: Random, from: readonly T[]): T => {
  const found = from[Math.floor(random.next() * from.length)];
  if (found === undefined) throw new Error('there is nothing to pick from');
  return found;
};

/**
 * Calls `shoot` again and again, `width` at a time, until the time is over, and `least` times also on a machine that is too
 * busy for it; resolves with how often.
 */
export const fire = async (
  shoot: (turn: number) => Promise<void>,
  { width = 8, least = 1 }: { width?: number; least?: number } = {},
): Promise<number> => {
  const end = Date.now() + SECONDS * 1000;
  let turn = 0;
  const lane = async (): Promise<void> => {
    while (Date.now() < end || turn < least) await shoot(turn++);
  };
  await Promise.all(Array.from({ length: width }, lane));
  return turn;
};
