import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appJson } from '../../../src/marathon/api/json/app-json.ts';
import { DEFAULT_DEFINITION_SETTINGS } from '../../../src/marathon/definitions/definition-settings.ts';
import { resolvePath } from '../../../src/marathon/definitions/path-id.ts';
import { applyGroup } from '../../../src/marathon/groups/apply-group.ts';
import { readGroup } from '../../../src/marathon/groups/read-group.ts';
import { emptyRootGroup } from '../../../src/marathon/groups/root-group.ts';
import { rootViolations } from '../../../src/marathon/groups/root-violations.ts';
import { ALL_FEATURES, acceptApp, VERSION, violationsOf } from './accept-app.ts';

const folder = join(import.meta.dirname, '..', 'fixtures');
const named = (prefix: string) => readdirSync(folder).filter((name) => name.startsWith(prefix));
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));

/** Which feature an example needs beside what is switched on anyway. */
const NEEDS: Readonly<Record<string, RegExp>> = {
  'app-12-external-dvdi.json': /Feature external_volumes/,
  'app-13-external-csi.json': /Feature (external_volumes|secrets)/,
  'app-14-secrets.json': /Feature secrets/,
  'app-15-gpu-limits.json': /Feature gpu_resources/,
};

describe('the examples of apps', () => {
  it.each(named('app-'))('%s is accepted with its features switched on', async (name) => {
    expect(await violationsOf(read(name), ALL_FEATURES)).toEqual([]);
  });

  it.each(named('app-'))('%s is refused without a feature exactly where it needs one', async (name) => {
    const violations = await violationsOf(read(name));
    const need = NEEDS[name];
    if (need === undefined) expect(violations).toEqual([]);
    else expect(violations).toEqual([...violations].filter((violation) => need.test(violation)));
    expect(violations.length > 0).toBe(need !== undefined);
  });

  it.each(named('app-'))('%s comes back the same when what is shown is sent again', async (name) => {
    const accepted = await acceptApp(read(name), ALL_FEATURES);
    const shown: unknown = JSON.parse(JSON.stringify(appJson(accepted)));
    expect(await acceptApp(shown, ALL_FEATURES)).toEqual(accepted);
  });

  it.each(named('app-'))('%s keeps what it says itself', async (name) => {
    const sent = read(name) as Record<string, unknown>;
    const { ports, uris, ipAddress, container, ...plain } = sent;
    const accepted: unknown = JSON.parse(JSON.stringify(await acceptApp(sent, ALL_FEATURES)));
    const expected = plain.portDefinitions ? { ...plain, portDefinitions: expect.any(Array) } : plain;
    expect(accepted).toMatchObject(expected);
  });
});

describe('the examples of groups', () => {
  const apply = async (name: string) => {
    const input = await readGroup(read(name));
    return applyGroup(emptyRootGroup(), resolvePath(input.id ?? ''), input, {
      settings: DEFAULT_DEFINITION_SETTINGS,
      version: VERSION,
      force: false,
    });
  };

  it('group-01-three-tier.json has all ids and dependencies absolute', async () => {
    const root = await apply('group-01-three-tier.json');
    expect(rootViolations(emptyRootGroup(), root)).toEqual([]);
    expect([...root.groups.keys()]).toEqual(['/', '/shop', '/shop/db', '/shop/service', '/shop/web']);
    expect([...root.apps.keys()]).toEqual([
      '/shop/db/redis',
      '/shop/service/api',
      '/shop/service/mailer',
      '/shop/web/front',
    ]);
    expect(root.groups.get('/shop/service')?.dependencies).toEqual(['/shop/db']);
    expect(root.apps.get('/shop/service/api')?.dependencies).toEqual(['/shop/db/redis']);
    expect(root.apps.get('/shop/service/mailer')?.dependencies).toEqual(['/shop/service/api']);
    const ports = [...root.apps.values()].map(({ portDefinitions }) => portDefinitions?.[0]?.port);
    expect(ports).toEqual([10000, 10001, 10002, 10003]);
  });

  it('group-02-enforce-role.json gives its app the role of the group', async () => {
    const root = await apply('group-02-enforce-role.json');
    expect(root.groups.get('/dev')?.enforceRole).toBe(true);
    expect(root.apps.get('/dev/hello')?.role).toBe('dev');
  });
});
