import { describe, expect, it } from 'vitest';
import { answerText, parseAnswer } from '../../src/cli/catalog/configure/answer-text.ts';
import { configurePackage } from '../../src/cli/catalog/configure/configure-package.ts';
import type { Choice, Questions } from '../../src/cli/catalog/configure/questions.ts';
import type { JsonObject } from '../../src/universe/json/json.ts';
import { runPlenum } from './run-plenum.ts';

const config: JsonObject = {
  type: 'object',
  definitions: { port: { type: 'integer', minimum: 1, maximum: 65_535 } },
  properties: {
    service: {
      type: 'object',
      required: ['user'],
      properties: {
        name: { type: 'string', default: 'db', pattern: '^[a-z]+$', description: 'Its name' },
        user: { type: 'string', minLength: 2 },
      },
    },
    port: { $ref: '#/definitions/port' },
    level: { enum: ['low', 'high'], default: 'low' },
    secure: { type: 'boolean', default: false },
    hosts: { type: 'array', items: { type: 'string' } },
  },
};

type Reply = string | { readonly problem: string; readonly instead: string };

/** A person who answers in turn: texts as they are typed, choices by the beginning of what is shown. */
const person = (...replies: Reply[]) => {
  const asked: string[] = [];
  const notes: string[] = [];
  const next = (message: string): Reply => {
    asked.push(message);
    const reply = replies.shift();
    if (reply === undefined) throw new Error(`Nobody answers ${message}`);
    return reply;
  };
  const questions: Questions = {
    choose: async <Value>({ message, choices }: { message: string; choices: readonly Choice<Value>[] }) => {
      const reply = next(message);
      const found = choices.find(({ name }) => typeof reply === 'string' && name.startsWith(reply));
      if (found === undefined)
        throw new Error(`There is no choice ${String(reply)} in ${JSON.stringify(choices)}`);
      return found.value;
    },
    text: async ({ message, check }) => {
      const reply = next(message);
      if (typeof reply === 'string') {
        expect(check(reply), `${message} ${reply}`).toBeUndefined();
        return reply;
      }
      expect(check(reply.problem)).toBeTruthy();
      return reply.instead;
    },
    note: (text) => notes.push(text),
  };
  return { questions, asked, notes, replies };
};

const configure = (questions: Questions, given: JsonObject = {}) =>
  configurePackage(config, { given, doneText: 'Done', questions });

describe('the configuration of a package', () => {
  it('asks first for what the package cannot do without, then for what is chosen', async () => {
    const { questions, asked, notes, replies } = person(
      { problem: 'x', instead: 'root' },
      'service.name = db',
      { problem: 'Not Lower', instead: 'other' },
      'port',
      { problem: '70000', instead: '80' },
      'level',
      'high',
      'secure',
      'true',
      'hosts',
      'a, b',
      'Done',
    );
    expect(await configure(questions)).toEqual({
      service: { user: 'root', name: 'other' },
      port: 80,
      level: 'high',
      secure: true,
      hosts: ['a', 'b'],
    });
    expect(asked[0]).toBe('service.user (string, at least 2 characters):');
    expect(notes).toEqual(['Its name']);
    expect(replies).toEqual([]);
  });

  it('writes down nothing that is the default, or was left to the package', async () => {
    const given = { service: { user: 'root', name: 'other' }, port: 1, level: 'high', secure: true };
    const { questions } = person(
      'service.name = other (changed)',
      'db',
      'port = 1',
      '',
      'level',
      'low',
      'secure',
      '(leave',
      'Done',
    );
    expect(await configure(questions, given)).toEqual({ service: { user: 'root' } });
  });

  it('is not done before everything is in order', async () => {
    const { questions, notes } = person('Done', 'port = 0', '5', 'Done');
    const given = { service: { user: 'root' }, port: 0 };
    expect(await configure(questions, given)).toEqual({ service: { user: 'root' }, port: 5 });
    expect(notes).toEqual([expect.stringMatching(/^\/port: numeric instance is lower than/)]);
  });

  it('is for those who have a terminal', async () => {
    const { code, stderr } = await runPlenum(['package', 'configure', 'db']);
    expect(code).toBe(2);
    expect(stderr).toContain('plenum package describe db --config');
  });
});

describe('an answer', () => {
  const parse = (text: string, type: string | string[], items?: string) =>
    parseAnswer(text, {
      types: [type].flat(),
      schema: items === undefined ? {} : { items: { type: items } },
    });

  it.each([
    ['5', 'integer', 5],
    ['0.5', 'number', 0.5],
    ['5', 'string', '5'],
    ['""', 'string', ''],
    ['" a"', 'string', ' a'],
    ['"half', 'string', '"half'],
    ['{"a": 1}', 'object', { a: 1 }],
    ['null', ['string', 'null'], null],
    ['word', ['string', 'null'], 'word'],
    ['a, b,', 'array', ['a', 'b']],
    ['["a,b"]', 'array', ['a,b']],
  ])('%j for %j is %j', (text, type, value) => {
    expect(parse(text, type)).toEqual({ type: 'value', value });
  });

  it('is refused when it cannot be of the type, and nothing when it is empty', () => {
    expect(parse('x', 'integer')).toEqual({ type: 'problem', message: 'integer is expected' });
    expect(parse('1, x', 'array', 'integer')).toMatchObject({ type: 'problem' });
    expect(parse('1, 2', 'array', 'integer')).toEqual({ type: 'value', value: [1, 2] });
    expect(parse('  ', 'string')).toEqual({ type: 'nothing' });
  });

  it.each([['a b'], [''], [' a'], [5], [true], [['a', 'b']], [['a b', 'c,d']], [['1', '2']], [{ a: [1] }]])(
    'is typed anew as it is shown: %j',
    (value) => {
      const type = Array.isArray(value) ? 'array' : typeof value === 'number' ? 'integer' : typeof value;
      const items = Array.isArray(value) ? 'string' : undefined;
      expect(parse(answerText(value), type, items)).toEqual({ type: 'value', value });
    },
  );
});
