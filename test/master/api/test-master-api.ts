import { type HttpResponse, request } from '../../../src/http/client.ts';
import { Router } from '../../../src/http/router.ts';
import { type HttpServer, startServer } from '../../../src/http/server.ts';
import { addMasterRoutes, type OperatorStreams, renderMasterError } from '../../../src/master/api/routes.ts';
import type { OperatorCommand, OperatorOutcome } from '../../../src/master/core/input.ts';
import type { MasterState } from '../../../src/master/core/state.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { FACTS } from './sample-state.ts';

/** The master's operator API over real HTTP, before a core that answers as it is told. */
export interface TestMasterApi {
  readonly url: string;
  readonly clock: VirtualClock;
  readonly streams: OperatorStreams;
  /** What the core was asked to do, in order. */
  readonly commands: OperatorCommand[];
  /** What it answers from now on. */
  answerWith(outcome: OperatorOutcome): void;
  get(path: string, headers?: Record<string, string>): Promise<HttpResponse>;
  /** POST /api/v1, JSON both ways. */
  call(message: unknown, headers?: Record<string, string>): Promise<HttpResponse>;
  send(method: string, path: string, body?: string, headers?: Record<string, string>): Promise<HttpResponse>;
  close(): Promise<void>;
}

export const startTestMasterApi = async (
  state: MasterState,
  options: { maxStreams?: number } = {},
): Promise<TestMasterApi> => {
  const clock = new VirtualClock(state.startedMs);
  const commands: OperatorCommand[] = [];
  let outcome: OperatorOutcome = { type: 'accepted' };
  const router = new Router({ takesLongerPaths: true });
  const streams = addMasterRoutes(router, {
    timings: () => ({}),
    heartbeats: new Map(),
    acls: undefined,
    ...options,
    state,
    facts: FACTS,
    clock,
    log: silentLog,
    allocator: {
      roles: () => [],
      totals: () => ({ total: {}, offeredOrAllocated: {} }),
      activeFilters: () => new Map(),
    },
    ask: async (command) => {
      commands.push(command);
      return outcome;
    },
  });
  const server: HttpServer = await startServer({ router, log: silentLog, renderError: renderMasterError });
  const send: TestMasterApi['send'] = (method, path, body, headers = {}) =>
    request({ method, url: `${server.url}${path}`, headers, ...(body === undefined ? {} : { body }) });
  return {
    url: server.url,
    clock,
    streams,
    commands,
    answerWith: (next) => {
      outcome = next;
    },
    get: (path, headers) => send('GET', path, undefined, headers),
    call: (message, headers) =>
      send('POST', '/api/v1', typeof message === 'string' ? message : JSON.stringify(message), {
        'Content-Type': 'application/json',
        Accept: 'application/json',
        ...headers,
      }),
    send,
    close: async () => {
      streams.close();
      await server.close();
    },
  };
};
