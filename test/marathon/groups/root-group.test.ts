import { describe, expect, it } from 'vitest';
import type { AppDefinition } from '../../../src/marathon/definitions/app.ts';
import { restoreGroup } from '../../../src/marathon/groups/restore-group.ts';
import {
  appsBelow,
  appsOf,
  dependenciesOf,
  emptyRootGroup,
  groupsOf,
  nextVersion,
  putApp,
  putApps,
  putGroup,
  type RootGroup,
  removeApp,
  removeGroup,
} from '../../../src/marathon/groups/root-group.ts';
import { rootViolations } from '../../../src/marathon/groups/root-violations.ts';
import { markForRestart, stampVersions } from '../../../src/marathon/groups/stamp-versions.ts';
import { acceptApp } from '../definitions/accept-app.ts';

const FIRST = '2026-01-02T03:04:05.678Z';
const SECOND = '2026-01-02T03:04:06.000Z';

const make = (id: string, more: object = {}): Promise<AppDefinition> =>
  acceptApp({ id, cmd: 'sleep 1', ...more });
const ids = (members: readonly { id: string }[]): string[] => members.map(({ id }) => id);
const at = (root: RootGroup, id: string): AppDefinition => {
  const app = root.apps.get(id);
  if (!app) throw new Error(`there is no ${id}`);
  return app;
};

describe('a root group', () => {
  it('makes the groups that enclose an app, and tells what is in each', async () => {
    const root = putApps(emptyRootGroup(), [await make('/a/b/c'), await make('/a/d'), await make('/e')]);
    expect([...root.groups.keys()]).toEqual(['/', '/a', '/a/b']);
    expect(ids(appsOf(root, '/a'))).toEqual(['/a/d']);
    expect(ids(appsBelow(root, '/a'))).toEqual(['/a/b/c', '/a/d']);
    expect(ids(appsBelow(root, '/'))).toHaveLength(3);
    expect(ids(groupsOf(root, '/'))).toEqual(['/a']);
  });

  it('loses an app alone, and a group with all that is in it', async () => {
    const root = putApps(emptyRootGroup(), [await make('/a/b'), await make('/a-b/c')]);
    expect([...removeApp(root, '/a/b').groups.keys()]).toEqual(['/', '/a', '/a-b']);
    const without = removeGroup(root, '/a');
    expect([...without.apps.keys()]).toEqual(['/a-b/c']);
    expect([...without.groups.keys()]).toEqual(['/', '/a-b']);
    expect([...removeGroup(root, '/').groups.keys()]).toEqual(['/']);
  });

  it('is never changed itself', async () => {
    const root = emptyRootGroup();
    putApp(root, await make('/a/b'));
    expect(root).toEqual(emptyRootGroup());
  });

  it('knows that an app waits for what its groups wait for', async () => {
    const app = await make('/a/b/c', { dependencies: ['d'] });
    const root = putGroup(putApp(emptyRootGroup(), app), { id: '/a', dependencies: ['/x'], version: FIRST });
    expect(dependenciesOf(root, app)).toEqual(['/a/b/d', '/x']);
  });

  it('has versions that grow even when the clock does not', () => {
    const root = emptyRootGroup(FIRST);
    expect(nextVersion(root, Date.parse(FIRST) - 10_000)).toBe('2026-01-02T03:04:05.679Z');
    expect(nextVersion(root, Date.parse(SECOND))).toBe(SECOND);
  });

  it('puts a group back as it was without touching others', async () => {
    const then = putApps(emptyRootGroup(), [await make('/a/b', { cpus: 1 }), await make('/c', { cpus: 1 })]);
    const now = putApps(then, [
      await make('/a/b', { cpus: 2 }),
      await make('/a/new'),
      await make('/c', { cpus: 2 }),
    ]);
    const restored = restoreGroup(now, then, '/a');
    expect([...restored.apps.values()].map(({ id, cpus }) => [id, cpus])).toEqual([
      ['/c', 2],
      ['/a/b', 1],
    ]);
  });
});

describe('versions', () => {
  const stamped = async (change: (app: AppDefinition) => AppDefinition) => {
    const before = stampVersions(emptyRootGroup(), putApp(emptyRootGroup(), await make('/g/a')), FIRST);
    const app = at(before, '/g/a');
    const after = stampVersions(before, putApp(before, change(app)), SECOND);
    return { before: app, after: at(after, '/g/a'), root: after };
  };

  it.each([
    ['a change of the configuration is one of scaling too', { cpus: 2 }, SECOND, SECOND, SECOND],
    ['another number of instances restarts nothing', { instances: 5 }, SECOND, SECOND, FIRST],
    ['labels are configuration', { labels: { a: 'b' } }, SECOND, SECOND, SECOND],
    ['nothing is no change', {}, FIRST, FIRST, FIRST],
  ])('%s', async (_title, change, version, lastScalingAt, lastConfigChangeAt) => {
    const { after } = await stamped((app) => ({ ...app, ...change }));
    expect(after).toMatchObject({ version, versionInfo: { lastScalingAt, lastConfigChangeAt } });
  });

  it('a restart is a change of configuration, but not of scale', async () => {
    const { after } = await stamped((app) => markForRestart(app, SECOND));
    expect(after).toMatchObject({
      version: SECOND,
      versionInfo: { lastScalingAt: FIRST, lastConfigChangeAt: SECOND },
    });
  });

  it('of an app that is equal stay the very same object, so that nobody has to compare it', async () => {
    const { before, after } = await stamped((app) => structuredClone(app));
    expect(after).toBe(before);
  });

  it('are given to the groups above a change and to no others', async () => {
    const first = stampVersions(
      emptyRootGroup(),
      putApps(emptyRootGroup(), [await make('/g/h/a'), await make('/other/b')]),
      FIRST,
    );
    const second = stampVersions(first, removeApp(first, '/g/h/a'), SECOND);
    const versions = [...second.groups.values()].map(({ id, version }) => [id, version]);
    expect(versions).toEqual([
      ['/', SECOND],
      ['/g', SECOND],
      ['/g/h', SECOND],
      ['/other', FIRST],
    ]);
  });
});

describe('everything together', () => {
  const problems = async (apps: AppDefinition[], groups: Record<string, string[]> = {}) => {
    let root = putApps(emptyRootGroup(), apps);
    for (const [id, dependencies] of Object.entries(groups)) {
      root = putGroup(root, { id, dependencies, version: FIRST });
    }
    return rootViolations(emptyRootGroup(), root).map(({ message }) => message);
  };
  const CYCLE = 'Dependency graph has cyclic dependencies.';

  it('must not have an app and a group of one id, in whichever order they come', async () => {
    const CLASH = 'Groups and Applications may not have the same identifier.';
    expect(await problems([await make('/a'), await make('/a/b')])).toEqual([CLASH]);
    const root = putApp(emptyRootGroup(), await make('/a/b'));
    expect(rootViolations(root, putApp(root, await make('/a')))[0]?.message).toBe(CLASH);
    const appFirst = putApp(emptyRootGroup(), await make('/a'));
    expect(rootViolations(appFirst, putApp(appFirst, await make('/a/b')))[0]?.message).toBe(CLASH);
  });

  it('must not wait in a circle of apps', async () => {
    const chain = [
      await make('/a', { dependencies: ['/b'] }),
      await make('/b', { dependencies: ['/c'] }),
      await make('/c'),
    ];
    expect(await problems(chain)).toEqual([]);
    expect(await problems([...chain, await make('/c', { dependencies: ['/a'] })])).toEqual([CYCLE]);
    expect(await problems([await make('/a', { dependencies: ['/a'] })])).toEqual([CYCLE]);
  });

  it('must not wait in a circle through groups', async () => {
    const apps = [await make('/g/a'), await make('/h/b')];
    expect(await problems(apps, { '/g': ['/h'] })).toEqual([]);
    expect(await problems(apps, { '/g': ['/h'], '/h': ['/g'] })).toEqual([CYCLE]);
    expect(await problems([await make('/g/a', { dependencies: ['/g'] })])).toEqual([CYCLE]);
    expect(
      await problems([await make('/g/a'), await make('/h/b', { dependencies: ['/g/a'] })], { '/g': ['/h'] }),
    ).toEqual([CYCLE]);
  });

  it('may depend on what is not there', async () => {
    expect(await problems([await make('/a', { dependencies: ['/nowhere'] })])).toEqual([]);
  });

  it('is checked in time however long the chain', async () => {
    const template = await make('/x');
    const apps = Array.from({ length: 20_000 }, (_, index) => ({
      ...template,
      id: `/x${index}`,
      dependencies: [`/x${index + 1}`],
    }));
    expect(await problems(apps)).toEqual([]);
  });
});
