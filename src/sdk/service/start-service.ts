import { isLoopback } from '../../http/origin-guard.ts';
import { type HttpServer, startServer } from '../../http/server.ts';
import type { ServerAccess } from '../../http/server-access.ts';
import type { Clock } from '../../runtime/clock.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Log } from '../../runtime/log.ts';
import type { Random } from '../../runtime/random.ts';
import type { Store } from '../../store/store.ts';
import { TurnRunner } from '../../store/turn-runner.ts';
import { serviceRouter } from './api.ts';
import { discover } from './discover.ts';
import type { ServiceEffect, ServiceInput, ServiceTimer } from './effect.ts';
import { probe } from './probe.ts';
import { ServiceCore } from './service-core.ts';
import { ServiceScheduler } from './service-scheduler.ts';
import type { ServiceSpec } from './spec.ts';
import { loadState } from './state.ts';

export interface ServiceOptions {
  readonly spec: ServiceSpec;
  readonly masterUrls: readonly string[];
  readonly credential?: { principal: string; secret: string };
  /** Addresses to listen on; the first is the one that is told to others. */
  readonly hosts: readonly string[];
  /** 0 takes a free one. */
  readonly port: number;
  readonly hostnames: readonly string[];
  /** TLS and authentication, on the loopback address only when it is the only one; default: neither. */
  readonly access?: ServerAccess | undefined;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The service cannot go on: refused by the master for good, or its store is broken. */
  readonly onEnded: (reason: string) => void;
}

export interface RunningService {
  readonly url: string;
  /** Ends the scheduler; its tasks go on. */
  close(): Promise<void>;
}

/**
 * Runs the scheduler of a service. Its memory is the store; when that is empty, what a former life has left in the
 * cluster is found again. Throws when the description has less in it than there is, because what is in the way would
 * have to be destroyed.
 */
export const startService = async (options: ServiceOptions): Promise<RunningService> => {
  const { spec, store, clock, random, log, onEnded } = options;
  const state = loadState(store);
  const core = new ServiceCore({ spec, state, random });
  const scheduler = new ServiceScheduler(options);
  const runner = new TurnRunner<ServiceInput, ServiceEffect, ServiceTimer>({
    core,
    store,
    clock,
    onTimer: (timer) => ({ type: 'timer', timer }),
    perform: (effect) => perform(effect, { options, scheduler, handle: (input) => runner.handle(input) }),
    onFault: (effect, error) =>
      log.error({ effect: effect.type, error: errorMessage(error) }, 'an effect failed'),
    onBroken: (error) => onEnded(`The store cannot be written: ${errorMessage(error)}`),
  });
  refuseShrinking(core, state.instances.keys());
  const handle = async (input: ServiceInput): Promise<void> => {
    runner.handle(input);
    await runner.settled();
  };
  const router = serviceRouter({ core, now: () => clock.now(), handle });
  const servers = await listen(options, router);
  const url = servers[0]?.url ?? '';
  const start = async (): Promise<void> => {
    const candidates = await formerIds(options, core, runner);
    scheduler.start({ url, candidates, handle: (input) => runner.handle(input) });
  };
  start().catch((error: unknown) => onEnded(errorMessage(error)));
  return {
    url,
    close: async () => {
      await scheduler.close();
      for (const server of servers) await server.close();
      await runner.settled();
      runner.close();
    },
  };
};

/** The same port on all addresses. */
const listen = async (
  { hosts, port, hostnames, access, log }: ServiceOptions,
  router: ReturnType<typeof serviceRouter>,
): Promise<HttpServer[]> => {
  const servers: HttpServer[] = [];
  for (const host of hosts) {
    const own = isLoopback(host) && hosts.length > 1 ? undefined : access;
    const used = servers[0]?.port ?? port;
    servers.push(await startServer({ router, log, host, hostnames, access: own, port: used }));
  }
  return servers;
};

/** The ids to subscribe with, one after another. */
const formerIds = async (
  { spec, masterUrls, clock, log }: ServiceOptions,
  core: ServiceCore,
  runner: { handle(input: ServiceInput): void },
): Promise<readonly string[]> => {
  const { frameworkId } = core.state;
  if (frameworkId !== undefined) return [frameworkId];
  const { frameworkIds, instances } = await discover({ spec, masterUrls, clock, log });
  refuseShrinking(core, instances.keys());
  if (instances.size > 0 || frameworkIds.length > 0) {
    log.info({ frameworkIds, instances: [...instances.keys()] }, 'found a former life in the cluster');
  }
  runner.handle({ type: 'discovered', instances });
  return frameworkIds;
};

const refuseShrinking = (core: ServiceCore, existing: Iterable<string>): void => {
  const wanted = new Set([...core.targets.values()].map(({ instance }) => instance));
  const surplus = [...existing].filter((instance) => !wanted.has(instance));
  if (surplus.length === 0) return;
  throw new Error(
    `The description of ${core.spec.name} has no place for ${surplus.join(', ')}, which hold resources and data: a service cannot shrink; keep its pods and their count`,
  );
};

interface Parts {
  readonly options: ServiceOptions;
  readonly scheduler: ServiceScheduler;
  readonly handle: (input: ServiceInput) => void;
}

const perform = (effect: ServiceEffect, { options, scheduler, handle }: Parts): void => {
  switch (effect.type) {
    case 'call':
      scheduler.call(effect.call);
      break;
    case 'discover':
      void discover(options).then(({ instances }) => handle({ type: 'discovered', instances }));
      break;
    case 'probe': {
      const { task, taskId } = effect;
      void probe(effect).then((isPassed) => handle({ type: 'probed', task, taskId, isPassed }));
    }
  }
};
