import { HttpError } from '../http/http-error.ts';
import { principalOf } from '../http/principal.ts';
import type { Clock } from '../runtime/clock.ts';
import { type AgentDirectory, agentDirectory } from './agent-directory.ts';
import { findService, type ServiceDirectory, serviceDirectory } from './service-directory.ts';
import { type Upstream, upstreamAt } from './upstream.ts';

export interface Backends {
  readonly mesosUrl: string;
  readonly marathonUrl: string;
  readonly packagesUrl: string;
  /** The job service, where one runs. */
  readonly jobsUrl?: string | undefined;
}

/** How agents are spoken to in a cluster with TLS. */
export interface AgentPeer {
  readonly ca: string;
  /** The Authorization header that they take from the gateway when it asks for itself. */
  readonly authorization: () => string | undefined;
  /** A token that says in whose name the gateway asks. */
  readonly tokenOfCaller: (principal: string) => string;
}

/** A token that shows a service, which it names, that a request comes from the gateway. */
export type ProxyToken = (service: string) => string;

export interface Routing {
  /** Where a request target (path and query) leads. Throws HttpError 404 when nowhere, 502 and 503 when it cannot be said. */
  find(target: string): Promise<Upstream>;
  /** What was remembered of agents and services is wrong: the next request asks anew. */
  forget(): void;
  readonly agents: AgentDirectory;
}

/** Path prefixes that lead to one server each, and whether it sees them. The first that matches wins. */
const FIXED: readonly { prefix: string; backend: keyof Backends; name: string; isStripped: boolean }[] = [
  { prefix: '/mesos', backend: 'mesosUrl', name: 'mesos', isStripped: true },
  { prefix: '/service/marathon', backend: 'marathonUrl', name: 'marathon', isStripped: true },
  { prefix: '/marathon', backend: 'marathonUrl', name: 'marathon', isStripped: true },
  { prefix: '/service/metronome', backend: 'jobsUrl', name: 'jobs', isStripped: true },
  { prefix: '/secrets', backend: 'marathonUrl', name: 'marathon', isStripped: false },
  { prefix: '/package', backend: 'packagesUrl', name: 'packages', isStripped: false },
  { prefix: '/capabilities', backend: 'packagesUrl', name: 'packages', isStripped: false },
  // /service is the proxy to services, so what the package service has there is reached as /cosmos/service.
  { prefix: '/cosmos', backend: 'packagesUrl', name: 'packages', isStripped: true },
];

/** The paths of a DC/OS cluster (Admin Router's), and what stands behind them here. */
export const createRouting = (
  backends: Backends,
  clock: Clock,
  { agentPeer, proxyToken }: { agentPeer?: AgentPeer | undefined; proxyToken?: ProxyToken | undefined } = {},
): Routing => {
  const agents = agentDirectory(backends.mesosUrl, agentPeer ? 'https' : 'http', clock);
  const services = serviceDirectory(backends, clock);
  return {
    agents,
    find: async (target) =>
      findFixed(backends, target) ??
      (await findAgent(agents, target, agentPeer)) ??
      (await findServiceUpstream(services, target, proxyToken)) ??
      unknown(target),
    forget: () => {
      agents.forget();
      services.forget();
    },
  };
};

const findFixed = (backends: Backends, target: string): Upstream | undefined => {
  const path = pathOf(target);
  const route = FIXED.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
  const url = route && backends[route.backend];
  if (!route || url === undefined) return undefined;
  return upstreamAt(route.name, url, target, route.isStripped ? route.prefix : '');
};

const findAgent = async (
  agents: AgentDirectory,
  target: string,
  peer: AgentPeer | undefined,
): Promise<Upstream | undefined> => {
  const [, prefix, encodedId = ''] = /^(\/(?:agent|slave)\/([^/?]+))/.exec(target) ?? [];
  if (prefix === undefined) return undefined;
  const id = decode(encodedId);
  const agent = (await agents.get()).get(id);
  if (!agent) throw new HttpError(404, `No agent ${id} is registered: plenum node list shows those that are`);
  const upstream = upstreamAt(`agent ${id}`, agent.url, target, prefix);
  if (!peer) return upstream;
  return {
    ...upstream,
    ca: peer.ca,
    // Agents cannot tell whether a login was revoked: what they see is the gateway's word for who it was.
    authorization: (request) => {
      const caller = principalOf(request);
      return caller ? `token=${peer.tokenOfCaller(caller.name)}` : undefined;
    },
  };
};

const findServiceUpstream = async (
  services: ServiceDirectory,
  target: string,
  proxyToken: ProxyToken | undefined,
): Promise<Upstream | undefined> => {
  const [, rawName] = /^\/service\/([^?]+)/.exec(target) ?? [];
  if (rawName === undefined) return undefined;
  const path = decode(rawName).replace(/\/+$/, '');
  const service = findService(await services.get(), path);
  if (!service) {
    throw new HttpError(
      404,
      `No service ${path.split('/')[0]} runs: it needs a running task of an app with the label DCOS_SERVICE_NAME, or a framework with a webui_url`,
    );
  }
  const prefix = service.isPrefixStripped ? `/service/${encodeName(service.name)}` : '';
  const upstream = upstreamAt(`service ${service.name}`, service.url, target, prefix);
  if (!proxyToken) return upstream;
  // What logs people in here is none of a service's business.
  const { audience, url } = service;
  const login = { authorization: () => undefined };
  return url.startsWith('https:')
    ? { ...upstream, ...login, proxyToken: () => proxyToken(audience) }
    : { ...upstream, ...login };
};

const unknown = (target: string): never => {
  throw new HttpError(404, `No such path: ${pathOf(target)}`);
};

const pathOf = (target: string): string => target.split('?', 1)[0] ?? '/';

const encodeName = (name: string): string => name.split('/').map(encodeURIComponent).join('/');

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new HttpError(400, `The path is not valid percent-encoded UTF-8: ${text}`);
  }
};
