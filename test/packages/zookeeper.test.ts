import { createConnection } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pause, systemClock } from '../../src/runtime/clock.ts';
import { waitFor } from '../support/wait-for.ts';
import { runJava } from './support/java-client.ts';
import { createPackageCluster, EVENTUALLY, type PackageCluster } from './support/package-cluster.ts';
import { canRunJava } from './support/runtime.ts';

/** A real ensemble of Apache ZooKeeper, reached by its own shell and by four-letter words. */

const NODES = ['node-0-server', 'node-1-server', 'node-2-server'];

const isRunnable = await canRunJava('zookeeper');

let cluster: PackageCluster;

/** What a node answers to a four-letter word. */
const fourLetters = (address: string, word: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const [host = '', port = ''] = address.split(':');
    let answer = '';
    const socket = createConnection({ host, port: Number(port) }, () => socket.end(word));
    socket
      .on('data', (data) => {
        answer += data.toString('utf8');
      })
      .on('error', reject)
      .on('close', () => resolve(answer));
  });

const members = async (): Promise<string[]> =>
  (await cluster.endpoint('zookeeper', 'connection-string')).split(',');

const modes = async (): Promise<string[]> => {
  const answers = await Promise.all((await members()).map((address) => fourLetters(address, 'srvr')));
  return answers.map((answer) => /^Mode: (\w+)$/m.exec(answer)?.[1] ?? '').sort();
};

const shell = async (...command: string[]): Promise<string> => {
  const [beside = 0] = await cluster.processesOf('node-2-server');
  const server = await cluster.endpoint('zookeeper', 'connection-string');
  const main = 'org.apache.zookeeper.ZooKeeperMain';
  return runJava({ beside, main, args: ['-server', server, ...command] });
};

const readBack = (path: string, value: string): Promise<true> =>
  waitFor(`${path} is read`, async () => (await shell('get', path)).includes(value) && true, EVENTUALLY);

describe.skipIf(!isRunnable)('zookeeper', () => {
  beforeAll(async () => {
    cluster = await createPackageCluster(3);
    await cluster.install('zookeeper');
  });

  afterAll(() => cluster?.remove());

  it('is an ensemble with one leader when package install --wait returns', async () => {
    expect([...(await cluster.tasks('node-')).keys()].sort()).toEqual(NODES);
    expect(await modes()).toEqual(['follower', 'follower', 'leader']);
    expect(await fourLetters((await members())[0] ?? '', 'ruok')).toBe('imok');
  });

  it('keeps what its shell writes when a node is killed with -9', async () => {
    await shell('create', '/kept', 'a value that stays');
    await readBack('/kept', 'a value that stays');
    await cluster.killTask('node-1-server');
    await readBack('/kept', 'a value that stays');
    await waitFor('three are in it again', async () => (await modes()).includes('') === false, EVENTUALLY);
  });

  it('takes other options one node after another, never without a majority', async () => {
    const before = await cluster.tasks('node-');
    const fewest = await fewestAlive(async () => {
      await cluster.update('zookeeper', { zookeeper: { max_client_connections: 77 } });
      await cluster.untilHealthy('zookeeper');
    });
    expect(fewest).toBeGreaterThanOrEqual(2);
    const after = await cluster.tasks('node-');
    for (const name of NODES) expect(after.get(name)?.id).not.toBe(before.get(name)?.id);
    const settings = await Promise.all((await members()).map((address) => fourLetters(address, 'conf')));
    for (const text of settings) expect(text).toContain('maxClientCnxns=77');
    await readBack('/kept', 'a value that stays');
  });

  it('leaves nothing when it is uninstalled', () => cluster.uninstallLeavingNothing('zookeeper'));
});

/** The smallest number of nodes that were there at any time while something was done. */
const fewestAlive = async (action: () => Promise<void>): Promise<number> => {
  const addresses = await members();
  let isOver = false;
  const done = action().finally(() => {
    isOver = true;
  });
  let fewest = addresses.length;
  while (!isOver) {
    const answers = await Promise.all(
      addresses.map((address) => fourLetters(address, 'ruok').catch(() => 'nobody')),
    );
    fewest = Math.min(fewest, answers.filter((answer) => answer === 'imok').length);
    await pause(systemClock, 100);
  }
  await done;
  return fewest;
};
