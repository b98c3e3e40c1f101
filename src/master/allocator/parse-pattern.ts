/**
 * Reads the regular expressions of offer constraints (mesos.md 1.16): the syntax of RE2 without Unicode classes. Throws with what
 * is wrong.
 */

export type CharacterTest = (code: number) => boolean;

/** What can hold between two characters, NaN where the text begins or ends. */
export type PositionTest = (before: number, after: number) => boolean;

export type Pattern =
  | { type: 'character'; test: CharacterTest }
  | { type: 'position'; test: PositionTest }
  | { type: 'sequence'; items: Pattern[] }
  | { type: 'choice'; items: Pattern[] }
  | { type: 'repeat'; item: Pattern; min: number; max: number };

interface Flags {
  i: boolean;
  m: boolean;
  s: boolean;
}

const MAX_REPEAT = 1000;
const MAX_DEPTH = 100;
const NEWLINE = 10;

export const parsePattern = (source: string): Pattern => {
  const reader = new PatternReader(source);
  const pattern = reader.choice({ i: false, m: false, s: false }, 0);
  if (!reader.isAtEnd) throw new Error(`unexpected ) in '${source}'`);
  return pattern;
};

class PatternReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  choice(flags: Flags, depth: number): Pattern {
    if (depth > MAX_DEPTH) throw new Error('too many groups within each other');
    // Flags that are set in the middle of a group hold to its end.
    const current = { ...flags };
    const items = [this.#sequence(current, depth)];
    while (this.#take('|')) items.push(this.#sequence(current, depth));
    const [only] = items;
    return items.length === 1 && only ? only : { type: 'choice', items };
  }

  #sequence(flags: Flags, depth: number): Pattern {
    const items: Pattern[] = [];
    while (!this.isAtEnd && !this.#sees('|') && !this.#sees(')')) {
      const atom = this.#atom(flags, depth);
      if (atom) items.push(this.#repeated(atom));
    }
    return { type: 'sequence', items };
  }

  #repeated(item: Pattern): Pattern {
    const range = this.#range();
    if (!range) return item;
    // Lazy or greedy makes no difference to whether all of a text matches.
    this.#take('?');
    if (this.#sees('*') || this.#sees('+') || this.#sees('?')) throw new Error('bad repetition operator');
    return { type: 'repeat', item, ...range };
  }

  #range(): { min: number; max: number } | undefined {
    if (this.#take('*')) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (this.#take('+')) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (this.#take('?')) return { min: 0, max: 1 };
    // A brace that counts nothing stands for itself.
    const [all, least = '', comma, most] = this.#match(/\{(\d+)(,(\d*))?\}/y) ?? [];
    if (all === undefined) return undefined;
    const min = Number(least);
    const unbounded = most === '' ? Number.POSITIVE_INFINITY : Number(most);
    const max = comma === undefined ? min : unbounded;
    const isTooMuch = min > MAX_REPEAT || (max > MAX_REPEAT && max !== Number.POSITIVE_INFINITY);
    if (isTooMuch || max < min) throw new Error(`invalid repeat count ${all}`);
    return { min, max };
  }

  #atom(flags: Flags, depth: number): Pattern | undefined {
    if (this.#take('(')) return this.#group(flags, depth);
    if (this.#take('[')) return { type: 'character', test: this.#characterClass(flags) };
    if (this.#take('.')) {
      return { type: 'character', test: flags.s ? () => true : (code) => code !== NEWLINE };
    }
    if (this.#take('^')) return { type: 'position', test: flags.m ? isLineStart : isTextStart };
    if (this.#take('$')) return { type: 'position', test: flags.m ? isLineEnd : isTextEnd };
    if (this.#sees('*') || this.#sees('+') || this.#sees('?'))
      throw new Error('no argument for repetition operator');
    if (this.#take('\\')) return this.#escaped(flags);
    return { type: 'character', test: literal(this.#next(), flags) };
  }

  #group(flags: Flags, depth: number): Pattern | undefined {
    const inner = { ...flags };
    if (this.#take('?') && !this.#match(/P?<\w+>/y)) {
      const [all, on = '', off = '', end] = this.#match(/([ims]*)(?:-([ims]+))?([:)])/y) ?? [];
      if (all === undefined) throw new Error('invalid or missing group syntax after (?');
      const target = end === ')' ? flags : inner;
      for (const flag of on) setFlag(target, flag, true);
      for (const flag of off) setFlag(target, flag, false);
      if (end === ')') return undefined;
    }
    const pattern = this.choice(inner, depth + 1);
    if (!this.#take(')')) throw new Error('missing )');
    return pattern;
  }

  #escaped(flags: Flags): Pattern {
    const position = POSITIONS.get(this.#source[this.#at] ?? '');
    if (position) {
      this.#at++;
      return { type: 'position', test: position };
    }
    const named = this.#namedClass();
    return { type: 'character', test: named ?? literal(this.#escapedCharacter(), flags) };
  }

  #namedClass(): CharacterTest | undefined {
    const letter = this.#source[this.#at] ?? '';
    const test = CLASSES.get(letter.toLowerCase());
    if (!test) return undefined;
    this.#at++;
    return letter === letter.toLowerCase() ? test : (code) => !test(code);
  }

  /** After the backslash. */
  #escapedCharacter(): number {
    const [hex, short, long] = this.#match(/x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/y) ?? [];
    if (hex !== undefined) return Number.parseInt(short ?? long ?? '', 16);
    const letter = this.#source[this.#at] ?? '';
    const control = CONTROLS.get(letter);
    if (control === undefined && /[0-9A-Za-z]|^$/.test(letter)) {
      throw new Error(`invalid escape sequence \\${letter}`);
    }
    const code = this.#next();
    return control ?? code;
  }

  #characterClass(flags: Flags): CharacterTest {
    const isNegated = this.#take('^');
    const tests: CharacterTest[] = [];
    do {
      tests.push(this.#classItem(flags));
    } while (!this.#take(']'));
    const isIn: CharacterTest = (code) => tests.some((test) => test(code));
    return isNegated ? (code) => !isIn(code) : isIn;
  }

  #classItem(flags: Flags): CharacterTest {
    const [posix, negation, name = ''] = this.#match(/\[:(\^?)(\w+):\]/y) ?? [];
    if (posix !== undefined) {
      const test = POSIX_CLASSES.get(name);
      if (!test) throw new Error(`invalid character class range ${posix}`);
      return negation === '^' ? (code) => !test(code) : test;
    }
    const low = this.#classCharacter();
    if (typeof low === 'function') return low;
    if (!this.#match(/-(?!\])/y)) return literal(low, flags);
    const high = this.#classCharacter();
    if (typeof high === 'function' || high < low) throw new Error('invalid character class range');
    return (code) => caseVariants(code, flags).some((variant) => variant >= low && variant <= high);
  }

  #classCharacter(): number | CharacterTest {
    if (this.isAtEnd) throw new Error('missing ]');
    if (!this.#take('\\')) return this.#next();
    return this.#namedClass() ?? this.#escapedCharacter();
  }

  #sees(character: string): boolean {
    return this.#source[this.#at] === character;
  }

  #take(character: string): boolean {
    if (!this.#sees(character)) return false;
    this.#at++;
    return true;
  }

  #match(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.#at;
    const match = sticky.exec(this.#source) ?? undefined;
    this.#at += match?.[0].length ?? 0;
    return match;
  }

  #next(): number {
    const code = this.#source.codePointAt(this.#at);
    if (code === undefined) throw new Error('trailing \\');
    this.#at += code > 0xffff ? 2 : 1;
    return code;
  }
}

const setFlag = (flags: Flags, flag: string, isOn: boolean): void => {
  if (flag === 'i' || flag === 'm' || flag === 's') flags[flag] = isOn;
};

const caseVariants = (code: number, { i }: Flags): number[] => {
  if (!i) return [code];
  const character = String.fromCodePoint(code);
  return [
    code,
    ...[character.toLowerCase(), character.toUpperCase()].map((text) => text.codePointAt(0) ?? code),
  ];
};

const literal = (wanted: number, flags: Flags): CharacterTest =>
  flags.i ? (code) => caseVariants(code, flags).includes(wanted) : (code) => code === wanted;

/** A test for characters in any of the ranges, which are given as pairs: `azAZ`. */
const inRanges =
  (ranges: string): CharacterTest =>
  (code) => {
    for (let at = 0; at < ranges.length; at += 2) {
      if (code >= ranges.charCodeAt(at) && code <= ranges.charCodeAt(at + 1)) return true;
    }
    return false;
  };

const isWord = inRanges('09AZaz__');
const isTextStart: PositionTest = (before) => Number.isNaN(before);
const isTextEnd: PositionTest = (_before, after) => Number.isNaN(after);
const isLineStart: PositionTest = (before) => Number.isNaN(before) || before === NEWLINE;
const isLineEnd: PositionTest = (_before, after) => Number.isNaN(after) || after === NEWLINE;
const isWordBoundary: PositionTest = (before, after) => isWord(before) !== isWord(after);

const POSITIONS = new Map<string, PositionTest>([
  ['A', isTextStart],
  ['z', isTextEnd],
  ['b', isWordBoundary],
  ['B', (before, after) => !isWordBoundary(before, after)],
]);

const CLASSES = new Map([
  ['d', inRanges('09')],
  ['w', isWord],
  ['s', inRanges('\t\n\f\r  ')],
]);

const CONTROLS = new Map([
  ['a', 7],
  ['f', 12],
  ['n', NEWLINE],
  ['r', 13],
  ['t', 9],
  ['v', 11],
]);

const POSIX_CLASSES = new Map([
  ['alnum', inRanges('09AZaz')],
  ['alpha', inRanges('AZaz')],
  ['ascii', inRanges('\0\x7f')],
  ['blank', inRanges('\t\t  ')],
  ['cntrl', inRanges('\0\x1f\x7f\x7f')],
  ['digit', inRanges('09')],
  ['graph', inRanges('!~')],
  ['lower', inRanges('az')],
  ['print', inRanges(' ~')],
  ['punct', inRanges('!/:@[`{~')],
  ['space', inRanges('\t\r  ')],
  ['upper', inRanges('AZ')],
  ['word', isWord],
  ['xdigit', inRanges('09AFaf')],
]);
