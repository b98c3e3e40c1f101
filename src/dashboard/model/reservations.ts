import type { Resource } from '../../mesos/generated/mesos.ts';
import type { NodeView } from './cluster-state.ts';
import { NOTHING, plus, type Quantities, quantitiesOf } from './quantities.ts';

/** What an agent keeps for a role: amounts under the same labels, or one persistent volume. */
export interface Reservation {
  readonly key: string;
  readonly agentId: string;
  readonly hostname: string;
  readonly role: string;
  readonly isStatic: boolean;
  readonly principal: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly held: Quantities;
  /** Of a persistent volume, else empty. */
  readonly volumeId: string;
  readonly containerPath: string;
}

/** All that is reserved on agents, the volumes one by one. */
export const reservationsOf = (
  nodes: readonly Pick<NodeView, 'id' | 'hostname' | 'resources'>[],
): Reservation[] =>
  nodes.flatMap(({ id, hostname, resources }) => {
    const byKey = new Map<string, Reservation>();
    for (const resource of resources) {
      const own = reservationOf(resource, { id, hostname });
      if (own === undefined) continue;
      const { held } = byKey.get(own.key) ?? { held: NOTHING };
      byKey.set(own.key, { ...own, held: plus(held, own.held) });
    }
    return [...byKey.values()];
  });

const reservationOf = (
  resource: Resource,
  { id, hostname }: { id: string; hostname: string },
): Reservation | undefined => {
  const { role = '*', reservations = [], disk } = resource;
  const latest = reservations.at(-1);
  if (latest === undefined && role === '*') return undefined;
  const labels = Object.fromEntries(
    (latest?.labels?.labels ?? []).map(({ key, value = '' }) => [key, value]),
  );
  const volumeId = disk?.persistence?.id ?? '';
  const reservedFor = latest?.role ?? role;
  return {
    key: JSON.stringify([id, reservedFor, latest?.principal, labels, volumeId]),
    agentId: id,
    hostname,
    role: reservedFor,
    isStatic: latest?.type !== 'DYNAMIC',
    principal: latest?.principal ?? '',
    labels,
    held: quantitiesOf([resource]),
    volumeId,
    containerPath: disk?.volume?.container_path ?? '',
  };
};
