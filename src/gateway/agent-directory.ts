import type { Clock } from '../runtime/clock.ts';
import { fetchJson } from './fetch-json.ts';
import { type Fresh, freshFor } from './fresh-for.ts';
import { asArray, asObject, asString } from './json.ts';

/** An agent restarts on another port at most this long before requests find it there. */
const LIFETIME_MS = 1_000;

export interface KnownAgent {
  readonly id: string;
  readonly hostname: string;
  readonly ip: string;
  /** Of the agent's own HTTP server. */
  readonly url: string;
  readonly isActive: boolean;
}

export type AgentScheme = 'http' | 'https';

export type AgentDirectory = Fresh<ReadonlyMap<string, KnownAgent>>;

/** The agents that the master knows, by id; all of them speak TLS, or none does. */
export const agentDirectory = (mesosUrl: string, scheme: AgentScheme, clock: Clock): AgentDirectory =>
  freshFor(clock, LIFETIME_MS, async () =>
    readAgents(await fetchJson('mesos', `${mesosUrl}/slaves`), scheme),
  );

/** Reads the agents of the master's /slaves (mesos.md 3.9). */
export const readAgents = (
  answer: unknown,
  scheme: AgentScheme = 'http',
): ReadonlyMap<string, KnownAgent> => {
  const agents = new Map<string, KnownAgent>();
  for (const entry of asArray(asObject(answer).slaves)) {
    const agent = readAgent(asObject(entry), scheme);
    if (agent) agents.set(agent.id, agent);
  }
  return agents;
};

const readAgent = (slave: Readonly<Record<string, unknown>>, scheme: AgentScheme): KnownAgent | undefined => {
  const id = asString(slave.id);
  const address = /@(\[?[^\]]+\]?):(\d+)$/.exec(asString(slave.pid) ?? '');
  if (id === undefined || !address?.[1]) return undefined;
  const ip = address[1];
  const hostname = asString(slave.hostname) ?? ip;
  return { id, hostname, ip, url: `${scheme}://${ip}:${address[2]}`, isActive: slave.active === true };
};
