/** LMDB's keys end at 1978 bytes; longer ones are refused with a clear error, in every store. */
const LONGEST_KEY_BYTES = 1_900;

/** Throws when a key is too long to be kept. */
export const checkKey = (key: string): void => {
  const size = Buffer.byteLength(key);
  if (size > LONGEST_KEY_BYTES) throw new Error(`A key of ${size} bytes is too long: ${key.slice(0, 80)}…`);
};
