import type { FrameworkInfo } from '../../mesos/generated/mesos.ts';
import type { CallSubscribe } from '../../mesos/generated/scheduler.ts';
import type { FrameworkSettings } from '../allocator/allocator.ts';
import { capabilitiesOf, rolesOf } from './framework-info.ts';
import { discardInverseOffers } from './inverse-offers.ts';
import { discardOffer, offersOf } from './offers.ts';
import type { Framework, FrameworkConnection } from './state.ts';
import type { Turn } from './turn.ts';

/** The records of frameworks, and what the allocator is told about them. */

/** Adds a framework, inactive as yet. `info` has its id. */
export const addFramework = (
  turn: Turn,
  info: FrameworkInfo & { id: { value: string } },
  connection: FrameworkConnection,
): Framework => {
  const framework: Framework = {
    id: info.id.value,
    info,
    caller: undefined,
    roles: rolesOf(info),
    capabilities: capabilitiesOf(info),
    connection,
    streamId: undefined,
    suppressedRoles: new Set(),
    offerConstraints: undefined,
    registeredMs: turn.nowMs,
    reregisteredMs: undefined,
    disconnectedMs: undefined,
    tasks: new Map(),
    completedTasks: [],
    unreachableTasks: new Map(),
    offerIds: new Set(),
    inverseOfferIds: new Set(),
  };
  turn.state.frameworks.set(framework.id, framework);
  turn.allocator.addFramework(framework.id, { ...allocatorSettings(framework), isActive: false });
  return framework;
};

/** Takes over what a framework says of itself now; `user` and `checkpoint` stay what they were. */
export const adoptSubscription = (turn: Turn, framework: Framework, subscription: CallSubscribe): void => {
  const { user, checkpoint } = framework.info;
  const { framework_info, suppressed_roles = [], offer_constraints } = subscription;
  framework.info = {
    ...framework_info,
    id: { value: framework.id },
    user,
    ...(checkpoint === undefined ? {} : { checkpoint }),
  };
  framework.roles = rolesOf(framework.info);
  framework.capabilities = capabilitiesOf(framework.info);
  framework.suppressedRoles = new Set(suppressed_roles);
  framework.offerConstraints = offer_constraints;
  turn.allocator.updateFramework(framework.id, allocatorSettings(framework));
};

const allocatorSettings = (framework: Framework): FrameworkSettings => ({
  roles: framework.roles,
  suppressedRoles: [...framework.suppressedRoles],
  capabilities: framework.capabilities,
  ...(framework.offerConstraints === undefined ? {} : { offerConstraints: framework.offerConstraints }),
  ...(framework.info.offer_filters === undefined ? {} : { offerFilters: framework.info.offer_filters }),
});

/** Every agent gets to know what the framework is now; those that run its tasks tell again what waits for it. */
export const announceFramework = (turn: Turn, { info }: Framework): void => {
  for (const agent of turn.state.agents.values()) {
    turn.toAgent(agent, { type: 'UPDATE_FRAMEWORK', update_framework: { framework_info: info } });
  }
};

/** Takes back all that it was offered and asked, without a word: it is not there. */
export const withdrawOffers = (turn: Turn, framework: Framework): void => {
  for (const offer of offersOf(turn, framework.offerIds)) discardOffer(turn, offer);
  discardInverseOffers(turn, framework);
};
