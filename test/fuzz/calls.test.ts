import { describe, expect, it } from 'vitest';
import type { Random } from '../../src/runtime/random.ts';
import { fire, pick, randomFor, SEED, TIMEOUT_MS } from './support/budget.ts';
import { type FuzzCluster, launchExecutor, startFuzzCluster } from './support/fuzz-cluster.ts';
import { hostileJson } from './support/hostile-json.ts';
import { hostileProtobuf } from './support/hostile-protobuf.ts';
import { faultOf, shoot } from './support/shoot.ts';
import { callOf, callTypes, type JsonObject } from './support/template.ts';

interface Api {
  /** The full name of its calls' message. */
  readonly name: string;
  readonly path: string;
  readonly server: 'master' | 'agent';
}

const SCHEDULER: Api = { name: 'mesos.v1.scheduler.Call', path: '/api/v1/scheduler', server: 'master' };
const MASTER: Api = { name: 'mesos.v1.master.Call', path: '/api/v1', server: 'master' };
const AGENT: Api = { name: 'mesos.v1.agent.Call', path: '/api/v1', server: 'agent' };
const EXECUTOR: Api = { name: 'mesos.v1.executor.Call', path: '/api/v1/executor', server: 'agent' };

const JSON_TYPE = 'application/json';
const PROTOBUF_TYPE = 'application/x-protobuf';

/** These would take the agent away, and there would be nothing left to fire at. */
const OF_NO_AGENT = new Set(['MARK_AGENT_GONE', 'DRAIN_AGENT', 'DEACTIVATE_AGENT']);

/** Fires an API's calls at it; fails with the first answers that no client should get. */
const fuzz = async (cluster: FuzzCluster, { name, path, server }: Api, mediaType: string): Promise<void> => {
  const random = randomFor(`${name} ${mediaType}`);
  const url = server === 'master' ? cluster.masterUrl : cluster.agentUrl;
  /** One call for each kind of fault. */
  const faults = new Map<string, string>();
  const types = callTypes(name);
  await fire(
    async (turn) => {
      const type = types[turn % types.length] ?? '';
      const scheduler = await cluster.hostile();
      const ids = OF_NO_AGENT.has(type) ? { ...cluster.ids, AgentID: () => 'no-agent' } : cluster.ids;
      const call = callOf(name, type, { random, ids });
      const body = bodyOf(name, call, mediaType, random);
      const answer = await shoot(url, {
        path,
        headers: {
          'Content-Type': mediaType,
          Accept: pick(random, [JSON_TYPE, PROTOBUF_TYPE, '*/*']),
          ...(name !== SCHEDULER.name || type === 'SUBSCRIBE'
            ? {}
            : { 'Mesos-Stream-Id': scheduler.streamId }),
        },
        body,
      }).then(faultOf, (error: Error) => error.message);
      if (answer !== undefined) faults.set(`${type}: ${answer}`.slice(0, 120), shown(body));
    },
    { least: types.length },
  );
  expect([...faults].slice(0, 5), `PLENUM_FUZZ_SEED=${SEED}; logged: ${logged(cluster)}`).toEqual([]);
};

const logged = ({ errors }: FuzzCluster): string =>
  [...new Set(errors.map((fields) => JSON.stringify(fields, undefined, 1)))].slice(0, 5).join('\n');

const bodyOf = (name: string, call: JsonObject, mediaType: string, random: Random): string | Buffer =>
  mediaType === JSON_TYPE ? hostileJson(call, random) : hostileProtobuf(name, call, random);

const shown = (body: string | Buffer): string =>
  typeof body === 'string' ? body.slice(0, 2_000) : body.subarray(0, 1_000).toString('hex');

describe('hostile calls are refused or carried out, and disturb nobody else', () => {
  it.each([SCHEDULER, MASTER])('by $name', { timeout: TIMEOUT_MS }, async (api) => {
    const cluster = await startFuzzCluster();
    await fuzz(cluster, api, JSON_TYPE);
    await fuzz(cluster, api, PROTOBUF_TYPE);
    await cluster.checkOthers();
    expect(cluster.errors, `PLENUM_FUZZ_SEED=${SEED}`).toEqual([]);
  });

  it.each([AGENT, EXECUTOR])('by $name', { timeout: TIMEOUT_MS }, async (api) => {
    const cluster = await startFuzzCluster();
    await launchExecutor(cluster);
    await fuzz(cluster, api, JSON_TYPE);
    await fuzz(cluster, api, PROTOBUF_TYPE);
    await cluster.checkOthers();
    expect(cluster.errors, `PLENUM_FUZZ_SEED=${SEED}`).toEqual([]);
  });
});
