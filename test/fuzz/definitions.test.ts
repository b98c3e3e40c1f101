import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { serveMarathon } from '../marathon/api/served-marathon.ts';
import { fire, pick, randomFor, SEED, TIMEOUT_MS } from './support/budget.ts';
import { hostileJson } from './support/hostile-json.ts';
import { faultOf, type Shot, shoot } from './support/shoot.ts';
import type { JsonObject } from './support/template.ts';

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

it('definitions of apps, pods and groups are refused, or run', { timeout: TIMEOUT_MS }, async () => {
  const random = randomFor('definitions');
  const marathon = await serveMarathon({
    features: new Set(['secrets', 'gpu_resources', 'external_volumes']),
    mesosRole: 'prod',
  });
  const aim = (): Shot & { id: string; all: string } => {
    const { kind, text } = pick(random, EXAMPLES);
    const example = JSON.parse(text) as JsonObject;
    const id = typeof example.id === 'string' ? example.id : '/';
    const all = KINDS[kind];
    const isNew = random.next() < 0.7;
    const [method, path] = isNew ? ['POST', all] : [pick(random, ['PUT', 'PATCH']), `${all}${id}`];
    const query = pick(random, ['', '?force=true', '?force=true', '?dryRun=true']);
    return { method, path: `${path}${query}`, body: hostileJson(example, random), id, all };
  };

  const faults = new Map<string, string>();
  const note = (path: string, fault: string | undefined, body = ''): void => {
    if (fault !== undefined) faults.set(`${path}: ${fault}`.slice(0, 200), body.slice(0, 4_000));
  };
  let accepted = 0;
  await fire(async () => {
    const { id, all, ...shot } = aim();
    const answer = await shoot(marathon.url, shot);
    const text = answer.text.replaceAll(OWN_UNDEFINED, '');
    note(shot.path, faultOf({ ...answer, text }), String(shot.body));
    if (answer.status >= 300) return;
    accepted++;
    // Whatever was taken must be launched, or wait, and be shown all the while.
    await marathon.harness.pass(2_000);
    for (const path of ['/v2/groups', '/v2/pods/::status', '/v2/queue', '/v2/deployments']) {
      const { status, text } = await shoot(marathon.url, { method: 'GET', path });
      note(`GET ${path}`, status === 200 ? undefined : text.slice(0, 300), String(shot.body));
    }
    if (random.next() < 0.5) await shoot(marathon.url, { method: 'DELETE', path: `${all}${id}?force=true` });
  }, 1);
  await marathon.close();
  expect(accepted).toBeGreaterThan(0);
  expect([...faults].slice(0, 5), `PLENUM_FUZZ_SEED=${SEED}`).toEqual([]);
});
