import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CommandClass } from '../../src/cli/base-command.ts';
import { type FakeCluster, slave, startFakeCluster, task } from './fake-cluster.ts';
import { loadCommands } from './run-plenum.ts';

/** Every command that changes a cluster tells beforehand what it would do, and waits where something goes on. */

/** They change no cluster: they read, or are about this machine alone, by the reasons. */
const WITHOUT_DRY_RUN: Readonly<Record<string, RegExp>> = {
  'reads, however often':
    /(^|:)(list|show|get|about|ping|log|ls|download|dns|details|summary|status|history|describe|render|search|why|watch|diff|export|queue|runs|list-components|list-providers|wait|lint|test|top|events|open|offer|token|reference|endpoints|plan)$|^job:show$/,
  'keeps what is known of clusters, in files of this machine':
    /^(cluster:(attach|import|remove|rename|setup)|config:(keys|set|unset)|auth:(login|logout)|plugin:(add|remove))$/,
  'writes files that its user names': /^(package:(configure|lock)|universe:.*|completion)$/,
  'is a program of a person in a task or on a node': /^(task:(exec|attach)|node:ssh)$/,
  'runs a server, or a cluster of this machine':
    /^(agent|down|jobs|marathon|master|packages|quickstart|router|service:run|simulate|up)$/,
};

/** What is over when it is answered, or goes on without an end that could be waited for, by the reasons. */
const WITHOUT_WAIT: Readonly<Record<string, RegExp>> = {
  'the answer says that it is done':
    /^(cluster:(link|unlink)|diagnostics:delete|node:diagnostics:.*|job:(add|update|remove|schedule:.*)|maintenance:(add|remove|stop)|marathon:(delay:reset|deployment:stop|leader:delete)|node:(deactivate|decommission|reactivate)|package:repo:.*|quota:.*|security:secrets:.*)$/,
  'tasks end as fast as they can, and app kill --wait waits for those in their place':
    /^(framework:teardown|service:shutdown|job:kill|marathon:(pod:kill|task:(kill|stop))|maintenance:start|spark:kill)$/,
};

const matches = (lists: Readonly<Record<string, RegExp>>, id: string): boolean =>
  Object.values(lists).some((pattern) => pattern.test(id));

let commands: Record<string, CommandClass>;

beforeAll(async () => {
  commands = await loadCommands();
});

describe('of all commands', () => {
  const flagsOf = (id: string): readonly string[] =>
    Object.keys({ ...commands[id]?.baseFlags, ...commands[id]?.flags });
  const changing = () => Object.keys(commands).filter((id) => !matches(WITHOUT_DRY_RUN, id));

  it('those that change a cluster have --dry-run', () => {
    expect(changing().filter((id) => !flagsOf(id).includes('dry-run'))).toEqual([]);
    expect(changing().length).toBeGreaterThan(60);
  });

  it('those after which something goes on have --wait and --timeout', () => {
    const waiting = changing().filter((id) => !matches(WITHOUT_WAIT, id));
    expect(waiting.filter((id) => !['wait', 'timeout'].every((flag) => flagsOf(id).includes(flag)))).toEqual(
      [],
    );
    expect(waiting.length).toBeGreaterThan(20);
  });

  it('none stands in a list of exceptions that has the flag', () => {
    const excepted = Object.keys(commands).filter((id) => matches(WITHOUT_DRY_RUN, id));
    expect(excepted.filter((id) => flagsOf(id).includes('dry-run'))).toEqual([]);
  });
});

const M = '/service/marathon';
const J = '/service/metronome/v1/jobs';
const MESOS = '/mesos/api/v1';
const framework = { id: 'F', name: 'hdfs', active: true, used_resources: {}, tasks: [task('a.1')] };

describe('--dry-run', () => {
  let cluster: FakeCluster;

  beforeEach(async () => {
    cluster = await startFakeCluster({
      'GET /mesos/slaves': { body: { slaves: [slave('S0', '10.0.0.11')] } },
      'GET /mesos/frameworks': { body: { frameworks: [framework], completed_frameworks: [] } },
      'GET /mesos/roles': { body: { roles: [{ name: 'web', quota: { role: 'web', limit: { cpus: 1 } } }] } },
      'GET /mesos/maintenance/schedule': {
        body: {
          windows: [{ machine_ids: [{ hostname: '10.0.0.11', ip: '10.0.0.11' }], unavailability: {} }],
        },
      },
      [`GET ${J}/job/runs`]: { body: [{ id: 'r1' }] },
      [`HEAD ${M}/v2/pods`]: {},
      'POST /package/repository/list': { body: { repositories: [{ name: 'R', uri: 'http://r' }] } },
      'POST /package/list': { body: { packages: [] } },
    });
  });

  afterEach(() => cluster.close());

  it.each<[string, string, string?]>([
    ['framework teardown hdfs', `POST ${MESOS}`],
    ['service shutdown F', `POST ${MESOS}`],
    ['job add', `POST ${J}`, '{"id":"job","run":{"cmd":"x"}}'],
    ['job update', `PUT ${J}/job`, '{"id":"job","run":{"cmd":"x"}}'],
    ['job remove job', `DELETE ${J}/job`],
    ['job run job', `POST ${J}/job/runs`],
    ['job kill job r1', `POST ${J}/job/runs/r1/actions/stop`],
    ['job kill job --all', `POST ${J}/job/runs/r1/actions/stop`],
    ['job schedule add job', `POST ${J}/job/schedules`, '{"id":"s","cron":"* * * * *"}'],
    ['job schedule update job', `PUT ${J}/job/schedules/s`, '{"id":"s","cron":"* * * * *"}'],
    ['job schedule remove job s', `DELETE ${J}/job/schedules/s`],
    ['marathon app kill /web', `DELETE ${M}/v2/apps/web/tasks`],
    ['marathon app kill /web --scale', `DELETE ${M}/v2/apps/web/tasks?scale=true`],
    ['marathon delay reset /web', `DELETE ${M}/v2/queue/web/delay`],
    ['marathon deployment stop d', `DELETE ${M}/v2/deployments/d?force=true`],
    ['marathon leader delete', `DELETE ${M}/v2/leader`],
    ['marathon pod kill /pod a', `DELETE ${M}/v2/pods/pod::instances`],
    ['marathon task kill a b --wipe', `POST ${M}/v2/tasks/delete?wipe=true`],
    ['marathon task stop a', `POST ${M}/v2/tasks/delete`],
    ['maintenance add 10.0.0.11 --for 1h', `POST ${MESOS}`],
    ['maintenance remove 10.0.0.11', `POST ${MESOS}`],
    ['maintenance start 10.0.0.11', `POST ${MESOS}`],
    ['maintenance stop 10.0.0.11', `POST ${MESOS}`],
    ['node deactivate S0', `POST ${MESOS}`],
    ['node reactivate S0', `POST ${MESOS}`],
    ['node decommission S0', `POST ${MESOS}`],
    ['node drain S0', `POST ${MESOS}`],
    ['package uninstall hdfs', 'POST /package/uninstall'],
    ['package repo add A http://a', 'POST /package/repository/add'],
    [
      'package repo import -',
      'POST /package/repository/add',
      '{"repositories":[{"name":"A","uri":"http://a"}]}',
    ],
    ['package repo remove R', 'POST /package/repository/delete'],
    ['quota create new --cpu 1', `POST ${MESOS}`],
    ['quota update web --cpu 2', `POST ${MESOS}`],
    ['quota delete web', `POST ${MESOS}`],
    ['security secrets create a/b --value hidden', 'PUT /secrets/v1/secret/default/a/b'],
    ['security secrets update a/b --value hidden', 'PATCH /secrets/v1/secret/default/a/b'],
    ['security secrets delete a/b', 'DELETE /secrets/v1/secret/default/a/b'],
    ['diagnostics delete b', 'DELETE /system/health/v1/diagnostics/b'],
    ['diagnostics create', 'PUT /system/health/v1/diagnostics/'],
    ['node diagnostics create all', 'POST /system/health/v1/report/diagnostics/create'],
    ['node diagnostics cancel', 'POST /system/health/v1/report/diagnostics/cancel'],
    ['node diagnostics delete bundle-1.zip', 'POST /system/health/v1/report/diagnostics/delete/bundle-1.zip'],
  ])('of %s tells the call, and sends nothing', async (line, call, input) => {
    const options = input === undefined ? {} : { input };
    const { code, stdout, stderr } = await cluster.run([...line.split(' '), '--dry-run'], options);
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Nothing was changed\n'),
    });
    const [method, path] = call.split(' ');
    expect(stdout.split('\n')[0]).toContain(`Would send ${method} ${cluster.server.url}${path}`);
    expect(stdout).not.toContain('hidden');
    const sent = cluster.changes().filter((change) => !/^HEAD|\/list |"GET_/.test(change));
    expect(sent).toEqual([]);
  });

  it.each<[string, readonly string[], string?]>([
    [
      'job add',
      [`POST ${J}`, `POST ${J}/job/schedules`, `POST ${J}/job/schedules`],
      '{"id":"job","run":{"cmd":"x"},"schedules":[{"id":"s","cron":"* * * * *"},{"id":"t","cron":"* * * * *"}]}',
    ],
    ['job kill job --all', [`POST ${J}/job/runs/r1/actions/stop`, `POST ${J}/job/runs/r2/actions/stop`]],
    ['package repo remove R S', ['POST /package/repository/delete', 'POST /package/repository/delete']],
    [
      'package repo import -',
      ['POST /package/repository/add', 'POST /package/repository/add'],
      '{"repositories":[{"name":"A","uri":"http://a"},{"name":"B","uri":"http://b"}]}',
    ],
  ])('of %s tells every call that it consists of', async (line, calls, input) => {
    cluster.answers[`GET ${J}/job/runs`] = { body: [{ id: 'r1' }, { id: 'r2' }] };
    const options = input === undefined ? {} : { input };
    const { stdout } = await cluster.run([...line.split(' '), '--dry-run'], options);
    const told = stdout.split('\n').filter((text) => text.startsWith('Would send '));
    expect(told.map((text) => text.replace('Would send ', '').replace(cluster.server.url, ''))).toEqual(
      calls,
    );
    const asJson = await cluster.run([...line.split(' '), '--dry-run', '--json'], options);
    const { next, ...first } = JSON.parse(asJson.stdout) as { next: object[] };
    expect([first, ...next]).toHaveLength(calls.length);
    expect(cluster.changes().filter((change) => !change.includes('/list '))).toEqual([]);
  });

  it('as JSON has the body', async () => {
    const { stdout } = await cluster.run(['node', 'deactivate', 'S0', '--dry-run', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      method: 'POST',
      body: { type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id: { value: 'S0' } } },
    });
  });
});
