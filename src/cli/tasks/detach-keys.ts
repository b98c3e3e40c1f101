import { CliError } from '../errors/cli-error.ts';

/** What Ctrl and these keys type, besides the letters. */
const CONTROL_SIGNS: Readonly<Record<string, number>> = {
  '@': 0,
  '[': 27,
  '\\': 28,
  ']': 29,
  '^': 30,
  _: 31,
};
const DEFAULT_KEYS = 'ctrl-p,ctrl-q';
const FIRST_LETTER = 96;

/** The bytes of keys such as `ctrl-p,ctrl-q` or `ctrl-],x`. Throws CliError. */
export const parseKeys = (text: string = DEFAULT_KEYS): Buffer =>
  Buffer.from(
    text.split(',').map((key) => {
      const [, control] = /^ctrl-(.)$/.exec(key) ?? [];
      const code =
        control === undefined
          ? singleByte(key)
          : /^[a-z]$/.test(control)
            ? control.charCodeAt(0) - FIRST_LETTER
            : CONTROL_SIGNS[control];
      if (code === undefined) {
        throw new CliError('usage', `"${key}" is no key to detach with`, {
          hint: 'Keys are single characters, or ctrl- and one of a-z, @, [, \\, ], ^ and _, with commas between them',
        });
      }
      return code;
    }),
  );

const singleByte = (key: string): number | undefined =>
  key.length === 1 && key.charCodeAt(0) < 128 ? key.charCodeAt(0) : undefined;

/** Looks for keys among what is typed. What may become them is held back until it is clear. */
export class DetachKeys {
  readonly #keys: Buffer;
  #matched = 0;

  constructor(keys: Buffer) {
    this.#keys = keys;
  }

  /** What is to be passed on, and whether the keys came after it. */
  take(typed: Buffer): { bytes: Buffer; isDetached: boolean } {
    const passed: number[] = [];
    for (const byte of typed) {
      if (byte !== this.#keys[this.#matched]) {
        passed.push(...this.#keys.subarray(0, this.#matched));
        this.#matched = 0;
      }
      if (byte !== this.#keys[this.#matched]) passed.push(byte);
      else if (++this.#matched === this.#keys.length) return { bytes: Buffer.from(passed), isDetached: true };
    }
    return { bytes: Buffer.from(passed), isDetached: false };
  }
}
