import type { CallSubscribe } from '../../mesos/generated/scheduler.ts';
import { registrationProblem } from './authorization.ts';
import { countForFramework } from './count-for-framework.ts';
import { frameworkInfoProblem, submissionProblem, subscriptionProblem } from './framework-info.ts';
import { adoptSubscription, announceFramework } from './frameworks.ts';
import type { OperatorOutcome } from './input.ts';
import { offersOf, rescindOffer } from './offers.ts';
import type { Framework } from './state.ts';
import type { Turn } from './turn.ts';
import { wantAllocation } from './want-allocation.ts';

/** UPDATE_FRAMEWORK (mesos.md 1.8): all of it, or nothing and the reason. */
export const updateFramework = (turn: Turn, frameworkId: string, update: CallSubscribe): OperatorOutcome => {
  const framework = turn.state.frameworks.get(frameworkId);
  if (!framework) return { type: 'refused', status: 409, message: 'Framework was removed' };
  countForFramework(turn, framework, 'calls/update_framework');
  const problem = problemOf(turn, framework, update);
  if (problem !== undefined) return { type: 'refused', status: 400, message: problem };
  const forbidden = registrationProblem(
    turn.settings,
    { ...update.framework_info, id: { value: frameworkId } },
    framework.caller,
  );
  if (forbidden !== undefined) return { type: 'refused', status: 403, message: forbidden };
  const unsuppressed = [...framework.suppressedRoles].filter(
    (role) => !update.suppressed_roles?.includes(role),
  );
  adoptSubscription(turn, framework, update);
  for (const offer of offersOf(turn, framework.offerIds)) {
    if (!framework.roles.includes(offer.role)) rescindOffer(turn, offer);
  }
  if (unsuppressed.length > 0) wantAllocation(turn);
  turn.observe({ type: 'framework-updated', framework });
  announceFramework(turn, framework);
  return { type: 'accepted' };
};

const problemOf = ({ settings }: Turn, { info }: Framework, update: CallSubscribe): string | undefined => {
  const problem =
    frameworkInfoProblem(update.framework_info) ?? submissionProblem(update.framework_info, settings);
  if (problem !== undefined) return `Supplied FrameworkInfo is not valid: ${problem}`;
  const { principal, user, checkpoint = false } = update.framework_info;
  const wrong = 'FrameworkInfo update is not valid: ';
  if (principal !== info.principal) return `${wrong}Changing framework's principal is not allowed.`;
  if (user !== info.user) return wrong + unsupported('user', info.user, user);
  const current = info.checkpoint ?? false;
  if (checkpoint !== current) return wrong + unsupported('checkpoint', `${current}`, `${checkpoint}`);
  const rest = subscriptionProblem(update);
  return rest && `'UpdateFramework' call is not valid: ${rest}`;
};

const unsupported = (field: string, from: string, to: string): string =>
  `Updating 'FrameworkInfo.${field}' is unsupported; attempted to update from '${from}' to '${to}'`;
