/**
 * `subscribers-main URL COUNT EVENTS`: so many operators that subscribe, and one that never reads. Tells the parent when all
 * have their snapshots, and when each has heard of so many updates.
 */
import { connect } from 'node:net';

const [url = '', count = '', events = ''] = process.argv.slice(2);
const { hostname, port } = new URL(url);
const NEEDLE = Buffer.from('"TASK_UPDATED"');
const BODY = '{"type":"SUBSCRIBE"}';
const REQUEST = `POST /api/v1 HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

let beaten = 0;
let done = 0;

const subscribe = (): void => {
  const socket = connect(Number(port), hostname);
  let seen = 0;
  let hasBeaten = false;
  let rest: Buffer = Buffer.alloc(0);
  socket.write(REQUEST);
  socket.on('data', (chunk) => {
    // What may be the beginning of the next match is looked at again.
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (!hasBeaten && data.includes('"HEARTBEAT"')) {
      hasBeaten = true;
      if (++beaten === Number(count)) process.send?.('subscribed');
    }
    for (let at = data.indexOf(NEEDLE); at >= 0; at = data.indexOf(NEEDLE, at + NEEDLE.length)) seen++;
    rest = Buffer.from(data.subarray(Math.max(0, data.length - NEEDLE.length + 1)));
    if (seen < Number(events) || !hasBeaten) return;
    socket.removeAllListeners('data');
    if (++done === Number(count)) process.send?.('done');
  });
};

for (let index = 0; index < Number(count); index++) subscribe();
const idle = connect(Number(port), hostname);
idle.pause();
idle.write(REQUEST);
idle.on('error', () => undefined);
process.on('disconnect', () => process.exit(0));
