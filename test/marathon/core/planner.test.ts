import { describe, expect, it } from 'vitest';
import { planSteps } from '../../../src/marathon/core/planner.ts';
import type { AppDefinition } from '../../../src/marathon/definitions/app.ts';
import { targetOf } from '../../../src/marathon/engine.ts';
import {
  emptyRootGroup,
  putApps,
  putGroup,
  type RootGroup,
} from '../../../src/marathon/groups/root-group.ts';
import { markForRestart, stampVersions } from '../../../src/marathon/groups/stamp-versions.ts';
import { appOf } from './app-of.ts';

const rootOf = (...apps: AppDefinition[]): RootGroup => putApps(emptyRootGroup(), apps);

/** The steps as text: actions of a step side by side. */
const plan = (before: RootGroup, after: RootGroup, toKill?: Map<string, string[]>): string[] =>
  planSteps({
    before,
    after: stampVersions(before, after, '2026-02-02T00:00:00.000Z'),
    ...(toKill ? { toKill } : {}),
  }).map(({ actions }) =>
    actions.map((action) => `${action.action.replace('Application', '')} ${targetOf(action)}`).join(', '),
  );

describe('planning a deployment', () => {
  it('starts a new app with no instances and then scales it', () => {
    expect(plan(rootOf(), rootOf(appOf({ id: '/a' })))).toEqual(['Start /a', 'Scale /a']);
  });

  it('has nothing to do when nothing differs', () => {
    const root = rootOf(appOf({ id: '/a' }));
    expect(plan(root, root)).toEqual([]);
  });

  it('scales when only the number of instances differs, to none too', () => {
    const root = rootOf(appOf({ id: '/a' }));
    expect(plan(root, rootOf(appOf({ id: '/a', instances: 7 })))).toEqual(['Scale /a']);
    expect(plan(root, rootOf(appOf({ id: '/a', instances: 0 })))).toEqual(['Scale /a']);
  });

  it('restarts when anything else differs, labels included', () => {
    const root = rootOf(appOf({ id: '/a' }));
    expect(plan(root, rootOf(appOf({ id: '/a', labels: { team: 'x' } })))).toEqual(['Restart /a']);
    expect(plan(root, rootOf(appOf({ id: '/a', cmd: 'true', instances: 3 })))).toEqual(['Restart /a']);
  });

  it('restarts an equal app that was marked for it', () => {
    const app = appOf({ id: '/a' });
    expect(plan(rootOf(app), rootOf(markForRestart(app, '2026-02-02T00:00:00.000Z')))).toEqual([
      'Restart /a',
    ]);
  });

  it('scales an equal app when instances of it are to be killed', () => {
    const root = rootOf(appOf({ id: '/a' }));
    expect(plan(root, root, new Map([['/a', ['a.instance-1']]]))).toEqual(['Scale /a']);
  });

  it('stops all that goes in the first step, whatever depends on what', () => {
    const before = rootOf(
      appOf({ id: '/a' }),
      appOf({ id: '/b', dependencies: ['/a'] }),
      appOf({ id: '/c' }),
    );
    expect(plan(before, rootOf(appOf({ id: '/c', instances: 2 })))).toEqual(['Stop /a, Stop /b', 'Scale /c']);
  });

  it('begins with what depends on nothing, and puts apps of one layer into one step', () => {
    const after = rootOf(
      appOf({ id: '/web', dependencies: ['/api', '/cache'] }),
      appOf({ id: '/api', dependencies: ['/db'] }),
      appOf({ id: '/cache' }),
      appOf({ id: '/db' }),
    );
    expect(plan(rootOf(), after)).toEqual([
      'Start /web, Start /api, Start /cache, Start /db',
      'Scale /cache, Scale /db',
      'Scale /api',
      'Scale /web',
    ]);
  });

  it('leaves out layers in which nothing changes', () => {
    const db = appOf({ id: '/db' });
    const before = rootOf(db, appOf({ id: '/web', dependencies: ['/db'] }));
    const after = rootOf(db, appOf({ id: '/web', dependencies: ['/db'], instances: 4 }));
    expect(plan(before, after)).toEqual(['Scale /web']);
  });

  it('takes the dependencies of groups for those of all their apps', () => {
    const apps = rootOf(
      appOf({ id: '/web/one' }),
      appOf({ id: '/web/two' }),
      appOf({ id: '/data/db' }),
      appOf({ id: '/data/deep/log', dependencies: ['/data/db'] }),
    );
    const after = putGroup(apps, { id: '/web', dependencies: ['/data'], version: apps.version });
    expect(plan(rootOf(), after).slice(1)).toEqual([
      'Scale /data/db',
      'Scale /data/deep/log',
      'Scale /web/one, Scale /web/two',
    ]);
  });

  it('ends for a cycle, should one get this far', () => {
    const after = rootOf(
      appOf({ id: '/a', dependencies: ['/b'] }),
      appOf({ id: '/b', dependencies: ['/a'] }),
    );
    expect(plan(rootOf(), after).join(' ')).toContain('Scale /a');
  });

  it('goes on with a restart that it cuts short by scaling', () => {
    const before = rootOf(appOf({ id: '/a' }));
    const after = stampVersions(
      before,
      rootOf(appOf({ id: '/a', instances: 3 })),
      '2026-02-02T00:00:00.000Z',
    );
    expect(planSteps({ before, after, unfinishedRestarts: new Set(['/a']) })).toEqual([
      { actions: [{ action: 'RestartApplication', app: '/a' }] },
    ]);
  });

  it('plans ten thousand apps with a chain of groups', () => {
    const apps = Array.from({ length: 10_000 }, (_, index) => appOf({ id: `/g${index % 100}/app${index}` }));
    let after = putApps(emptyRootGroup(), apps);
    for (let group = 1; group < 100; group++) {
      after = putGroup(after, {
        id: `/g${group}`,
        dependencies: [`/g${group - 1}`],
        version: after.version,
      });
    }
    expect(plan(rootOf(), after)).toHaveLength(101);
  });
});
