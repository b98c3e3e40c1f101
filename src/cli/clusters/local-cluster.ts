import { DEFAULT_CLUSTER_NAME, localClusterNames } from '../../cluster/cluster-folder.ts';
import type { ClusterStatus } from '../../cluster/status.ts';
import { attachedName } from './known-clusters.ts';

/** The local cluster that `up`, `down` and `status` mean: the one named, else the attached one, else the only one. */
export const localClusterName = (home: string, asked: string | undefined): string => {
  if (asked !== undefined) return asked;
  const names = localClusterNames(home);
  const attached = attachedName(home);
  if (attached !== undefined && names.includes(attached)) return attached;
  const [only, ...others] = names;
  return only !== undefined && others.length === 0 ? only : DEFAULT_CLUSTER_NAME;
};

/** What `plenum up --json` prints: all addresses as URLs. */
export const clusterJson = ({ name, id, state, pid, addresses, agents, folder }: ClusterStatus): object => {
  const { gateway, master, marathon, packages } = addresses;
  return {
    name,
    id,
    state,
    gateway,
    master,
    marathon,
    packages,
    dashboard: gateway === undefined ? undefined : `${gateway}/`,
    agents: agents.map((agent) => ({ id: agent.id, name: agent.name, url: agent.url, pid: agent.pid })),
    pid,
    folder,
  };
};

/** The same for people. */
export const clusterText = ({ name, state, addresses, agents, folder }: ClusterStatus): string => {
  const lines = [
    ['gateway', addresses.gateway],
    ['dashboard', addresses.gateway && `${addresses.gateway}/`],
    ['master', addresses.master],
    ['marathon', addresses.marathon],
    ['packages', addresses.packages],
    ...agents.map((agent) => [
      agent.name,
      `${agent.url ?? 'no address'}${agent.pid === undefined ? ' (not running)' : ''}`,
    ]),
    ['files', folder],
  ];
  const width = Math.max(...lines.map(([label = '']) => label.length));
  const body = lines.map(([label = '', value = '-']) => `  ${label.padEnd(width)}  ${value}`);
  return [`Cluster ${name} is ${state}`, ...body].join('\n');
};
