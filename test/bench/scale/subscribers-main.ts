/**
 * `subscribers-main URL COUNT STEP`: so many operators that subscribe, and one that never reads. Tells the parent when all have
 * their snapshots, and then whenever all have heard of STEP further updates.
 */
import { connect } from 'node:net';

const [url = '', count = '', step = ''] = process.argv.slice(2);
const { hostname, port } = new URL(url);
const NEEDLE = 'TASK_UPDATED';
const BODY = '{"type":"SUBSCRIBE"}';
const REQUEST = `POST /api/v1 HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

/** How many subscribers have come how far: their snapshots first, then step by step. */
const arrived: number[] = [];

const arrive = (steps: number): void => {
  arrived[steps] = (arrived[steps] ?? 0) + 1;
  if (arrived[steps] === Number(count)) process.send?.(steps);
};

const subscribe = (): void => {
  const socket = connect(Number(port), hostname);
  let seen = 0;
  let steps = -1;
  let rest = '';
  socket.setEncoding('latin1');
  socket.write(REQUEST);
  socket.on('data', (chunk: string) => {
    // What may be the beginning of the next match is looked at again.
    const data = rest + chunk;
    if (steps < 0 && data.includes('HEARTBEAT')) arrive(++steps);
    for (let at = data.indexOf(NEEDLE); at >= 0; at = data.indexOf(NEEDLE, at + NEEDLE.length)) seen++;
    rest = data.slice(1 - NEEDLE.length);
    while (steps >= 0 && seen >= (steps + 1) * Number(step)) arrive(++steps);
  });
  socket.on('close', () => {
    throw new Error('A subscriber was cut off');
  });
};

for (let index = 0; index < Number(count); index++) subscribe();
const idle = connect(Number(port), hostname);
idle.pause();
idle.write(REQUEST);
idle.on('error', () => undefined);
process.on('disconnect', () => process.exit(0));
