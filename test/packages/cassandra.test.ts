import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CqlRow, connect } from '../../universe/tweeter/cql.mjs';
import { waitFor } from '../support/wait-for.ts';
import { createPackageCluster, EVENTUALLY, type PackageCluster } from './support/package-cluster.ts';
import { canRunJava } from './support/runtime.ts';

/** Real Apache Cassandra, spoken to in its native protocol. */

const isRunnable = await canRunJava('cassandra');
const KEYSPACE = "WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";
/** Neither the compiler that only long runs are worth nor the wait for nodes that are not there. */
const OPTIONS = {
  node: { java_opts: '-XX:TieredStopAtLevel=1 -Dcassandra.skip_wait_for_gossip_to_settle=0' },
};

let cluster: PackageCluster;

const cql = async (statement: string, values: readonly string[] = []): Promise<CqlRow[]> => {
  const connection = await connect(await cluster.endpoint('cassandra', 'native-client'));
  try {
    return await connection.query(statement, values);
  } finally {
    connection.close();
  }
};

const untilKept = (value: string): Promise<true> =>
  waitFor(
    `${value} is read`,
    async () => (await cql('SELECT value FROM kept.things WHERE key = ?', ['one']))[0]?.value === value,
    EVENTUALLY,
  );

describe.skipIf(!isRunnable)('cassandra', () => {
  beforeAll(async () => {
    cluster = await createPackageCluster(1);
    await cluster.install('cassandra', OPTIONS);
  });

  afterAll(() => cluster?.remove());

  it('takes statements when package install --wait returns', async () => {
    await cql(`CREATE KEYSPACE kept ${KEYSPACE}`);
    await cql('CREATE TABLE kept.things (key text PRIMARY KEY, value text)');
    await cql('INSERT INTO kept.things (key, value) VALUES (?, ?)', ['one', 'a value that stays']);
    await untilKept('a value that stays');
    await expect(cql('SELECT * FROM kept.nothing')).rejects.toThrow(/nothing/);
  });

  it('keeps what was written when it is killed with -9', async () => {
    await cluster.killTask('node-0-server');
    await untilKept('a value that stays');
  });

  it('keeps what was written when its options are changed', async () => {
    const before = (await cluster.tasks('node-')).get('node-0-server');
    await cluster.update('cassandra', { cassandra: { log_level: 'WARN' } });
    expect((await cluster.tasks('node-')).get('node-0-server')?.id).not.toBe(before?.id);
    await untilKept('a value that stays');
  });

  it('leaves nothing when it is uninstalled', () => cluster.uninstallLeavingNothing('cassandra'));
});
