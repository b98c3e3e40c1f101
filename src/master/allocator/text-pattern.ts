import { type CharacterTest, type Pattern, type PositionTest, parsePattern } from './parse-pattern.ts';

/** A step reads a character and goes on, or goes on without reading: to all of `to`, where the position allows it. */
type Step = { type: 'read'; test: CharacterTest } | Go | { type: 'end' };
type Go = { type: 'go'; to: number[]; test?: PositionTest };

/** `--offer_constraints_re2_max_program_size` counts otherwise; this is as much as any sensible pattern needs. */
const MAX_STEPS = 5000;

/**
 * Whether all of a text matches a regular expression in RE2's syntax. Takes time in proportion to the text, whatever the pattern:
 * frameworks send it, and the master has only one thread. Throws with what is wrong about the pattern.
 */
export const textPattern = (regex: string): ((text: string) => boolean) => {
  const steps: Step[] = [];
  compile(parsePattern(regex), steps);
  addStep(steps, { type: 'end' });
  return (text) =>
    matches(
      steps,
      Array.from(text, (character) => character.codePointAt(0) ?? 0),
    );
};

/** Appends the steps of a pattern; when they are through they go on to what is appended next. */
const compile = (pattern: Pattern, steps: Step[]): void => {
  switch (pattern.type) {
    case 'character':
      addStep(steps, { type: 'read', test: pattern.test });
      return;
    case 'position':
      addStep(steps, { type: 'go', to: [steps.length + 1], test: pattern.test });
      return;
    case 'sequence':
      for (const item of pattern.items) compile(item, steps);
      return;
    case 'choice': {
      const fork = addGo(steps);
      const ends = pattern.items.map((item) => {
        fork.to.push(steps.length);
        compile(item, steps);
        return addGo(steps);
      });
      for (const end of ends) end.to.push(steps.length);
      return;
    }
    case 'repeat': {
      const { item, min, max } = pattern;
      for (let count = 0; count < min; count++) compile(item, steps);
      if (max === Number.POSITIVE_INFINITY) {
        const start = steps.length;
        const fork = addGo(steps, start + 1);
        compile(item, steps);
        addGo(steps, start);
        fork.to.push(steps.length);
        return;
      }
      const forks: Go[] = [];
      for (let count = min; count < max; count++) {
        forks.push(addGo(steps, steps.length + 1));
        compile(item, steps);
      }
      for (const fork of forks) fork.to.push(steps.length);
    }
  }
};

const addStep = (steps: Step[], step: Step): void => {
  if (steps.length >= MAX_STEPS) throw new Error('pattern too large - compile failed');
  steps.push(step);
};

const addGo = (steps: Step[], ...to: number[]): Go => {
  const go: Go = { type: 'go', to };
  addStep(steps, go);
  return go;
};

/** Follows all ways through the steps at once. */
const matches = (steps: readonly Step[], codes: readonly number[]): boolean => {
  let current = reachable(steps, [0], Number.NaN, codes[0]);
  for (const [index, code] of codes.entries()) {
    const next: number[] = [];
    for (const at of current) {
      const step = steps[at];
      if (step?.type === 'read' && step.test(code)) next.push(at + 1);
    }
    if (next.length === 0) return false;
    current = reachable(steps, next, code, codes[index + 1]);
  }
  return [...current].some((at) => steps[at]?.type === 'end');
};

/** Where one can get from these steps without reading. */
const reachable = (
  steps: readonly Step[],
  from: number[],
  before: number,
  after: number = Number.NaN,
): Set<number> => {
  const reached = new Set<number>();
  const pending = from;
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (reached.has(at)) continue;
    reached.add(at);
    const step = steps[at];
    if (step?.type === 'go' && step.test?.(before, after) !== false) pending.push(...step.to);
  }
  return reached;
};
