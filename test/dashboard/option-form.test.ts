import { describe, expect, it } from 'vitest';
import {
  optionsWith,
  pointerOf,
  sectionsOf,
  shownText,
  whyWrong,
} from '../../src/dashboard/model/option-form.ts';
import { safeImage, safeLink } from '../../src/dashboard/model/packages.ts';
import type { Json, JsonObject } from '../../src/universe/json/json.ts';
import { type OptionNode, optionTree } from '../../src/universe/options/option-tree.ts';

const CONFIG: JsonObject = {
  type: 'object',
  properties: {
    service: {
      type: 'object',
      description: 'The service.',
      properties: {
        name: { type: 'string', default: 'db' },
        count: { type: 'integer', minimum: 1, maximum: 9, default: 3 },
        share: { type: 'number' },
        isSafe: { type: 'boolean', default: true },
        mode: { enum: ['fast', 2], default: 'fast' },
        hosts: { type: 'array', default: ['a'] },
        inner: { type: 'object', properties: { 'a/b~c': { type: 'string' } } },
      },
      required: ['count'],
    },
    debug: { type: 'boolean' },
  },
};

const nodes = optionTree(CONFIG);
const fields = sectionsOf(nodes).flatMap((section) => section.fields);
const field = (pointer: string): OptionNode => {
  const found = fields.find((node) => pointerOf(node) === pointer);
  if (!found) throw new Error(`No field ${pointer}`);
  return found;
};

describe('the form of options', () => {
  it('has a section for those at the top, and for each section of the schema', () => {
    expect(sectionsOf(nodes).map(({ title, fields: own }) => [title, own.map(({ name }) => name)])).toEqual([
      ['', ['debug']],
      ['service', ['name', 'count', 'share', 'isSafe', 'mode', 'hosts']],
      ['service › inner', ['a/b~c']],
    ]);
  });

  it('shows what was typed, else what is given, else the default', () => {
    const given = { service: { count: 5 } };
    expect(shownText(field('/service/name'), given, {})).toBe('db');
    expect(shownText(field('/service/count'), given, {})).toBe('5');
    expect(shownText(field('/service/count'), given, { '/service/count': '7' })).toBe('7');
    expect(shownText(field('/debug'), given, {})).toBe('');
  });

  it('sends only what was given or touched, in the types of the schema', () => {
    const answers = {
      '/service/count': '4',
      '/service/isSafe': 'false',
      '/service/mode': '2',
      '/service/hosts': '["x"]',
      '/service/inner/a~1b~0c': 'deep',
    };
    expect(optionsWith(nodes, { service: { name: 'mine' } }, answers)).toEqual({
      service: { name: 'mine', count: 4, isSafe: false, mode: 2, hosts: ['x'], inner: { 'a/b~c': 'deep' } },
    });
    expect(optionsWith(nodes, {}, {})).toEqual({});
  });

  it('leaves out a number whose field was emptied, and keeps an empty text', () => {
    const given = { service: { share: 1, name: 'x' } };
    expect(optionsWith(nodes, given, { '/service/share': '', '/service/name': '' })).toEqual({
      service: { name: '' },
    });
    expect(given).toEqual({ service: { share: 1, name: 'x' } });
  });

  it.each([
    ['/service/count', '', 'is required'],
    ['/service/count', 'x', 'is no number'],
    ['/service/count', '1.5', 'is no whole number'],
    ['/service/count', '0', 'is less than 1'],
    ['/service/count', '10', 'is more than 9'],
    ['/service/hosts', '[', 'is no JSON'],
    ['/service/count', '2', undefined],
    ['/service/share', '', undefined],
    ['/service/name', '', undefined],
  ])('says of %s with %j: %s', (pointer, text, wrong) => {
    expect(whyWrong(field(pointer), text)).toBe(wrong);
  });

  it('takes options named as what objects have for options', () => {
    const odd = optionTree({
      properties: JSON.parse('{"__proto__": {"type": "string"}}') as Json,
    } as JsonObject);
    const options = optionsWith(odd, {}, { '/__proto__': 'x' });
    expect(JSON.stringify(options)).toBe('{"__proto__":"x"}');
    expect(Object.getPrototypeOf(options)).toBe(Object.prototype);
  });
});

describe('what packages name', () => {
  it.each([
    ['https://example.com/icon.png', '/package/resource?url=https%3A%2F%2Fexample.com%2Ficon.png'],
    [
      'http://gateway/package/resource?url=https%3A%2F%2Fe.com%2Fa.png',
      '/package/resource?url=https%3A%2F%2Fe.com%2Fa.png',
    ],
    ['data:image/png;base64,AA==', 'data:image/png;base64,AA=='],
    ['data:text/html,<script>', undefined],
    ['javascript:alert(1)', undefined],
    ['/mesos/teardown', undefined],
  ])('is shown as an image only through the cluster: %s', (named, shown) => {
    expect(safeImage({ 'icon-medium': named })).toBe(shown);
  });

  it('is linked to only on the web', () => {
    expect(safeLink('https://kafka.apache.org/')).toBe('https://kafka.apache.org/');
    expect(safeLink('javascript:alert(1)')).toBeUndefined();
    expect(safeLink(undefined)).toBeUndefined();
    expect(safeImage(null)).toBeUndefined();
  });
});
