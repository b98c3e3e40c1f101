import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { runJava } from './support/java-client.ts';
import { createPackageCluster, EVENTUALLY, type PackageCluster } from './support/package-cluster.ts';
import { canRunJava } from './support/runtime.ts';

/** Real Apache Kafka, reached by its own programs for producers, consumers and administrators. */

const SERVERS = ['broker-0-server', 'broker-1-server', 'controller-0-server'];
const OPTIONS = { broker: { count: 2 } };

const isRunnable = await canRunJava('kafka');

let cluster: PackageCluster;

const run = async (program: string, args: readonly string[], input?: string): Promise<string> => {
  const [beside = 0] = await cluster.processesOf('controller-0-server');
  const servers = await cluster.endpoint('kafka', 'bootstrap-servers');
  const main = `org.apache.kafka.tools.${program}`;
  return runJava({
    beside,
    main,
    args: ['--bootstrap-server', servers, ...args],
    ...(input !== undefined && { input }),
    options: ['-Dorg.slf4j.simpleLogger.defaultLogLevel=error'],
  });
};

const produce = async (topic: string, ...messages: string[]): Promise<void> => {
  await run(
    'ConsoleProducer',
    ['--topic', topic, '--command-property', 'acks=all'],
    `${messages.join('\n')}\n`,
  );
};

/** Reads a topic from its beginning until it has so many messages. */
const consume = async (topic: string, count: number): Promise<string[]> => {
  const limits = ['--max-messages', String(count), '--timeout-ms', '60000'];
  const printed = await run('consumer.ConsoleConsumer', ['--topic', topic, '--from-beginning', ...limits]);
  return printed.trim().split('\n').sort();
};

/** Reads on as a group of consumers, from where it was. */
const readOn = async (topic: string, count: number): Promise<string[]> => {
  const limits = ['--max-messages', String(count), '--timeout-ms', '60000'];
  const group = ['--group', 'readers', '--command-property', 'auto.offset.reset=earliest'];
  const printed = await run('consumer.ConsoleConsumer', ['--topic', topic, ...group, ...limits]);
  return printed.trim().split('\n').sort();
};

const untilInSync = (topic: string): Promise<true> =>
  waitFor(
    `${topic} has all of its copies`,
    async () => {
      const under = await run('TopicCommand', [
        '--describe',
        '--topic',
        topic,
        '--under-replicated-partitions',
      ]);
      return under.trim() === '' && true;
    },
    EVENTUALLY,
  );

describe.skipIf(!isRunnable)('kafka', () => {
  beforeAll(async () => {
    cluster = await createPackageCluster(2);
    await cluster.install('kafka', OPTIONS);
  });

  afterAll(() => cluster?.remove());

  it('takes and gives messages when package install --wait returns', async () => {
    const names = [...(await cluster.tasks()).keys()].filter((name) => name.endsWith('-server'));
    expect(names.sort()).toEqual(SERVERS);
    await run('TopicCommand', ['--create', '--topic', 'news']);
    expect(await run('TopicCommand', ['--describe', '--topic', 'news'])).toContain('ReplicationFactor: 2');
    await produce('news', 'one', 'two');
    expect(await readOn('news', 2)).toEqual(['one', 'two']);
  });

  it('keeps its messages when a broker is killed with -9', async () => {
    await cluster.killTask('broker-0-server');
    await cluster.untilHealthy('kafka');
    await untilInSync('news');
    await produce('news', 'three');
    expect(await consume('news', 3)).toEqual(['one', 'three', 'two']);
    expect(await readOn('news', 1), 'the group goes on where it was').toEqual(['three']);
  });

  it('keeps its messages when its options are changed', async () => {
    const before = await cluster.tasks();
    await cluster.update('kafka', { kafka: { partitions: 3 } });
    await cluster.untilHealthy('kafka');
    const after = await cluster.tasks();
    for (const name of SERVERS) expect(after.get(name)?.id).not.toBe(before.get(name)?.id);
    await produce('wide', 'three partitions');
    expect(await run('TopicCommand', ['--describe', '--topic', 'wide'])).toContain('PartitionCount: 3');
    expect(await consume('news', 3)).toEqual(['one', 'three', 'two']);
  });

  it('leaves nothing when it is uninstalled', () => cluster.uninstallLeavingNothing('kafka'));
});
