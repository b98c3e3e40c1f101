import type { Resource, ValueRange } from '../../mesos/generated/mesos.ts';
import { parseResources } from '../../mesos/resources/parse-text.ts';
import { namespacesUnlike } from '../processes/namespaces.ts';
import { descendantsOf, readProcessTable, treeOf } from '../processes/process-table.ts';
import { durationFlag } from './flag-values.ts';
import type { ContainerResources, IsolatorFactory, Limitation } from './isolator.ts';
import { listeningSockets, portsOf } from './listening-ports.ts';
import { PeriodicWatch } from './periodic-watch.ts';

const DEFAULT_INTERVAL_MS = 30_000;
const DEFAULT_RANGES: readonly ValueRange[] = [{ begin: 31_000, end: 32_000 }];

interface Watched {
  pid: number | undefined;
  limitedAs: string;
}

/**
 * network/ports: with --enforce_container_ports a container that listens on a port which is not among its resources ends
 * with REASON_CONTAINER_LIMITATION. With --check_agent_port_range_only the agent's ports are the only ones that matter.
 * Containers with a network of their own may listen where they like.
 */
export const networkPorts: IsolatorFactory = ({ flags, clock }) => {
  if (process.platform !== 'linux') throw new Error('this system does not tell who listens');
  const isEnforced = flags.enforce_container_ports === 'true';
  const checked = flags.check_agent_port_range_only === 'true' ? agentPorts(flags.resources) : undefined;
  const watched = new Map<string, Watched>();
  /** What containers hold, by the one whose limits count. */
  const held = new Map<string, readonly ValueRange[]>();
  const hold = (limitedAs: string, { resources }: ContainerResources): void => {
    held.set(limitedAs, rangesOf(resources));
  };
  const look = async (containerId: string): Promise<Limitation | undefined> => {
    const container = watched.get(containerId);
    if (container?.pid === undefined || namespacesUnlike(container.pid).includes('net')) return undefined;
    const own = held.get(container.limitedAs) ?? [];
    const sockets = listeningSockets();
    const ports = processesOf(container.pid).flatMap((pid) => portsOf(pid, sockets));
    const strange = ports.filter((port) => !isIn(port, own) && (!checked || isIn(port, checked)));
    return strange.length === 0 ? undefined : limitationOf([...new Set(strange)].sort((a, b) => a - b));
  };
  const watch = new PeriodicWatch(
    clock,
    durationFlag(flags, 'container_ports_watch_interval', DEFAULT_INTERVAL_MS),
    look,
  );
  return {
    name: 'network/ports',
    recover: async (containers) => {
      for (const container of containers) {
        watched.set(container.id, { pid: container.pid, limitedAs: container.limitedAs });
        hold(container.limitedAs, container);
      }
    },
    prepare: async (container) => {
      hold(container.limitedAs, container);
      return undefined;
    },
    isolate: async ({ id, limitedAs }, pid) => {
      watched.set(id, { pid, limitedAs });
    },
    update: async ({ limitedAs }, resources) => hold(limitedAs, resources),
    watch: (containerId) => (isEnforced ? watch.until(containerId) : new Promise(() => undefined)),
    cleanup: async (containerId) => {
      const limitedAs = watched.get(containerId)?.limitedAs;
      watch.forget(containerId);
      watched.delete(containerId);
      if (![...watched.values()].some((other) => other.limitedAs === limitedAs)) held.delete(limitedAs ?? '');
    },
    close: () => watch.close(),
  };
};

const processesOf = (root: number): number[] =>
  (descendantsOf(root) ?? treeOf(root, readProcessTable())).map(({ pid }) => pid);

const rangesOf = (resources: readonly Resource[]): ValueRange[] =>
  resources.filter(({ name }) => name === 'ports').flatMap(({ ranges }) => ranges?.range ?? []);

const agentPorts = (text: string | undefined): readonly ValueRange[] => {
  const named = text === undefined ? [] : rangesOf(parseResources(text));
  return named.length === 0 ? DEFAULT_RANGES : named;
};

const isIn = (port: number, ranges: readonly ValueRange[]): boolean =>
  ranges.some(({ begin, end }) => port >= begin && port <= end);

const limitationOf = (ports: readonly number[]): Limitation => {
  const range = ports.map((port) => ({ begin: port, end: port }));
  return {
    reason: 'REASON_CONTAINER_LIMITATION',
    message: `Container is listening on unallocated port(s): [${ports.map((port) => `${port}-${port}`).join(', ')}]`,
    resources: [{ name: 'ports', type: 'RANGES', role: '*', ranges: { range } }],
  };
};
