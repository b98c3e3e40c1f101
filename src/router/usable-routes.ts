import type { Haproxy } from './haproxy.ts';
import { renderConfig, renderFrame } from './haproxy-config.ts';
import type { ListenSettings } from './listen-settings.ts';
import { whyPortIsTaken } from './port-in-use.ts';
import type { Route, RouteProblem } from './route.ts';

export interface UsableConfig {
  readonly config: string;
  readonly routes: readonly Route[];
  readonly problems: readonly RouteProblem[];
}

export interface Judgement {
  readonly haproxy: Haproxy;
  readonly settings: ListenSettings;
  /** What HAProxy serves already. */
  readonly running: readonly Route[];
}

/**
 * The configuration of all routes that HAProxy can take. It takes a configuration as a whole or not at all, so what it would
 * refuse is looked for beforehand: ports that somebody else has, and what an app's templates, files or algorithms get wrong.
 */
export const findUsableConfig = async (
  wanted: readonly Route[],
  { haproxy, settings, running }: Judgement,
): Promise<UsableConfig> => {
  const problems: RouteProblem[] = [];
  const heldPorts = new Set(running.map(({ port }) => port));
  let routes: Route[] = [];
  for (const route of wanted) {
    const address = route.labels.bindAddress ?? settings.bindAddress;
    const reason = heldPorts.has(route.port) ? undefined : await whyPortIsTaken(route.port, address);
    if (reason === undefined) routes.push(route);
    else
      problems.push({ appId: route.appId, message: `its port ${route.index} cannot be served: ${reason}` });
  }
  const whole = renderConfig(routes, settings);
  // Where only servers come and go nothing is new to HAProxy, and every millisecond counts.
  const isFamiliar = renderFrame(routes, settings) === renderFrame(running, settings);
  if (isFamiliar || (await haproxy.judge(whole)) === undefined) return { config: whole, routes, problems };

  const judged: Route[] = [];
  for (const route of routes) {
    const fault = await haproxy.judge(renderConfig([route], settings));
    if (fault === undefined) judged.push(route);
    else problems.push({ appId: route.appId, message: `haproxy refuses its port ${route.index}: ${fault}` });
  }
  routes = judged;
  const config = renderConfig(routes, settings);
  const rest = await haproxy.judge(config);
  if (rest !== undefined) throw new Error(`haproxy refuses the configuration: ${rest}`);
  return { config, routes, problems };
};
