/**
 * Thousands of agents in one process, each with a connection of its own: `virtual-agents-main SIZE PORT`, where SIZE is a
 * ClusterSize in JSON. They subscribe, answer pings, and subscribe again when they lose their master. Messages to the parent:
 * `{ type: 'registered' }` whenever all of them are. Messages from it: `{ type: 'updates', count }` has each send so many
 * statuses, together in one request as real agents do.
 */
import { connect, type Socket } from 'node:net';
import { AGENT_PATH, type AgentCall, STREAM_ID_HEADER } from '../../../src/mesos/agent-protocol.ts';
import { agentIdOf, type ClusterSize, frameworkIdOf, reportOf, taskIdOf } from './virtual-cluster.ts';

const size = JSON.parse(process.argv[2] ?? '') as ClusterSize;
const port = Number(process.argv[3]);

/** Connections that are being opened at a time: real agents spread themselves by backoff. */
const CONNECTING = 128;
const RETRY_MS = 50;

const streamIds: (string | undefined)[] = new Array(size.agents).fill(undefined);
const waiting: number[] = Array.from({ length: size.agents }, (_, index) => index);
let connecting = 0;
let registered = 0;

const postOf = (body: string, headers = ''): string =>
  `POST ${AGENT_PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** Kept, so that coming back costs the master more than this process. */
const reportCalls: string[] = [];

const reportCallOf = (index: number): string => {
  const known = reportCalls[index];
  if (known !== undefined) return known;
  const call: AgentCall = { type: 'SUBSCRIBE', subscribe: reportOf(index, size) };
  const text = postOf(JSON.stringify(call));
  reportCalls[index] = text;
  return text;
};

const connectNext = (): void => {
  while (connecting < CONNECTING) {
    const index = waiting.pop();
    if (index === undefined) return;
    connecting++;
    subscribe(index);
  }
};

const subscribe = (index: number): void => {
  const socket = connect(port, '127.0.0.1');
  let isRegistered = false;
  socket.setEncoding('latin1');
  socket.on('connect', () => socket.write(reportCallOf(index)));
  socket.on('data', (text: string) => {
    streamIds[index] ??= /mesos-stream-id: (.+)\r/i.exec(text)?.[1];
    if (!isRegistered && text.includes('"type":"SUBSCRIBED"')) {
      isRegistered = true;
      connecting--;
      registered++;
      if (registered === size.agents) process.send?.({ type: 'registered' });
      connectNext();
    }
    if (text.includes('"type":"PING"')) send(index, { type: 'PONG', agent_id: { value: agentIdOf(index) } });
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    if (isRegistered) registered--;
    else connecting--;
    streamIds[index] = undefined;
    setTimeout(() => {
      waiting.push(index);
      connectNext();
    }, RETRY_MS);
  });
};

/** Calls go over a few connections that all agents share; answers are not looked at. */
const senders: Socket[] = [];

const send = (index: number, ...calls: AgentCall[]): void => {
  const streamId = streamIds[index];
  if (streamId === undefined) return;
  const place = index % 16;
  const sender = senders[place] ?? openSender(place);
  sender.write(postOf(JSON.stringify(calls), `${STREAM_ID_HEADER}: ${streamId}\r\n`));
};

const openSender = (place: number): Socket => {
  const sender = connect(port, '127.0.0.1');
  senders[place] = sender;
  const forget = (): void => {
    delete senders[place];
  };
  sender.on('error', forget);
  sender.on('close', forget);
  sender.resume();
  return sender;
};

let updates = 0;

/** Health changes of one task after the other, which operators hear of. */
const sendUpdates = (count: number): void => {
  for (let index = 0; index < size.agents; index++) {
    send(
      index,
      ...Array.from({ length: count }, (_, sent) => healthUpdate(index, sent % size.tasksPerAgent)),
    );
  }
};

const healthUpdate = (index: number, number: number): AgentCall => ({
  type: 'STATUS_UPDATE',
  agent_id: { value: agentIdOf(index) },
  status_update: {
    framework_id: { value: frameworkIdOf((index + number) % size.frameworks) },
    latest_state: 'TASK_RUNNING',
    status: {
      task_id: { value: taskIdOf(index, number) },
      agent_id: { value: agentIdOf(index) },
      state: 'TASK_RUNNING',
      source: 'SOURCE_EXECUTOR',
      reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED',
      healthy: true,
      timestamp: Date.now() / 1000,
      uuid: Buffer.from(String(updates++).padStart(16, '0')).toString('base64'),
    },
  },
});

process.on('message', (message: { type: string; count: number }) => {
  if (message.type === 'updates') sendUpdates(message.count);
});
process.on('disconnect', () => process.exit(0));
connectNext();
