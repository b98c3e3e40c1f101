import { fork } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { Router } from '../../../src/http/router.ts';
import { startServer } from '../../../src/http/server.ts';
import { createEventHub } from '../../../src/marathon/api/event-hub.ts';
import { renderMarathonError } from '../../../src/marathon/api/render-error.ts';
import type { EngineEvent } from '../../../src/marathon/core/event.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import type { Figure } from '../figures.ts';
import { benchProgram } from '../scale/processes.ts';

const EVENTS = 50_000;
/** Of one round of the event loop. */
const TOGETHER = 50;
const CLIENTS = [10, 20, 40];

/** Events of instances, through the real hub and real sockets, until all clients have all of them. */
export const measureEvents = async (): Promise<Figure[]> => {
  const figures: Figure[] = [];
  for (const clients of CLIENTS) figures.push(await measure(clients));
  return figures;
};

const measure = async (clients: number): Promise<Figure> => {
  let tell: (event: EngineEvent) => void = () => undefined;
  const hub = createEventHub(
    {
      subscribe: (listener) => {
        tell = listener;
        return () => undefined;
      },
    },
    systemClock,
    () => undefined,
  );
  const router = new Router();
  router.on('GET', '/v2/events', async (exchange) => hub.attach(exchange));
  const server = await startServer({
    router,
    log: silentLog,
    host: '127.0.0.1',
    port: 0,
    hostnames: [],
    renderError: renderMarathonError,
  });
  const readers = fork(benchProgram('event-readers-main'), [server.url, String(clients), String(EVENTS)]);
  try {
    await once(readers, 'message');
    const started = performance.now();
    const heard = once(readers, 'message');
    for (let sent = 0; sent < EVENTS; sent++) {
      tell(eventOf(sent));
      if (sent % TOGETHER === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await heard;
    const perSecond = (EVENTS / (performance.now() - started)) * 1000;
    return {
      what: `events of Marathon to each of ${clients} clients`,
      unit: '/s',
      values: [perSecond],
      ...(clients === 10 ? { aim: 'over 10,000/s' } : {}),
    };
  } finally {
    readers.kill('SIGKILL');
    await server.close();
  }
};

const eventOf = (number: number): EngineEvent => ({
  eventType: 'instance_changed_event',
  instanceId: `app.instance-7e0b54c2-1c4f-11ee-a0f6-${String(number).padStart(12, '0')}`,
  condition: 'Running',
  runSpecId: '/app',
  agentId: '3d2f0c5e-0000-4000-8000-000000000001-S1',
  host: 'host-1.cluster.local',
  runSpecVersion: '2026-01-01T00:00:00.000Z',
  timestamp: '2026-01-01T00:00:01.000Z',
});
