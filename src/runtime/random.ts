import { randomUUID } from 'node:crypto';

/** Where randomness comes from. Handed in, so that a seeded run repeats exactly. */
export interface Random {
  /** A number from 0 (included) to 1 (excluded). */
  next(): number;
  /** A version 4 UUID in its 36-character form. */
  uuid(): string;
}

export const systemRandom: Random = { next: Math.random, uuid: randomUUID };

/** A generator that gives the same numbers for the same seed (mulberry32; not for secrets). */
export const seededRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const uuid = (): string => {
    const digits = Array.from({ length: 32 }, () => Math.floor(next() * 16));
    digits[12] = 4;
    digits[16] = 8 + ((digits[16] ?? 0) % 4);
    const hex = digits.map((digit) => digit.toString(16)).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  };
  return { next, uuid };
};
