import type { IncomingMessage, ServerResponse } from 'node:http';
import { createMeter, type Meter, type MeterReading } from './meter.ts';
import { createTimer, type TimerReading } from './timer.ts';

/** What passed over HTTP since the start, by Marathon's names (marathon.md 1.14). */
export interface HttpMetrics {
  /** Has a request and its answer counted when the answer is over. */
  watch(request: IncomingMessage, response: ServerResponse): void;
  /** Bytes that were sent over streams of events. */
  countStreamed(bytes: number): void;
  read(): HttpReadings;
}

export interface HttpReadings {
  readonly counters: Readonly<Record<string, number>>;
  readonly gauges: Readonly<Record<string, number>>;
  readonly meters: Readonly<Record<string, MeterReading>>;
  readonly timers: Readonly<Record<string, TimerReading>>;
}

const CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;

/** `now` gives milliseconds. */
export const createHttpMetrics = (now: () => number): HttpMetrics => {
  const meters = CLASSES.map(
    (name) => [`marathon.http.responses.${name}.rate.meter`, createMeter(now)] as const,
  );
  const duration = createTimer(now);
  let [active, received, sent, streamed] = [0, 0, 0, 0];

  return {
    watch: (request, response) => {
      const { socket } = request;
      const startedMs = now();
      const sentBefore = socket.bytesWritten;
      active++;
      response.once('close', () => {
        active--;
        meterOf(meters, response.statusCode)?.mark();
        received += Number(request.headers['content-length'] ?? 0) || 0;
        // How long a stream was open says nothing about the server, and its bytes are counted as they go.
        if (isStream(response)) return;
        sent += socket.bytesWritten - sentBefore;
        duration.record((now() - startedMs) / 1000);
      });
    },
    countStreamed: (bytes) => {
      streamed += bytes;
    },
    read: () => ({
      counters: {
        'marathon.http.requests.size.counter.bytes': received,
        'marathon.http.responses.size.counter.bytes': sent,
        'marathon.http.event-streams.responses.size.counter.bytes': streamed,
      },
      gauges: { 'marathon.http.requests.active.gauge': active },
      meters: Object.fromEntries(meters.map(([name, meter]) => [name, meter.read()])),
      timers: { 'marathon.http.requests.duration.timer.seconds': duration.read() },
    }),
  };
};

const meterOf = (meters: readonly (readonly [string, Meter])[], status: number): Meter | undefined =>
  meters[Math.floor(status / 100) - 1]?.[1];

const isStream = (response: ServerResponse): boolean =>
  String(response.getHeader('content-type')).startsWith('text/event-stream');
