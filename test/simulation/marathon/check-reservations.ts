import { heldIn, volumeIdsOf } from '../../../src/marathon/core/resident/held-resources.ts';
import { insist } from './insist.ts';
import type { MarathonWorld } from './marathon-world.ts';

/** What is reserved on a machine, and for whom. */
interface Held {
  readonly instanceId: string;
  readonly agentId: string;
  readonly volumes: readonly string[];
}

const heldOn = ({ master }: MarathonWorld): Held[] =>
  [...master.state.agents.values()].flatMap(({ id, total }) =>
    heldIn(total).map(({ holder: { instanceId }, resources }) => ({
      instanceId,
      agentId: id,
      volumes: volumeIdsOf(resources),
    })),
  );

/** No volume is there twice. */
export const checkVolumes = (world: MarathonWorld): void => {
  const ids = heldOn(world).flatMap(({ volumes }) => volumes);
  insist(new Set(ids).size === ids.length, () => `A volume is there twice: ${ids.sort().join(' ')}`);
};

/** In the end every instance has what is reserved for it, and nothing is reserved for nobody. */
export const checkReservations = (world: MarathonWorld): void => {
  const known = [...world.marathon.state.instances.all()].flatMap(({ id, reservation }): Held[] =>
    reservation
      ? [
          {
            instanceId: id,
            agentId: reservation.agent.id,
            volumes: reservation.volumes.map(({ persistenceId }) => persistenceId),
          },
        ]
      : [],
  );
  const [real, wanted] = [heldOn(world).map(textOf).sort(), known.map(textOf).sort()];
  insist(real.join() === wanted.join(), () => `Reserved:\n${real.join('\n')}\nknown:\n${wanted.join('\n')}`);
};

const textOf = ({ instanceId, agentId, volumes }: Held): string =>
  `${instanceId} on ${agentId}: ${volumes.toSorted().join(' ')}`;
