import { describe, expect, it } from 'vitest';
import { DEFAULT_DEFINITION_SETTINGS } from '../../../src/marathon/definitions/definition-settings.ts';
import { InvalidDocument } from '../../../src/marathon/definitions/violation.ts';
import { applyGroup, scaleGroup } from '../../../src/marathon/groups/apply-group.ts';
import { readGroup } from '../../../src/marathon/groups/read-group.ts';
import { emptyRootGroup, type RootGroup } from '../../../src/marathon/groups/root-group.ts';
import { VERSION } from '../definitions/accept-app.ts';

const apply = async (root: RootGroup, id: string, document: unknown): Promise<RootGroup> =>
  applyGroup(root, id, await readGroup(document), {
    settings: DEFAULT_DEFINITION_SETTINGS,
    version: VERSION,
    force: false,
  });

const refusal = async (id: string, document: unknown, root = emptyRootGroup()): Promise<string[]> => {
  try {
    await apply(root, id, document);
    return [];
  } catch (error) {
    if (error instanceof InvalidDocument)
      return error.violations.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
};

const app = (id: string, more: object = {}) => ({ id, cmd: 'sleep 1', ...more });
const shop = {
  apps: [app('front', { instances: 3 }), app('/shop/back')],
  groups: [
    { id: 'db', apps: [app('redis')] },
    { id: '/shop/mail', groups: [{ id: 'out', apps: [app('smtp')] }] },
  ],
};
const appIds = (root: RootGroup): string[] => [...root.apps.keys()].sort();

describe('a group', () => {
  it('is made with all that is in it', async () => {
    const root = await apply(emptyRootGroup(), '/shop', shop);
    expect(appIds(root)).toEqual(['/shop/back', '/shop/db/redis', '/shop/front', '/shop/mail/out/smtp']);
    expect([...root.groups.keys()].sort()).toEqual([
      '/',
      '/shop',
      '/shop/db',
      '/shop/mail',
      '/shop/mail/out',
    ]);
  });

  it('loses what a list does not name, and keeps what no list is about', async () => {
    const root = await apply(emptyRootGroup(), '/shop', shop);
    expect(appIds(await apply(root, '/shop', { apps: [app('front')] }))).toEqual([
      '/shop/db/redis',
      '/shop/front',
      '/shop/mail/out/smtp',
    ]);
    expect(appIds(await apply(root, '/shop', { groups: [{ id: 'db' }] }))).toEqual([
      '/shop/back',
      '/shop/db/redis',
      '/shop/front',
    ]);
    expect(appIds(await apply(root, '/shop', { dependencies: ['/x'] }))).toHaveLength(4);
  });

  it('keeps the service ports of its apps', async () => {
    const root = await apply(emptyRootGroup(), '/shop', shop);
    const port = root.apps.get('/shop/back')?.portDefinitions?.[0]?.port;
    const after = await apply(root, '/shop', { apps: [app('back')] });
    expect(after.apps.get('/shop/back')?.portDefinitions?.[0]?.port).toBe(port);
  });

  it('keeps its dependencies and its role unless it is told others', async () => {
    const root = await apply(emptyRootGroup(), '/dev', { enforceRole: true, dependencies: ['../x', 'in'] });
    const after = await apply(root, '/dev', { apps: [app('a')] });
    expect(after.groups.get('/dev')).toMatchObject({ enforceRole: true, dependencies: ['/x', '/dev/in'] });
    expect(after.apps.get('/dev/a')?.role).toBe('dev');
  });

  it('enforces its role from the start where Marathon is told to have new ones do so', async () => {
    const placement = {
      settings: { ...DEFAULT_DEFINITION_SETTINGS, newGroupEnforceRole: 'top' as const },
      version: VERSION,
      force: false,
    };
    const input = await readGroup({ apps: [app('a')], groups: [{ id: 'in', apps: [app('b')] }] });
    const root = applyGroup(emptyRootGroup(), '/dev', input, placement);
    expect([...root.apps.values()].map(({ role }) => role)).toEqual(['dev', 'dev']);
    expect(root.groups.get('/dev')?.enforceRole).toBe(true);
    expect(root.groups.get('/dev/in')).not.toHaveProperty('enforceRole');
    const off = applyGroup(emptyRootGroup(), '/dev', { ...input, enforceRole: false }, placement);
    expect([...off.apps.values()].map(({ role }) => role)).toEqual(['*', '*']);
  });

  it('is scaled with all that is below, rounding up', async () => {
    const root = await apply(emptyRootGroup(), '/shop', shop);
    const scaled = scaleGroup(root, '/shop', 1.5);
    expect([...scaled.apps.values()].map(({ instances }) => instances)).toEqual([5, 2, 2, 2]);
    expect(scaleGroup(root, '/new', 2).groups.has('/new')).toBe(true);
    expect(() => scaleGroup(root, '/shop', 1e9)).toThrow('/scaleBy: got 3000000000 instances of /shop/front');
  });
});

describe('a group is refused for', () => {
  it.each([
    [
      'an app that is not its child',
      { apps: [app('/other/a')] },
      "/apps(0)/id: Identifier is not child of '/g'",
    ],
    [
      'a group that is not its child',
      { groups: [{ id: 'ok', groups: [{ id: '../x' }] }] },
      "/groups(0)/groups(0)/id: Identifier is not child of '/g/ok'",
    ],
    ['an app twice', { apps: [app('a'), app('/g/a')] }, '/apps(1)/id: /g/a is there twice'],
    [
      'a fault of an app, with the way to it',
      { groups: [{ id: 'x', apps: [app('a'), app('b', { cmd: 'x' })] }] },
      '/groups(0)/apps(1)/cmd: must not be an empty string',
    ],
    [
      'the form of an app, with the way to it',
      { groups: [{ id: 'x', apps: [app('a', { cpus: 'many' })] }] },
      '/groups(0)/apps(0)/cpus: error.expected.jsnumber',
    ],
    [
      'old and new in one app, with the way to it',
      { apps: [app('a', { uris: ['x'], fetch: [{ uri: 'y' }] })] },
      '/apps(0)/uris: may not be set in conjunction with fetch',
    ],
    ['a group without an id', { groups: [{ apps: [] }] }, '/groups(0)/id: error.path.missing'],
    [
      'a role that is enforced below the top',
      { groups: [{ id: 'x', enforceRole: true }] },
      '/groups(0)/enforceRole: enforceRole can only be set for top-level groups, and /g/x is not top-level',
    ],
  ])('%s', async (_title, document, violation) => {
    expect(await refusal('/g', document)).toEqual([violation]);
  });

  it('an id that is none', async () => {
    expect((await refusal('/G', {}))[0]).toMatch(/^\/id: must fully match/);
  });

  it('another role together with other services', async () => {
    const root = await apply(emptyRootGroup(), '/g', { apps: [app('a')] });
    expect(await refusal('/g', { enforceRole: true, apps: [] }, root)).toEqual([
      '/enforceRole: enforceRole cannot be modified in a request that adds, removes or modifies services; please make these changes in separate requests.',
    ]);
    expect(await refusal('/g', { enforceRole: true }, root)).toEqual([]);
  });

  it('faults of several apps, all at once', async () => {
    expect(await refusal('/g', { apps: [app('a', { cmd: 'x' }), app('b', { cmd: 'y' })] })).toEqual([
      '/apps(0)/cmd: must not be an empty string',
      '/apps(1)/cmd: must not be an empty string',
    ]);
  });
});
