import { expect, it } from 'vitest';
import { fire, pick, randomFor, SEED, TIMEOUT_MS } from './support/budget.ts';
import { startFuzzCluster } from './support/fuzz-cluster.ts';
import { hostileJson } from './support/hostile-json.ts';
import { faultOf, type Shot, shoot } from './support/shoot.ts';
import { callOf } from './support/template.ts';

/** Paths of the v0 writes that take a form, with the field that holds resources. */
const FORMS = [
  ['/reserve', 'resources'],
  ['/unreserve', 'resources'],
  ['/create-volumes', 'volumes'],
  ['/destroy-volumes', 'volumes'],
] as const;

/** Those that take JSON, with the message that it is, or is a list of. */
const DOCUMENTS = [
  ['PUT', '/weights', 'mesos.v1.WeightInfo', true],
  ['POST', '/quota', 'mesos.v1.quota.QuotaRequest', false],
  ['POST', '/maintenance/schedule', 'mesos.v1.maintenance.Schedule', false],
  ['POST', '/machine/down', 'mesos.v1.MachineID', true],
  ['POST', '/machine/up', 'mesos.v1.MachineID', true],
] as const;

const READS = ['/state', '/tasks', '/frameworks', '/slaves', '/roles', '/quota', '/weights', '/files/read'];

const HOSTILE_QUERIES = [
  ...[
    'limit=-1',
    'limit=1e999',
    'limit=NaN',
    'offset=99999999999999999999',
    'order=%00',
    'slave_id=__proto__',
  ],
  ...[
    'framework_id=%ff',
    'jsonp=%3Cscript%3E',
    'path=%00',
    'path=..%2f..%2f',
    'offset=x&path=/master/log',
    '&&=&=',
  ],
];

it('the forms and documents of the v0 API are refused or carried out', { timeout: TIMEOUT_MS }, async () => {
  const cluster = await startFuzzCluster();
  const random = randomFor('forms');
  const { ids } = cluster;
  const messageFor = (name: string) => callOf(name, undefined, { random, ids });

  const form = (): Shot => {
    const [path, field] = pick(random, FORMS);
    const body = new URLSearchParams({
      slaveId: pick(random, [ids.AgentID?.() ?? '', 'no-agent', '', '__proto__', '\0']),
      [field]: hostileJson([messageFor('mesos.v1.Resource')], random),
    });
    if (random.next() < 0.1) body.delete(pick(random, ['slaveId', field]));
    return { path, body: random.next() < 0.05 ? '%=&%ff=%' : body.toString() };
  };
  const document = (): Shot => {
    const [method, path, name, isList] = pick(random, DOCUMENTS);
    const message = messageFor(name);
    return { method, path, body: hostileJson(isList ? [message] : message, random) };
  };
  const read = (): Shot => ({
    method: pick(random, ['GET', 'HEAD', 'DELETE', 'PUT']),
    path: `${pick(random, READS)}?${pick(random, HOSTILE_QUERIES)}`,
  });
  const others = (): Shot =>
    pick<Shot>(random, [
      { path: '/teardown', body: `frameworkId=${pick(random, ['', 'no-framework', '%00', '__proto__'])}` },
      { method: 'DELETE', path: `/quota/${pick(random, ['eng', '%00', '..', '%2e%2e%2f', '%ff', 'a%2f'])}` },
    ]);

  const faults = new Map<string, string>();
  await fire(async () => {
    const shot = pick(random, [form, form, document, document, read, others])();
    const fault = await shoot(cluster.masterUrl, shot).then(faultOf, (error: Error) => error.message);
    if (fault !== undefined)
      faults.set(`${shot.path}: ${fault}`.slice(0, 160), String(shot.body).slice(0, 2_000));
  });
  const told = `PLENUM_FUZZ_SEED=${SEED}; logged: ${JSON.stringify(cluster.errors.slice(0, 3), undefined, 1)}`;
  expect([...faults].slice(0, 5), told).toEqual([]);
  expect(cluster.errors, told).toEqual([]);
  await cluster.checkOthers();
});
