import { describe, expect, it } from 'vitest';
import { DecodeError } from '../../src/mesos/codec/decode-json.ts';
import { parseJson } from '../../src/mesos/codec/parse-json.ts';
import { parseDuration } from '../../src/mesos/duration-text.ts';
import type { Resource } from '../../src/mesos/generated/mesos.ts';
import { resourcesText } from '../../src/mesos/resources/resource-text.ts';
import { summarize, toEndpointFormat } from '../../src/mesos/resources/summary.ts';
import { ancestorRoles, isInSubtree, roleNameProblem } from '../../src/mesos/role-name.ts';

const scalar = (name: string, value: number, more: Partial<Resource> = {}): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  ...more,
});
const reservedFor = (role: string, more: object = {}): Partial<Resource> => ({
  reservations: [{ type: 'DYNAMIC', role, ...more }],
});
const PORTS: Resource = {
  name: 'ports',
  type: 'RANGES',
  ranges: {
    range: [
      { begin: 31000, end: 31004 },
      { begin: 31006, end: 32000 },
    ],
  },
};

describe('the name of a role', () => {
  it.each(['*', 'eng', 'eng/web', 'a.b', 'a-b', 'A_1'])('may be %s', (role) => {
    expect(roleNameProblem(role)).toBeUndefined();
  });

  it.each<[string, string]>([
    ['', 'Empty role name is invalid'],
    ['/eng', "Role '/eng' cannot start with a slash"],
    ['eng/', "Role 'eng/' cannot end with a slash"],
    ['eng//web', "Role component '' is invalid because it is empty"],
    ['eng/..', "Role component '..' is invalid because it is '..'"],
    ['eng/*', "Role component '*' is invalid because it is '*'"],
    ['-eng', "Role component '-eng' is invalid because it starts with a dash"],
    ['a b', "Role component 'a b' is invalid because it contains backspace or whitespace"],
  ])('may not be "%s"', (role, problem) => {
    expect(roleNameProblem(role)).toBe(problem);
  });

  it('has bounds, and says so without repeating what is beyond them', () => {
    const deep = Array.from({ length: 33 }, () => 'a').join('/');
    expect(roleNameProblem(deep)).toBe(`Role '${deep}' has 33 components, and no more than 32 are allowed`);
    expect(roleNameProblem(deep.slice(2))).toBeUndefined();
    const hostile = Array.from({ length: 50_000 }, () => 'a').join('/');
    expect(roleNameProblem(hostile)).toBe(`Role '${hostile.slice(0, 50)}...' is longer than 600 bytes`);
    expect(roleNameProblem('b'.repeat(601))).toMatch(/is longer than 600 bytes$/);
  });

  it('tells the roles above and below', () => {
    expect(ancestorRoles('a/b/c')).toEqual(['a', 'a/b']);
    expect(ancestorRoles('*')).toEqual([]);
    expect([isInSubtree('a/b', 'a'), isInSubtree('a', 'a'), isInSubtree('ab', 'a')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('resources in messages', () => {
  it.each<[string, Resource[]]>([
    ['{}', []],
    [
      'cpus:3; ports:[31000-31004, 31006-32000]; disk(reservations: [(DYNAMIC,ads)]):500',
      [scalar('cpus', 3), PORTS, scalar('disk', 500, reservedFor('ads'))],
    ],
    [
      'disk(reservations: [(DYNAMIC,ads,my-principal,{k: v})]):10',
      [
        scalar(
          'disk',
          10,
          reservedFor('ads', { principal: 'my-principal', labels: { labels: [{ key: 'k', value: 'v' }] } }),
        ),
      ],
    ],
    [
      'disk(allocated: golden)(reservations: [(DYNAMIC,golden)]):100',
      [scalar('disk', 100, { allocation_info: { role: 'golden' }, ...reservedFor('golden') })],
    ],
    [
      'disk(reservations: [(STATIC,a),(DYNAMIC,a/b)])[vol:data]<SHARED>:64',
      [
        scalar('disk', 64, {
          reservations: [
            { type: 'STATIC', role: 'a' },
            { type: 'DYNAMIC', role: 'a/b' },
          ],
          disk: { persistence: { id: 'vol' }, volume: { container_path: 'data', mode: 'RW' } },
          shared: {},
        }),
      ],
    ],
    [
      'cpus{REV}:1; zones:{a, b}',
      [scalar('cpus', 1, { revocable: {} }), { name: 'zones', type: 'SET', set: { item: ['a', 'b'] } }],
    ],
  ])('read %s', (text, resources) => {
    expect(resourcesText(resources)).toBe(text);
  });
});

describe('resources in reads', () => {
  it('are summed up by name, what may be taken back apart', () => {
    const resources = [scalar('cpus', 0.1), scalar('cpus', 0.2), scalar('cpus', 4, { revocable: {} }), PORTS];
    expect(summarize(resources)).toEqual({
      disk: 0,
      mem: 0,
      gpus: 0,
      cpus: 0.3,
      cpus_revocable: 4,
      ports: '[31000-31004, 31006-32000]',
    });
  });

  it('have the fields of both formats where both can say it', () => {
    const refined = scalar('cpus', 1, {
      reservations: [
        { type: 'STATIC', role: 'a' },
        { type: 'DYNAMIC', role: 'a/b' },
      ],
    });
    expect(toEndpointFormat(refined)).toEqual(refined);
    expect(toEndpointFormat(scalar('cpus', 1, { reservations: [{ type: 'STATIC', role: 'a' }] }))).toEqual({
      ...scalar('cpus', 1),
      role: 'a',
      reservations: [{ type: 'STATIC', role: 'a' }],
    });
    expect(toEndpointFormat(scalar('cpus', 1, reservedFor('a', { principal: 'p' })))).toMatchObject({
      role: 'a',
      reservation: { principal: 'p' },
    });
  });
});

describe('a duration', () => {
  it.each<[string, number]>([
    ['10secs', 10_000],
    ['1.5mins', 90_000],
    ['2weeks', 1_209_600_000],
    ['100ms', 100],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each<[string, string]>([
    ['zz', "Failed to convert '' to number."],
    ['1.2.3secs', "Failed to convert '1.2.3' to number."],
    ['5', "Unknown duration unit ''"],
  ])('may not be %s', (text, problem) => {
    expect(parseDuration(text)).toEqual(new Error(problem));
  });
});

describe('a text that is no JSON', () => {
  it.each(['', '{', '{"type": "GET_', '[1,'])('is named as Mesos does when it ends too early: %s', (text) => {
    expect(() => parseJson(text)).toThrow(new DecodeError('syntax error at line 1 near: '));
  });

  it('is named as the engine does otherwise', () => {
    expect(() => parseJson('{"a": x}')).toThrow(/x/);
    expect(parseJson('{"a": [1]}')).toEqual({ a: [1] });
  });

  it.each(['{"role": "a\\ud800"}', '["\\udc00\\ud800"]', '{"\\uD800": 1}'])(
    'is refused for half a character: %s',
    (text) => {
      expect(() => parseJson(text)).toThrow(
        new DecodeError('syntax error: an escape is half of a surrogate pair'),
      );
    },
  );

  it('is not what escapes make of whole characters', () => {
    expect(parseJson('["\\ud83d\\ude00", "\\\\ud800"]')).toEqual(['😀', '\\ud800']);
  });
});
