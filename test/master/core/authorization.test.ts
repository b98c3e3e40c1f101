import { describe, expect, it } from 'vitest';
import { readAcls } from '../../../src/mesos/acls/read-acls.ts';
import { CoreHarness, cpus, INFO, task } from './harness.ts';

const some = (...values: string[]): object => ({ values });
const ANY = { type: 'ANY' };
const NONE = { type: 'NONE' };

const setUp = (acls: object) => {
  const harness = new CoreHarness({ settings: { acls: readAcls(JSON.stringify(acls)) } });
  const agent = harness.agent();
  const framework = harness.scheduler({ ...INFO, principal: 'alice' });
  return { harness, framework, agent };
};

describe('a framework whose principal the ACLs do not allow everything', () => {
  it('is not let into roles that are not its own, when it subscribes or later', () => {
    const { harness, framework } = setUp({
      register_frameworks: [
        { principals: some('alice'), roles: some('eng') },
        { principals: some('alice'), roles: NONE },
      ],
    });
    expect(framework.id).toBe('M-0000');
    const refused = harness.scheduler({ ...INFO, principal: 'alice', roles: ['eng', 'secret'] });
    expect(refused.error).toBe('Not authorized to register framework  with roles { eng, secret }');
    expect(harness.isClosed(refused.streamId)).toBe(true);
    harness.feed({
      type: 'update-framework',
      requestId: 'update',
      frameworkId: framework.id,
      update: { framework_info: { ...INFO, principal: 'alice', roles: ['secret'] } },
    });
    expect(harness.effects).toContainEqual({
      type: 'answer',
      requestId: 'update',
      outcome: {
        type: 'refused',
        status: 403,
        message: 'Not authorized to register framework M-0000 with roles { secret }',
      },
    });
    expect(framework.record.roles).toEqual(['eng']);
  });

  it('counts as who has logged in when it says no principal', () => {
    const harness = new CoreHarness({
      settings: {
        acls: readAcls(
          JSON.stringify({
            permissive: false,
            register_frameworks: [{ principals: some('bob'), roles: ANY }],
          }),
        ),
      },
    });
    const subscribe = { framework_info: INFO };
    harness.feed({ type: 'scheduler-subscribe', streamId: 'bob', subscribe, caller: 'bob' });
    harness.feed({ type: 'scheduler-subscribe', streamId: 'eve', subscribe, caller: 'eve' });
    expect(harness.sent('bob').map(({ type }) => type)).toContain('SUBSCRIBED');
    expect(harness.sent('eve').map(({ type }) => type)).toEqual(['ERROR']);
  });

  it('runs tasks only as the users that it may, and the others of a launch go on', () => {
    const { framework, agent } = setUp({
      run_tasks: [
        { principals: some('alice'), users: some('web') },
        { principals: some('alice'), users: NONE },
      ],
    });
    const asUser = (id: string, user?: string) => ({
      ...task(id, agent.id),
      command: { value: 'true', ...(user === undefined ? {} : { user }) },
    });
    framework.launch(framework.lastOffer, asUser('own', 'web'), asUser('as-root', 'root'), asUser('default'));
    expect(framework.statuses).toMatchObject([
      {
        task_id: { value: 'as-root' },
        state: 'TASK_ERROR',
        reason: 'REASON_TASK_UNAUTHORIZED',
        message: "Not authorized to launch as user 'root'",
      },
      { task_id: { value: 'default' }, reason: 'REASON_TASK_UNAUTHORIZED' },
    ]);
    expect([...framework.record.tasks.keys()]).toEqual(['own']);
  });

  it('runs no group one of whose tasks it may not', () => {
    const { framework, agent } = setUp({ run_tasks: [{ principals: ANY, users: NONE }] });
    const [id] = [framework.lastOffer.id.value];
    const executor = { executor_id: { value: 'pod' }, type: 'DEFAULT' };
    const tasks = [task('one', agent.id), task('two', agent.id)];
    framework.accept([id], [{ type: 'LAUNCH_GROUP', launch_group: { executor, task_group: { tasks } } }]);
    expect(framework.statuses.map(({ task_id, reason }) => [task_id.value, reason])).toEqual([
      ['one', 'REASON_TASK_GROUP_UNAUTHORIZED'],
      ['two', 'REASON_TASK_GROUP_UNAUTHORIZED'],
    ]);
    expect(framework.record.tasks.size).toBe(0);
  });

  it('reserves nothing for roles that it may not reserve for', () => {
    const { framework } = setUp({ reserve_resources: [{ principals: some('alice'), roles: NONE }] });
    const reservations = [{ type: 'DYNAMIC', role: 'eng', principal: 'alice' }];
    const resources = [{ ...cpus(1), reservations }];
    framework.accept(
      [framework.lastOffer.id.value],
      [{ type: 'RESERVE', id: { value: 'op' }, reserve: { resources } }],
    );
    const told = framework.events.find(({ type }) => type === 'UPDATE_OPERATION_STATUS');
    expect(told).toMatchObject({
      update_operation_status: {
        status: { state: 'OPERATION_ERROR', message: "Not authorized to reserve resources as 'alice'" },
      },
    });
  });
});
