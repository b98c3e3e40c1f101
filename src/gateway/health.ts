import { request } from '../http/client.ts';
import { HttpError } from '../http/http-error.ts';
import { sendJson } from '../http/respond.ts';
import type { Router } from '../http/router.ts';
import type { Clock } from '../runtime/clock.ts';
import { errorMessage } from '../runtime/error-message.ts';
import type { AgentDirectory } from './agent-directory.ts';
import { freshFor } from './fresh-for.ts';
import type { Backends } from './routing.ts';

const PROBE_TIMEOUT_MS = 2_000;
const LIFETIME_MS = 1_000;

/** 0 is healthy and 1 is not, as DC/OS's health API counts. */
type Health = 0 | 1;

interface Unit {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly help: string;
  readonly health: Health;
  readonly output: string;
}

interface Node {
  readonly host_ip: string;
  readonly role: 'master' | 'agent';
  readonly health: Health;
}

/** A part of the control plane under the unit name that DC/OS gives its like. */
interface Part {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly url: string;
}

export interface HealthOptions {
  readonly backends: Backends;
  readonly agents: AgentDirectory;
  readonly host: string;
  readonly clock: Clock;
}

/** Adds the health API: every part of the control plane is a unit, the control plane and every agent a node. */
export const addHealthPages = (router: Router, { backends, agents, host, clock }: HealthOptions): void => {
  const parts = partsOf(backends);
  const checked = freshFor(clock, LIFETIME_MS, () => Promise.all(parts.map(check)));
  const units = async (): Promise<Unit[]> => [...(await checked.get()), gatewayUnit];
  const nodes = async (): Promise<Node[]> => {
    const health: Health = (await units()).some((unit) => unit.health === 1) ? 1 : 0;
    const known = await agents.get().catch(() => new Map<string, never>());
    const agentNodes = [...known.values()].map(
      ({ ip, isActive }): Node => ({ host_ip: ip, role: 'agent', health: isActive ? 0 : 1 }),
    );
    return [{ host_ip: host, role: 'master', health }, ...agentNodes];
  };
  const unitById = async (id = ''): Promise<Unit> => {
    const unit = (await units()).find((candidate) => candidate.id === id);
    if (!unit) throw new HttpError(404, `No unit ${id}`);
    return unit;
  };

  router
    .on('GET', '/system/health/v1', async ({ response }) =>
      sendJson(response, 200, { hostname: host, ip: host, node_role: 'master', units: await units() }),
    )
    .on('GET', '/system/health/v1/units', async ({ response }) =>
      sendJson(response, 200, { units: (await units()).map(withoutOutput) }),
    )
    .on('GET', '/system/health/v1/units/:id', async ({ response, params }) =>
      sendJson(response, 200, withoutOutput(await unitById(params.id))),
    )
    .on('GET', '/system/health/v1/nodes', async ({ response }) =>
      sendJson(response, 200, { nodes: await nodes() }),
    )
    .on('GET', '/system/health/v1/nodes/:ip', async ({ response, params }) => {
      const node = (await nodes()).find((candidate) => candidate.host_ip === params.ip);
      if (!node) throw new HttpError(404, `No node ${params.ip}`);
      sendJson(response, 200, node);
    })
    .on('GET', '/system/health/v1/nodes/:ip/units', async ({ response, params }) =>
      sendJson(response, 200, { units: params.ip === host ? await units() : [] }),
    );
};

const partsOf = ({ mesosUrl, marathonUrl, packagesUrl, jobsUrl }: Backends): readonly Part[] => [
  {
    id: 'dcos-mesos-master.service',
    name: 'Mesos Master',
    description: 'agents, offers, roles, quota',
    url: `${mesosUrl}/health`,
  },
  {
    id: 'dcos-marathon.service',
    name: 'Marathon',
    description: 'apps, groups, deployments',
    url: `${marathonUrl}/ping`,
  },
  {
    id: 'dcos-cosmos.service',
    name: 'Package Service',
    description: 'repositories, search, install',
    url: `${packagesUrl}/capabilities`,
  },
  ...(jobsUrl === undefined
    ? []
    : [
        {
          id: 'dcos-metronome.service',
          name: 'Job Service',
          description: 'jobs, schedules, history',
          url: `${jobsUrl}/ping`,
        },
      ]),
];

/** Whoever reads this has its health proven. */
const gatewayUnit: Unit = {
  id: 'dcos-adminrouter.service',
  name: 'Gateway',
  description: 'one port in front of all parts',
  help: '',
  health: 0,
  output: '',
};

/** Any answer below 500 shows a part that lives; what it thinks of this request is another question. */
const check = async ({ url, ...part }: Part): Promise<Unit> => {
  const help = `the part listens at ${new URL(url).origin}`;
  try {
    const { status } = await request({ url, timeoutMs: PROBE_TIMEOUT_MS });
    if (status >= 500) throw new Error(`it answers ${status}`);
    return { ...part, help, health: 0, output: '' };
  } catch (error) {
    return { ...part, help, health: 1, output: errorMessage(error) };
  }
};

const withoutOutput = ({ id, name, description, health }: Unit): Omit<Unit, 'help' | 'output'> => ({
  id,
  name,
  description,
  health,
});
