import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { openStore } from './store.mjs';

/** Tweeter: short posts for everyone to read, kept in Cassandra. Everything is said to it by variables. */

const LONGEST_BODY_BYTES = 4096;
const LONGEST_TEXT = 280;
const LONGEST_AUTHOR = 40;
const SHOWN_POSTS = 50;
const NAME = /^[a-z][a-z0-9_]{0,47}$/;

const {
  HOST = '127.0.0.1',
  PORT0 = '8000',
  CASSANDRA = 'cassandra',
  CONTACT_POINTS = '',
  KEYSPACE = 'tweeter',
  COPIES = '1',
} = process.env;
if (!NAME.test(KEYSPACE) || !/^[1-9]\d?$/.test(COPIES)) {
  console.error(`KEYSPACE=${KEYSPACE} and COPIES=${COPIES} must be a name in lower case and a number`);
  process.exit(1);
}

const store = openStore({
  service: CASSANDRA,
  contactPoints: CONTACT_POINTS,
  keyspace: KEYSPACE,
  copies: Number(COPIES),
});
const page = await readFile(new URL('page.html', import.meta.url));

/** What a request is answered with; its errors have a status. */
const answer = async (request) => {
  const { pathname } = new URL(request.url ?? '/', 'http://tweeter');
  switch (`${request.method} ${pathname}`) {
    case 'GET /':
      return { type: 'text/html; charset=utf-8', body: page };
    case 'GET /health':
      await store.check();
      return { body: { healthy: true } };
    case 'GET /api/posts':
      return { body: await store.newest(SHOWN_POSTS) };
    case 'POST /api/posts':
      await store.add(readPost(await readBody(request)));
      return { status: 201, body: {} };
    default:
      throw failure(404, 'There is nothing here: GET /, and GET or POST /api/posts');
  }
};

const failure = (status, message) => Object.assign(new Error(message), { status });

const readBody = async (request) => {
  // A page of another origin cannot send this type without being asked first.
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    throw failure(415, 'A post is JSON, as application/json');
  }
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > LONGEST_BODY_BYTES) throw failure(413, `A post has at most ${LONGEST_BODY_BYTES} bytes`);
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw failure(400, 'This is no JSON');
  }
};

const readPost = (body) => ({
  author: textOf(body?.author, 'author', LONGEST_AUTHOR),
  text: textOf(body?.text, 'text', LONGEST_TEXT),
});

const textOf = (value, name, longest) => {
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '' || text.length > longest)
    throw failure(400, `${name} is text of 1 to ${longest} characters`);
  return text;
};

const server = createServer(async (request, response) => {
  try {
    const { status = 200, type = 'application/json', body } = await answer(request);
    response.writeHead(status, { 'Content-Type': type, 'X-Content-Type-Options': 'nosniff' });
    response.end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
  } catch (error) {
    // What has no status is Cassandra's.
    const { status = 503, message } = error;
    if (status === 503) console.error(message);
    response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' });
    response.end(JSON.stringify({ message: status === 503 ? 'Cassandra is away' : message }));
  }
});

server.listen(Number(PORT0), HOST, () => console.log(`Tweeter listens at ${HOST}:${PORT0}`));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
