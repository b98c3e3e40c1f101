import type { Clock, Timer } from '../runtime/clock.ts';
import { errorMessage } from '../runtime/error-message.ts';
import type { Log } from '../runtime/log.ts';
import type { Haproxy } from './haproxy.ts';
import { renderConfig } from './haproxy-config.ts';
import type { ListenSettings } from './listen-settings.ts';
import { createLiveConfig } from './live-config.ts';
import type { MarathonSource } from './marathon-source.ts';
import { planRoutes, type RoutingRules } from './plan-routes.ts';
import { createHostResolver } from './resolve-hosts.ts';
import type { Route, RouteProblem } from './route.ts';
import { findUsableConfig } from './usable-routes.ts';

export interface LoopOptions {
  readonly haproxy: Haproxy;
  readonly marathon: MarathonSource;
  readonly rules: RoutingRules;
  readonly listen: ListenSettings;
  /** How often everything is read anew, whether or not something was heard of. */
  readonly readEveryMs: number;
  /** The time between two reloads at least. */
  readonly reloadEveryMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the router does, as its status page tells it. */
export interface RouterStatus {
  readonly config: string;
  readonly routes: readonly Route[];
  readonly problems: readonly RouteProblem[];
  /** Configurations that HAProxy was brought to. */
  readonly configurations: number;
  /** How many of them took a new process. */
  readonly reloads: number;
  /** Why the last attempt came to nothing; HAProxy goes on as it was. */
  readonly failure?: string;
}

export interface RoutingLoop {
  readonly status: RouterStatus;
  /** Looks at Marathon soon; many calls make one look. */
  wake(): void;
  close(): void;
}

const RETRY_MS = 5_000;

/**
 * Starts HAProxy with nothing to route, and then keeps it in step with what Marathon runs: one look at a time, and one
 * reload in `reloadEveryMs` at most. While Marathon is away HAProxy goes on as it is.
 */
export const startRoutingLoop = async (options: LoopOptions): Promise<RoutingLoop> => {
  const { haproxy, marathon, rules, listen, readEveryMs, reloadEveryMs, clock, log } = options;
  const hosts = createHostResolver(clock);
  const empty = renderConfig([], listen);
  const complaint = await haproxy.judge(empty);
  if (complaint !== undefined) throw new Error(`haproxy refuses the configuration: ${complaint}`);
  await haproxy.apply(empty);
  let status: RouterStatus = { config: empty, routes: [], problems: [], configurations: 1, reloads: 0 };
  const live = createLiveConfig(haproxy, listen);
  let lastReloadMs = Number.NEGATIVE_INFINITY;
  let state: 'idle' | 'looking' | 'looking, and again' | 'closed' = 'idle';
  let timer: Timer | undefined;

  const look = async (): Promise<void> => {
    const plan = planRoutes(await marathon.apps(), rules);
    const resolved = await hosts.resolve(plan.routes);
    const usable = await findUsableConfig(resolved.routes, {
      haproxy,
      settings: listen,
      running: status.routes,
    });
    if (isClosed()) return;
    const change = await live.bring(usable);
    if (change === 'reload') lastReloadMs = clock.now();
    const problems = [...plan.problems, ...resolved.problems, ...usable.problems];
    logNews(log, problems, status.problems);
    status = {
      config: usable.config,
      routes: usable.routes,
      problems,
      configurations: status.configurations + (change === 'none' ? 0 : 1),
      reloads: status.reloads + (change === 'reload' ? 1 : 0),
    };
    if (change !== 'none') log.info({ routes: usable.routes.length, change }, 'routes have changed');
  };

  const lookAndPlan = async (): Promise<void> => {
    timer?.cancel();
    state = 'looking';
    let nextMs = readEveryMs;
    try {
      await look();
    } catch (error) {
      if (isClosed()) return;
      const failure = errorMessage(error);
      if (failure !== status.failure) log.warn({ failure }, 'routes stay as they are');
      status = { ...status, failure };
      nextMs = Math.min(RETRY_MS, readEveryMs);
    }
    if (isClosed()) return;
    if (isWantedAgain()) nextMs = Math.max(0, lastReloadMs + reloadEveryMs - clock.now());
    state = 'idle';
    timer = clock.setTimer(nextMs, () => void lookAndPlan());
  };
  // TypeScript takes what was assigned before an await for what is there after it.
  const isClosed = (): boolean => state === 'closed';
  const isWantedAgain = (): boolean => state === 'looking, and again';

  const wake = (): void => {
    if (state === 'looking') state = 'looking, and again';
    if (state !== 'idle') return;
    timer?.cancel();
    const waitMs = Math.max(0, lastReloadMs + reloadEveryMs - clock.now());
    timer = clock.setTimer(waitMs, () => void lookAndPlan());
  };

  void lookAndPlan();
  marathon.follow(wake);
  return {
    get status() {
      return status;
    },
    wake,
    close: () => {
      state = 'closed';
      timer?.cancel();
      marathon.close();
    },
  };
};

/** Says each problem once, for as long as it lasts. */
const logNews = (log: Log, problems: readonly RouteProblem[], known: readonly RouteProblem[]): void => {
  const said = new Set(known.map(({ appId, message }) => `${appId} ${message}`));
  for (const { appId, message } of problems) {
    if (!said.has(`${appId} ${message}`))
      log.warn({ app: appId, problem: message }, 'an app is not routed as it asks');
  }
};
