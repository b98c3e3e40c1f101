import { describe, expect, it } from 'vitest';
import { groupTree } from '../../src/dashboard/model/group-tree.ts';
import type { ServiceStatus, ServiceView } from '../../src/dashboard/model/services.ts';

const service = (name: string, status: ServiceStatus = 'Running', more: Partial<ServiceView> = {}) => ({
  name,
  kind: 'app' as const,
  status,
  reason: '',
  running: 1,
  wanted: 2,
  held: { cpus: 1, mem: 10, disk: 0 },
  link: undefined,
  ...more,
});

const lines = (services: readonly ServiceView[], closed: readonly string[] = []) =>
  groupTree(services, (group) => closed.includes(group)).map(
    ({ kind, name, depth }) => `${' '.repeat(depth)}${kind} ${name}`,
  );

describe('the tree of groups', () => {
  const services = [
    service('/shop/back/db', 'Waiting'),
    service('/alone', 'Degraded'),
    service('/shop/web'),
    service('/shopping/cart'),
    service('marathon', 'Running', { kind: 'framework' }),
  ];

  it('has groups before services, each in the order of what needs a look', () => {
    expect(lines(services)).toEqual([
      'group /shop',
      ' group /shop/back',
      '  app /shop/back/db',
      ' app /shop/web',
      'group /shopping',
      ' app /shopping/cart',
      'app /alone',
      'framework marathon',
    ]);
  });

  it('leaves out what is in a closed group', () => {
    expect(lines(services, ['/shop', '/nowhere'])).toEqual([
      'group /shop',
      'group /shopping',
      ' app /shopping/cart',
      'app /alone',
      'framework marathon',
    ]);
  });

  it('counts in a group all that is below it, closed or not', () => {
    const [group] = groupTree(services, () => true);
    expect(group).toMatchObject({
      status: 'Waiting',
      reason: '1 waiting, 1 running',
      running: 2,
      wanted: 4,
      held: { cpus: 2, mem: 20, disk: 0 },
      isOpen: false,
    });
  });

  it('is empty where nothing runs, and keeps frameworks with slashes in their names out of groups', () => {
    expect(lines([])).toEqual([]);
    expect(lines([service('eng/jobs', 'Running', { kind: 'framework' })])).toEqual(['framework eng/jobs']);
  });
});
