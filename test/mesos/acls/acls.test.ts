import { describe, expect, it } from 'vitest';
import { isAuthorized, mayAll } from '../../../src/mesos/acls/acls.ts';
import { readAcls } from '../../../src/mesos/acls/read-acls.ts';

const acls = (sections: object) => readAcls(JSON.stringify(sections));

const ANY = { type: 'ANY' };
const NONE = { type: 'NONE' };
const some = (...values: string[]): object => ({ values });

const may = (sections: object, principal: string | undefined, object?: string): boolean =>
  isAuthorized(acls(sections), { action: 'run_tasks', principal, object });

describe('ACLs', () => {
  it('allow everything where there are none, and what no rule speaks of as they are permissive', () => {
    expect(isAuthorized(undefined, { action: 'run_tasks', principal: undefined })).toBe(true);
    expect(may({}, 'a', 'root')).toBe(true);
    expect(may({ permissive: false }, 'a', 'root')).toBe(false);
    const rule = { run_tasks: [{ principals: some('a'), users: some('web') }] };
    expect(may(rule, 'a', 'root')).toBe(true);
    expect(may({ ...rule, permissive: false }, 'a', 'root')).toBe(false);
    expect(may({ ...rule, permissive: false }, 'a', 'web')).toBe(true);
    expect(may({ ...rule, permissive: false }, 'b', 'web')).toBe(false);
  });

  it('are decided by the first rule that speaks of who asks and of what', () => {
    const rules = {
      run_tasks: [
        { principals: some('a'), users: some('web') },
        { principals: some('a'), users: NONE },
        { principals: NONE, users: some('root') },
        { principals: some('a', 'b'), users: ANY },
      ],
    };
    expect(may(rules, 'a', 'web')).toBe(true);
    expect(may(rules, 'a', 'other')).toBe(false);
    expect(may(rules, 'b', 'root')).toBe(false);
    expect(may(rules, 'b', 'other')).toBe(true);
    expect(may(rules, 'c', 'other')).toBe(true);
  });

  it('take somebody who was not asked, and something unnamed, for no name that is listed', () => {
    const rules = { permissive: false, run_tasks: [{ principals: some('a'), users: some('web') }] };
    expect(may(rules, undefined, 'web')).toBe(false);
    expect(may(rules, 'a')).toBe(false);
    expect(may({ permissive: false, run_tasks: [{ principals: ANY, users: ANY }] }, undefined)).toBe(true);
  });

  it('mean the roles below a role by its name and a %', () => {
    const rules = acls({
      permissive: false,
      register_frameworks: [{ principals: ANY, roles: some('dev/%', 'ops') }],
    });
    const isAllowed = (object: string): boolean =>
      isAuthorized(rules, { action: 'register_frameworks', principal: 'a', object });
    expect(['dev/web', 'dev/web/old', 'ops'].map(isAllowed)).toEqual([true, true, true]);
    expect(['dev', 'development/web', 'ops/web'].map(isAllowed)).toEqual([false, false, false]);
  });

  it('tell whether anything at all is kept from somebody', () => {
    const rules = acls({
      run_tasks: [
        { principals: some('a'), users: some('web') },
        { principals: some('b'), users: NONE },
      ],
    });
    expect(mayAll(rules, 'run_tasks', 'a')).toBe(true);
    expect(mayAll(rules, 'run_tasks', 'b')).toBe(false);
    expect(mayAll({ ...rules, permissive: false }, 'run_tasks', 'a')).toBe(false);
    expect(mayAll(undefined, 'run_tasks', 'b')).toBe(true);
  });

  it.each<[string, string, string]>([
    ['no JSON', '{', 'is not JSON'],
    ['a list', '[]', 'must be a JSON object'],
    ['permissive that is no switch', '{"permissive":"no"}', '/permissive must be true or false'],
    ['a section that nobody enforces', '{"run_task":[]}', '/run_task is no section that is enforced'],
    ['a section that is no list', '{"run_tasks":{}}', '/run_tasks must be a list'],
    ['a rule that is none', '{"run_tasks":[7]}', '/run_tasks/0 must be an object with principals and users'],
    [
      'a field of another action',
      '{"run_tasks":[{"principals":{"type":"ANY"},"roles":{"type":"ANY"}}]}',
      '/run_tasks/0/roles is unknown; expected principals and users',
    ],
    ['a missing side', '{"run_tasks":[{"principals":{"type":"ANY"}}]}', '/run_tasks/0/users must be'],
    [
      'an unknown type',
      '{"run_tasks":[{"principals":{"type":"ALL"},"users":{}}]}',
      '/run_tasks/0/principals/type must be SOME, ANY or NONE',
    ],
    [
      'values that are none',
      '{"run_tasks":[{"principals":{"values":[1]},"users":{}}]}',
      '/run_tasks/0/principals/values must be a list of strings',
    ],
    ['the name of a property of all objects', '{"constructor":[]}', '/constructor is no section'],
  ])('are refused with the place of what is wrong: %s', (_which, text, message) => {
    expect(() => readAcls(text)).toThrow(message);
  });
});
