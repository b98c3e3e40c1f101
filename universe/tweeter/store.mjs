import { connect } from './cql.mjs';
import { findCassandra } from './find-cassandra.mjs';

/** Posts in Cassandra: a partition for every day, the newest first. */

const DAY_MS = 24 * 60 * 60 * 1000;
/** Days that are looked through for the newest posts. */
const DAYS_BACK = 7;
const TABLE = 'posts';

/**
 * @param {{service: string, contactPoints: string, keyspace: string, copies: number}} options of names that are checked
 */
export const openStore = (options) => {
  const { keyspace, copies } = options;
  let opening;
  const ready = async () => {
    opening ??= open(options, keyspace, copies).catch((error) => {
      opening = undefined;
      throw error;
    });
    const connection = await opening;
    if (connection.isOpen) return connection;
    opening = undefined;
    return ready();
  };
  return {
    /** Rejects when Cassandra is away. */
    check: async () => {
      await (await ready()).query('SELECT key FROM system.local');
    },
    add: async ({ author, text }) => {
      const connection = await ready();
      const statement = `INSERT INTO ${keyspace}.${TABLE} (day, id, author, body) VALUES (?, now(), ?, ?)`;
      await connection.query(statement, [dayOf(Date.now()), author, text]);
    },
    /** The newest posts, the last one first. */
    newest: async (limit) => {
      const connection = await ready();
      const posts = [];
      for (let back = 0; back < DAYS_BACK && posts.length < limit; back++) {
        const statement = `SELECT CAST(toTimestamp(id) AS text) AS at, author, body FROM ${keyspace}.${TABLE} WHERE day = ? LIMIT ${limit - posts.length}`;
        const rows = await connection.query(statement, [dayOf(Date.now() - back * DAY_MS)]);
        posts.push(...rows.map(({ at, author, body }) => ({ at, author, text: body })));
      }
      return posts;
    },
  };
};

const dayOf = (ms) => new Date(ms).toISOString().slice(0, 10);

/** Connects to the first node that answers, and makes the table where there is none yet. */
const open = async ({ service, contactPoints }, keyspace, copies) => {
  const known = contactPoints === '' ? await findCassandra(service) : contactPoints.split(',');
  let lastError = new Error(`Nobody knows of a node of ${service}`);
  for (const address of known) {
    try {
      const connection = await connect(address.trim());
      const replication = `{'class': 'SimpleStrategy', 'replication_factor': ${copies}}`;
      await connection.query(`CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = ${replication}`);
      await connection.query(
        `CREATE TABLE IF NOT EXISTS ${keyspace}.${TABLE} (day text, id timeuuid, author text, body text, PRIMARY KEY (day, id)) WITH CLUSTERING ORDER BY (id DESC)`,
      );
      return connection;
    } catch (error) {
      lastError = error;
    }
  }
  throw lastError;
};
