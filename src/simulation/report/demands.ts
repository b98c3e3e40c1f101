import { isActive, isUnreachable } from '../../marathon/core/instance.ts';
import type { Constraint } from '../../marathon/definitions/constraint.ts';
import type { OfferedAgent } from '../../mesos/agent-fields.ts';
import type { Amounts } from '../scenario/scenario.ts';
import type { Stage } from '../world/play-timeline.ts';

/** What a framework still wants of one kind of task, or one app. */
export interface Demand {
  readonly framework: string;
  readonly frameworkId: string | undefined;
  readonly app: string;
  readonly role: string;
  /** Of one task. */
  readonly needs: Amounts;
  readonly waiting: number;
  /** Host names that tasks had to leave which wait now. */
  readonly displacedFrom: readonly string[];
  /** What is left of a back-off, in milliseconds. */
  readonly delayLeftMs: number;
  /** Why offers were of no use, as the framework itself says; empty when it does not. */
  readonly refusals: string;
  readonly constraints: readonly Constraint[];
  /** How many tasks there are to be, for constraints that reckon with it, and where those are that there are. */
  readonly wanted: number;
  placedOn(): Iterable<OfferedAgent>;
}

/** All kinds of tasks and all apps, those of which nothing waits included. */
export const demandsOf = ({ frameworks, marathon }: Stage): Demand[] => {
  const demands = frameworks.flatMap((framework) =>
    framework.kinds.map(
      ({ kind, waiting, tasks, asked }): Demand => ({
        framework: framework.plan.name,
        frameworkId: framework.frameworkId,
        app: kind.name,
        role: kind.role,
        needs: kind.amounts,
        waiting: waiting.size,
        displacedFrom: waiting.lost().map(({ replaces }) => replaces?.hostname ?? ''),
        delayLeftMs: 0,
        refusals: '',
        constraints: kind.constraints,
        wanted: asked,
        placedOn: () => [...tasks.values()].map(({ agent }) => agent),
      }),
    ),
  );
  if (marathon) demands.push(...appDemands(marathon));
  return demands;
};

const appDemands = (marathon: NonNullable<Stage['marathon']>): Demand[] => {
  const { state, name, frameworkId } = marathon;
  const queue = new Map(marathon.queue().map((item) => [item.spec.id, item]));
  const displaced = marathon.displaced();
  return [...state.root.apps.values()].map((app): Demand => {
    const waiting = state.instances.scheduled(app.id).size;
    const { cpus, mem, disk, gpus } = app;
    return {
      framework: name,
      frameworkId,
      app: app.id,
      role: app.role,
      needs: Object.fromEntries(Object.entries({ cpus, mem, disk, gpus }).filter(([, amount]) => amount > 0)),
      waiting,
      displacedFrom: (displaced.get(app.id) ?? []).slice(0, waiting),
      delayLeftMs: queue.get(app.id)?.delayLeftMs ?? 0,
      refusals: (queue.get(app.id)?.offers.lastOffers ?? [])
        .flatMap(({ reason, declined }) => (declined > 0 ? [`${reason} on ${declined} agents`] : []))
        .join(', '),
      constraints: app.constraints,
      wanted: app.instances,
      placedOn: () =>
        state.instances
          .ofApp(app.id)
          .flatMap(({ condition, agent }) =>
            agent && isActive(condition) && !isUnreachable(condition) ? [agent] : [],
          ),
    };
  });
};
