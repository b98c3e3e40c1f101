import { ApiError } from '../../clients/api-error.ts';
import type { MesosClient } from '../../clients/mesos-client.ts';
import type { MesosSlave } from '../../clients/mesos-types.ts';
import type { SystemClient } from '../../clients/system-client.ts';

/** An agent, with what `dcos node list --json` adds to what the master tells of it (cli.md 7.1). */
export interface AgentNode extends MesosSlave {
  readonly type: 'agent';
  readonly status: string;
  readonly region: string;
  readonly zone: string;
  readonly public_ips: readonly string[];
}

/** A master, as `dcos node list --json` has it. */
export interface MasterNode {
  readonly host: string;
  readonly ip: string;
  readonly public_ips: readonly string[];
  readonly type: 'master (leader)' | 'master (standby)';
  readonly region: string;
  readonly zone: string;
  /** Of the leader alone. */
  readonly id?: string;
  readonly pid?: string;
  readonly version?: string;
}

export type ClusterNode = AgentNode | MasterNode;

export const isAgent = (node: ClusterNode): node is AgentNode => node.type === 'agent';

/** DRAINING, DRAINED, DEACTIVATED, UNREACHABLE or ACTIVE. */
const statusOf = ({ drain_info: drain, deactivated, active }: MesosSlave): string => {
  if (drain) return drain.state;
  if (deactivated) return 'DEACTIVATED';
  return active ? 'ACTIVE' : 'INACTIVE';
};

/** `slave(1)@10.0.0.11:5051` */
export const addressOf = (pid: string): string => /@(.*):\d+$/.exec(pid)?.[1] ?? '';

/**
 * The agents, then the masters: those whose names the cluster resolves, or the leader alone where it resolves none, as a
 * master by itself. Throws ApiError.
 */
export const listNodes = async (mesos: MesosClient, system: SystemClient): Promise<ClusterNode[]> => {
  const [slaves, leader, masters, network] = await Promise.all([
    mesos.getSlaves(),
    orNothing(mesos.getMaster()),
    orNothing(system.resolve('master.mesos')),
    orNothing(system.getNetworkNodes()),
  ]);
  const publicIps = (ip: string): readonly string[] =>
    network?.find(({ private_ip: own }) => own === ip)?.public_ips ?? [];
  const agents = slaves.map(
    (slave): AgentNode => ({
      ...slave,
      type: 'agent',
      status: statusOf(slave),
      region: slave.domain?.fault_domain?.region?.name ?? '',
      zone: slave.domain?.fault_domain?.zone?.name ?? '',
      public_ips: publicIps(addressOf(slave.pid)),
    }),
  );
  const names =
    masters && masters.length > 0 ? masters : leader ? [{ host: leader.hostname, ip: leader.ip }] : [];
  return [
    ...agents,
    ...names.map(({ host, ip }): MasterNode => {
      const isLeader = leader !== undefined && (ip === leader.ip || ip === leader.hostname);
      return {
        host,
        ip,
        public_ips: publicIps(ip),
        type: isLeader ? 'master (leader)' : 'master (standby)',
        region: leader?.region ?? '',
        zone: isLeader ? leader.zone : '',
        ...(isLeader ? { id: leader.id, pid: leader.pid, version: leader.version } : {}),
      };
    }),
  ];
};

/** What a cluster does not tell is left out. Rejects when it cannot be reached. */
const orNothing = async <T>(asked: Promise<T>): Promise<T | undefined> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.status !== undefined) return undefined;
    throw error;
  }
};
