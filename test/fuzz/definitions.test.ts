import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { serveMarathon } from '../marathon/api/served-marathon.ts';
import { fire, pick, randomFor, SEED, TIMEOUT_MS } from './support/budget.ts';
import { hostileJson } from './support/hostile-json.ts';
import { faultOf, type Shot, shoot } from './support/shoot.ts';
import type { Json, JsonObject } from './support/template.ts';

const folder = join(import.meta.dirname, '..', 'marathon', 'fixtures');

/** Where examples of a kind are sent; with an id in the path they are replaced. */
const KINDS = { app: '/v2/apps', pod: '/v2/pods', group: '/v2/groups' } as const;
type Kind = keyof typeof KINDS;

const EXAMPLES = readdirSync(folder).flatMap((name) => {
  const kind = (Object.keys(KINDS) as Kind[]).find((one) => name.startsWith(`${one}-`));
  return kind === undefined ? [] : [{ kind, text: readFileSync(join(folder, name), 'utf8') }];
});

/** Marathon's own words, which are no slip of ours. */
const OWN_UNDEFINED = /references an undefined secret|must be undefined for Docker containers/g;

const read = (name: string): JsonObject => JSON.parse(readFileSync(join(folder, name), 'utf8')) as JsonObject;

/** What is sent beside definitions, with bodies that are changed too. */
const OTHERS: readonly { readonly method: string; readonly path: string; readonly body: () => Json }[] = [
  { method: 'PUT', path: '/v2/apps', body: () => read('update-02-many-apps.json') },
  { method: 'PATCH', path: '/v2/apps', body: () => read('update-02-many-apps.json') },
  { method: 'PUT', path: '/v2/apps/examples/minimal', body: () => read('update-01-partial-scale.json') },
  { method: 'PUT', path: '/v2/groups/shop', body: () => read('group-03-scale.json') },
  { method: 'PATCH', path: '/v2/groups/shop', body: () => ({ enforceRole: true }) },
  { method: 'POST', path: '/v2/tasks/delete', body: () => read('tasks-delete.json') },
  {
    method: 'DELETE',
    path: '/v2/pods/examples/pod-min::instances',
    body: () => ['examples_pod-min.instance-x'],
  },
];

const PLACES = [
  ...['/v2/apps', '/v2/groups', '/v2/pods', '/v2/queue', '/v2/tasks', '/v2/deployments', '/v2/events'],
  ...['/v2/apps/examples/minimal/versions/', '/v2/groups/versions/', '/v2/pods/examples/pod-min::versions/'],
  ...['/v2/apps/*', '/v2/apps/examples/minimal/tasks/', '/v2/queue/%00/delay', '/v2/deployments/__proto__'],
  ...[
    '/v2/pods/::status/',
    '/v2/pods/examples/pod-min::instances/',
    '/v2/pods/..::status',
    '/v2/groups/..%2f',
  ],
];
const QUERIES = [
  ...['', 'label=', 'label=a%20in%20(', 'label=%5c', 'label=a==b,', 'embed=__proto__', 'embed=apps.%00'],
  ...['status=running&status[]=', 'force=maybe', 'scale=true&wipe=true', 'host=%ff', 'deadlineSeconds=1e9'],
  ...['deadlineSeconds=-1', 'onDeadline=explode', 'ended=true', 'partialUpdate=false&dryRun=true', '&&=&='],
];

it('definitions of apps, pods and groups are refused, or run', { timeout: TIMEOUT_MS }, async () => {
  const random = randomFor('definitions');
  const marathon = await serveMarathon({
    features: new Set(['secrets', 'gpu_resources', 'external_volumes']),
    mesosRole: 'prod',
  });
  const other = (): Shot & { id: string; all: string } => {
    const isRead = random.next() < 0.5;
    const { method, path, body } = pick(random, OTHERS);
    const query = pick(random, QUERIES);
    return isRead
      ? { method: pick(random, ['GET', 'DELETE']), path: `${pick(random, PLACES)}?${query}`, id: '', all: '' }
      : { method, path: `${path}?${query}`, body: hostileJson(body(), random), id: '', all: '' };
  };
  const hostileOnceOrTwice = (example: JsonObject): string => {
    const text = hostileJson(example, random);
    if (random.next() < 0.6) return text;
    try {
      return hostileJson(JSON.parse(text) as Json, random);
    } catch {
      return text;
    }
  };
  const aim = (): Shot & { id: string; all: string } => {
    if (random.next() < 0.3) return other();
    const { kind, text } = pick(random, EXAMPLES);
    const example = JSON.parse(text) as JsonObject;
    const id = typeof example.id === 'string' ? example.id : '/';
    const all = KINDS[kind];
    const isNew = random.next() < 0.7;
    const [method, path] = isNew ? ['POST', all] : [pick(random, ['PUT', 'PATCH']), `${all}${id}`];
    const query = pick(random, ['', '?force=true', '?force=true', '?dryRun=true']);
    return { method, path: `${path}${query}`, body: hostileOnceOrTwice(example), id, all };
  };

  const faults = new Map<string, string>();
  const note = (path: string, fault: string | undefined, body = ''): void => {
    if (fault !== undefined) faults.set(`${path}: ${fault}`.slice(0, 200), body.slice(0, 4_000));
  };
  let accepted = 0;
  await fire(
    async () => {
      const { id, all, ...shot } = aim();
      const answer = await shoot(marathon.url, shot);
      const text = answer.text.replaceAll(OWN_UNDEFINED, '');
      const gap = text.includes('nothing can be launched of it') ? `a gap in the rules: ${text}` : undefined;
      note(shot.path, gap ?? faultOf({ ...answer, text }), String(shot.body));
      if (answer.status >= 300) return;
      accepted++;
      // Whatever was taken must be launched, or wait, and be shown all the while.
      await marathon.harness.pass(2_000);
      for (const path of ['/v2/groups', '/v2/pods/::status', '/v2/queue', '/v2/deployments']) {
        const { status, text } = await shoot(marathon.url, { method: 'GET', path });
        note(`GET ${path}`, status === 200 ? undefined : text.slice(0, 300), String(shot.body));
      }
      if (all !== '' && random.next() < 0.5)
        await shoot(marathon.url, { method: 'DELETE', path: `${all}${id}?force=true` });
    },
    { width: 1 },
  );
  await marathon.close();
  expect(accepted).toBeGreaterThan(0);
  expect([...faults].slice(0, 5), `PLENUM_FUZZ_SEED=${SEED}`).toEqual([]);
});
