import type { OfferedAgent } from '../../../mesos/agent-fields.ts';
import type { OfferOperation, Resource } from '../../../mesos/generated/mesos.ts';
import type { RunSpec } from '../../definitions/run-spec.ts';
import type { Instance } from '../instance.ts';
import type { PickedDisk } from '../matcher/pick-disks.ts';
import type { Turn } from '../turn.ts';
import { amountsOf } from './amounts.ts';
import { newOperationId } from './operations.ts';
import { putReservation } from './put-reservation.ts';
import { asVolume, reservedFor } from './reserved-resource.ts';
import { persistenceIdOf } from './volume-need.ts';

export interface ReservationParts {
  readonly spec: RunSpec;
  readonly agent: OfferedAgent;
  /** Unreserved, out of one offer: what the tasks of the instance need beside their volumes. */
  readonly resources: readonly Resource[];
  readonly disks: readonly PickedDisk[];
  readonly hostPorts: readonly number[];
}

/**
 * Has an instance's resources reserved and its volumes made (marathon.md 3.17). That is noted before the master hears of
 * it; the instance goes on waiting, for an offer that shows them. Returns the operations in their order.
 */
export const reserve = (turn: Turn, instance: Instance, parts: ReservationParts): OfferOperation[] => {
  const { state, settings, random } = turn;
  const { spec, agent, resources, disks, hostPorts } = parts;
  const { frameworkId } = state;
  if (frameworkId === undefined) return [];
  const { principal } = settings;
  const owner = { holder: { frameworkId, instanceId: instance.id }, role: spec.role, principal };
  const volumes = disks.map(({ need, resource }) => {
    const persistenceId = persistenceIdOf(spec, need.name, random.uuid());
    const disk = reservedFor(resource, owner);
    const volume = asVolume(disk, { persistenceId, containerPath: need.containerPath, principal });
    return { name: need.name, persistenceId, disk, volume };
  });
  const reserved = [
    ...resources.map((resource) => reservedFor(resource, owner)),
    ...volumes.map(({ disk }) => disk),
  ];
  putReservation(
    turn,
    { ...instance, role: spec.role, appVersion: spec.version },
    {
      frameworkId,
      agent,
      volumes: volumes.map(({ name, persistenceId }) => ({ name, persistenceId })),
      hostPorts,
      amounts: amountsOf(reserved),
      sinceMs: turn.nowMs,
      isConfirmed: false,
      isUsed: false,
    },
  );
  const id = (): Pick<OfferOperation, 'id'> =>
    newOperationId(turn, { kind: 'reserve', instanceId: instance.id, agentId: agent.id });
  // The resources of one operation must all be of the same provider.
  return [
    ...byProvider(reserved).map(
      (group): OfferOperation => ({
        type: 'RESERVE',
        ...id(),
        reserve: { resources: group },
      }),
    ),
    ...byProvider(volumes.map(({ volume }) => volume)).map(
      (group): OfferOperation => ({
        type: 'CREATE',
        ...id(),
        create: { volumes: group },
      }),
    ),
  ];
};

/** Resources by who provides them. */
export const byProvider = (resources: readonly Resource[]): Resource[][] => {
  const groups = new Map<string, Resource[]>();
  for (const resource of resources) {
    const provider = resource.provider_id?.value ?? '';
    groups.set(provider, [...(groups.get(provider) ?? []), resource]);
  }
  return [...groups.values()];
};
