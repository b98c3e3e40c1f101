import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { createPackageCluster, EVENTUALLY, type PackageCluster } from './support/package-cluster.ts';
import { askRedis, type RedisAnswer } from './support/resp.ts';
import { hasProgram } from './support/runtime.ts';
import { processesWith } from './task-processes.ts';

/** Real Redis, spoken to in its own protocol. */

const isRunnable = hasProgram('redis-server', '--version');
if (!isRunnable) console.warn('redis is not tested: there is no redis-server');

let cluster: PackageCluster;

const redis = async (...words: string[]): Promise<RedisAnswer | undefined> => {
  const [answer] = await askRedis(await cluster.endpoint('redis', 'master'), [words]);
  return answer;
};

const untilKept = (key: string, value: string): Promise<true> =>
  waitFor(`${key} is ${value}`, async () => (await redis('GET', key)) === value, EVENTUALLY);

describe.skipIf(!isRunnable)('redis', () => {
  beforeAll(async () => {
    cluster = await createPackageCluster(2);
    await cluster.install('redis', { redis: { sync: 'always' } });
  });

  afterAll(() => cluster?.remove());

  it('answers when package install --wait returns', async () => {
    expect(await redis('PING')).toBe('PONG');
    expect(await redis('SET', 'kept', 'a value that stays')).toBe('OK');
    expect(await redis('GET', 'unheard')).toBeNull();
  });

  it('keeps what was written when it is killed with -9', async () => {
    const address = await cluster.endpoint('redis', 'master');
    await cluster.killTask('node-0-server', processesWith(`redis-server ${address}`));
    await untilKept('kept', 'a value that stays');
  });

  it('keeps what was written when it gets a password and a copy that follows it', async () => {
    const password = 'open-sesame';
    await cluster.update('redis', { node: { count: 2 }, redis: { password } });
    expect(await redis('GET', 'kept')).toMatch(/^NOAUTH/);
    const ask = async (address: string, ...words: string[]): Promise<RedisAnswer | undefined> =>
      (await askRedis(address, [['AUTH', password], words]))[1];
    const nodes: { address: [string, string] } = JSON.parse(
      await cluster.endpoint('redis', 'node-server-client'),
    );
    const [master, copy] = nodes.address;
    expect(await ask(master, 'GET', 'kept')).toBe('a value that stays');
    expect(await ask(master, 'SET', 'new', 'copied')).toBe('OK');
    await waitFor('the copy has it', async () => (await ask(copy, 'GET', 'new')) === 'copied', EVENTUALLY);
    expect(await ask(copy, 'SET', 'new', 'refused')).toMatch(/^READONLY/);
  });

  it('leaves nothing when it is uninstalled', async () => {
    const address = await cluster.endpoint('redis', 'master');
    await cluster.uninstallLeavingNothing('redis');
    expect(processesWith(`redis-server ${address}`)).toEqual([]);
  });
});
