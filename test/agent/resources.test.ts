import { describe, expect, it } from 'vitest';
import { detectResources } from '../../src/agent/resources/detect-resources.ts';
import type { Resource } from '../../src/mesos/generated/mesos.ts';
import { addResources, subtractResources } from '../../src/mesos/resources/arithmetic.ts';
import { parseAttributes, parseResources } from '../../src/mesos/resources/parse-text.ts';

describe('resources in text', () => {
  it('are numbers, ranges and sets, reserved for a role or not', () => {
    expect(parseResources('cpus:1.5; mem(eng):64;ports:[1-2, 5-9];bugs(a/b):{x,y}')).toEqual([
      { name: 'cpus', type: 'SCALAR', scalar: { value: 1.5 } },
      { name: 'mem', type: 'SCALAR', scalar: { value: 64 }, reservations: [{ type: 'STATIC', role: 'eng' }] },
      {
        name: 'ports',
        type: 'RANGES',
        ranges: {
          range: [
            { begin: 1, end: 2 },
            { begin: 5, end: 9 },
          ],
        },
      },
      {
        name: 'bugs',
        type: 'SET',
        set: { item: ['x', 'y'] },
        reservations: [{ type: 'STATIC', role: 'a/b' }],
      },
    ]);
  });

  it('may be JSON', () => {
    const [cpus] = parseResources('[{"name":"cpus","type":"SCALAR","scalar":{"value":2}}]');
    expect(cpus).toEqual({ name: 'cpus', type: 'SCALAR', scalar: { value: 2 } });
    expect(() => parseResources('[{"name":"cpus"}]')).toThrow('Resource 0 has no name or no type');
  });

  it.each(['cpus', 'cpus:', 'cpus:many', 'ports:[1-', 'ports:[2-1]', 'set:{a', 'a b:1'])(
    'refuses %s',
    (text) => {
      expect(() => parseResources(text)).toThrow();
    },
  );

  it('are completed by what the machine has; 0 switches that off', () => {
    const detected = detectResources(parseResources('cpus:2;mem:0'), '/tmp');
    const names = detected.map(({ name }) => name);
    expect(names).toEqual(['cpus', 'disk', 'ports']);
    expect(detected[0]?.scalar?.value).toBe(2);
  });

  it('of attributes may be words', () => {
    expect(parseAttributes('rack:r-1;level:10;zones:{a};keys:[1-5]').map(({ type }) => type)).toEqual([
      'TEXT',
      'SCALAR',
      'SET',
      'RANGES',
    ]);
  });
});

describe('arithmetic', () => {
  it('is exact to a thousandth', () => {
    const tenth = parseResources('cpus:0.1');
    let sum = tenth;
    for (let count = 0; count < 2; count++) sum = addResources(sum, tenth);
    expect(sum).toEqual(parseResources('cpus:0.3'));
    expect(subtractResources(sum, parseResources('cpus:0.3'))).toEqual([]);
    expect(subtractResources(sum, parseResources('cpus:0.301'))).toBeUndefined();
  });

  it('cuts and joins ranges', () => {
    const left = subtractResources(parseResources('ports:[1-10]'), parseResources('ports:[3-4,8-8]'));
    expect(left).toEqual(parseResources('ports:[1-2,5-7,9-10]'));
    expect(addResources(left ?? [], parseResources('ports:[3-4,8-8]'))).toEqual(
      parseResources('ports:[1-10]'),
    );
    expect(subtractResources(left ?? [], parseResources('ports:[2-3]'))).toBeUndefined();
  });

  it('keeps apart what is reserved for different roles', () => {
    const both = addResources(parseResources('mem(a):1'), parseResources('mem(b):2'));
    expect(both).toHaveLength(2);
    expect(subtractResources(both, parseResources('mem:1'))).toBeUndefined();
  });

  it('takes a disk for the same however it is mounted and whoever made the volume on it', () => {
    const disk = (more: object): Resource => ({
      name: 'disk',
      type: 'SCALAR',
      scalar: { value: 10 },
      disk: more,
    });
    const made = disk({
      persistence: { id: 'v', principal: 'ops' },
      volume: { mode: 'RW', container_path: 'a' },
    });
    const meant = disk({ persistence: { id: 'v' }, volume: { mode: 'RO', container_path: 'b' } });
    expect(subtractResources([made], [meant])).toEqual([]);
    expect(subtractResources([made], [disk({ persistence: { id: 'w' } })])).toBeUndefined();
    const onPath = disk({ persistence: { id: 'v' }, source: { type: 'PATH', path: { root: '/mnt' } } });
    expect(subtractResources([made], [onPath])).toBeUndefined();
  });

  it('does not merge what is had whole', () => {
    const raw = (id?: string): Resource => ({
      name: 'disk',
      type: 'SCALAR',
      scalar: { value: 10 },
      disk: { source: { type: 'RAW', ...(id === undefined ? {} : { id }) } },
    });
    expect(addResources([raw('x')], [raw('x')])).toHaveLength(2);
    expect(addResources([raw()], [raw()])).toMatchObject([{ scalar: { value: 20 } }]);
  });
});
