import type { ServerResponse } from 'node:http';
import { readJson } from '../../src/http/body.ts';
import { OutputStream } from '../../src/http/output-stream.ts';
import { send, sendJson, sendText } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import { startServer } from '../../src/http/server.ts';
import type { Call, Event } from '../../src/mesos/generated/scheduler.ts';
import { encodeRecord } from '../../src/mesos/recordio.ts';
import { silentLog } from '../../src/runtime/log.ts';

type Subscribe = Extract<Call, { type: 'SUBSCRIBE' }>['subscribe'];

export interface FakeMaster {
  readonly url: string;
  /** Every call, in the order of arrival. */
  readonly calls: Call[];
  readonly authorizations: (string | undefined)[];
  readonly frameworkId: string;
  heartbeatSeconds: number;
  /** Answers calls instead of the usual 202; undefined leaves it at that. */
  answer: (call: Call, response: ServerResponse) => true | undefined | Promise<true | undefined>;
  subscriptions(): Subscribe[];
  ofType<Type extends Call['type']>(type: Type): Extract<Call, { type: Type }>[];
  send(event: Event): void;
  /** Breaks the stream as a master's death would. */
  disconnect(): void;
  close(): Promise<void>;
}

/** A master as a scheduler sees it, which does nothing by itself but subscribe. */
export const startFakeMaster = async (): Promise<FakeMaster> => {
  let current: { stream: OutputStream; id: string } | undefined;
  let streams = 0;

  const subscribe = (response: ServerResponse): void => {
    current?.stream.end();
    const id = `stream-${++streams}`;
    response.writeHead(200, { 'Content-Type': 'application/json', 'Mesos-Stream-Id': id });
    current = { id, stream: new OutputStream(response, () => undefined) };
    master.send({
      type: 'SUBSCRIBED',
      subscribed: {
        framework_id: { value: master.frameworkId },
        heartbeat_interval_seconds: master.heartbeatSeconds,
      },
    });
    master.send({ type: 'HEARTBEAT' });
  };

  const router = new Router();
  router.on('GET', '/frameworks', ({ response }) => sendJson(response, 200, { frameworks: [] }));
  router.on('GET', '/slaves', ({ response }) =>
    sendJson(response, 200, { slaves: [], recovered_slaves: [] }),
  );
  router.on('POST', '/api/v1/scheduler', async ({ request, response }) => {
    const call = (await readJson(request)) as Call;
    master.calls.push(call);
    master.authorizations.push(request.headers.authorization);
    if (await master.answer(call, response)) return;
    if (call.type === 'SUBSCRIBE') return subscribe(response);
    const streamId = request.headers['mesos-stream-id'];
    if (!current) return sendText(response, 403, 'Framework is not subscribed');
    if (streamId !== current.id) {
      return sendText(response, 400, `The stream ID '${streamId}' included in this request didn't match`);
    }
    send(response, 202);
  });
  const server = await startServer({ router, log: silentLog });

  const master: FakeMaster = {
    url: server.url,
    calls: [],
    authorizations: [],
    frameworkId: 'master-0000',
    heartbeatSeconds: 15,
    answer: () => undefined,
    subscriptions: () => master.ofType('SUBSCRIBE').map(({ subscribe: body }) => body),
    ofType: <Type extends Call['type']>(type: Type) =>
      master.calls.filter((call): call is Extract<Call, { type: Type }> => call.type === type),
    send: (event) => current?.stream.write(encodeRecord(JSON.stringify(event))),
    disconnect: () => {
      current?.stream.end();
      current = undefined;
    },
    close: () => server.close(),
  };
  return master;
};
