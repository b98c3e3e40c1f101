import type { AclAction } from '../../../mesos/acls/acl-actions.ts';
import type { ContainerID } from '../../../mesos/generated/mesos.ts';
import { findContainer, keyOf, type OperatorContainer, rootRunOf } from '../../core/operator-containers.ts';
import type { OperatorLaunch } from '../../core/operator-launch.ts';
import type { AgentState } from '../../core/state.ts';
import { nameOfUser } from '../../processes/system-user.ts';
import type { Permission } from '../permission.ts';
import { userOfRun } from '../visible-state.ts';
import type { ContainerCall } from './answer-container-call.ts';
import { checkedId } from './container-id.ts';
import { readLaunch } from './launch-container.ts';

/**
 * Throws HttpError 403 when the ACLs do not allow a call about a container: by the user of the executor that it is nested in,
 * or its own when it is standalone. Launching needs leave for the user that the command runs as, too. Throws 400 for a call
 * that no container can be meant by.
 */
export const demandContainer = (
  call: ContainerCall,
  { state }: { readonly state: AgentState },
  permission: Permission,
): void => {
  if (permission.isUnlimited) return;
  for (const [action, user] of needsOf(call, state)) permission.demand(action, user);
};

type Need = readonly [action: AclAction, user: string | undefined];

const needsOf = (call: ContainerCall, state: AgentState): readonly Need[] => {
  const named = (field: string, action: ByNesting, body: Named | undefined): Need[] => {
    // What is missing is told by whoever carries the call out.
    if (body?.container_id === undefined) return [];
    const id = checkedId(`${field}.container_id`, body.container_id);
    return [[id.parent ? action.nested : action.standalone, ownerOf(state, id)]];
  };
  switch (call.type) {
    case 'LAUNCH_CONTAINER':
    case 'LAUNCH_NESTED_CONTAINER':
    case 'LAUNCH_NESTED_CONTAINER_SESSION':
      return needsOfLaunch(readLaunch(call), state);
    case 'ATTACH_CONTAINER_INPUT':
      return named('attach_container_input', ATTACH_INPUT, call.attach_container_input);
    case 'ATTACH_CONTAINER_OUTPUT':
      return named('attach_container_output', ATTACH_OUTPUT, call.attach_container_output);
    case 'KILL_CONTAINER':
      return named('kill_container', KILL, call.kill_container);
    case 'KILL_NESTED_CONTAINER':
      return named('kill_nested_container', KILL, call.kill_nested_container);
    case 'WAIT_CONTAINER':
      return named('wait_container', WAIT, call.wait_container);
    case 'WAIT_NESTED_CONTAINER':
      return named('wait_nested_container', WAIT, call.wait_nested_container);
    case 'REMOVE_CONTAINER':
      return named('remove_container', REMOVE, call.remove_container);
    case 'REMOVE_NESTED_CONTAINER':
      return named('remove_nested_container', REMOVE, call.remove_nested_container);
  }
};

const needsOfLaunch = ({ id, command, isSession }: OperatorLaunch, state: AgentState): readonly Need[] => {
  const owner = ownerOf(state, id);
  const user = command.user ?? owner ?? ownUser();
  if (id.parent === undefined) return [['launch_standalone_containers', user]];
  const [asUser, underParent] = isSession ? SESSION : NESTED;
  return [
    [asUser, user],
    [underParent, owner],
  ];
};

interface Named {
  readonly container_id?: ContainerID;
}

interface ByNesting {
  readonly nested: AclAction;
  readonly standalone: AclAction;
}

const ATTACH_INPUT = { nested: 'attach_containers_input', standalone: 'attach_containers_input' } as const;
const ATTACH_OUTPUT = { nested: 'attach_containers_output', standalone: 'attach_containers_output' } as const;
const KILL: ByNesting = { nested: 'kill_nested_containers', standalone: 'kill_standalone_containers' };
const WAIT: ByNesting = { nested: 'wait_nested_containers', standalone: 'wait_standalone_containers' };
const REMOVE: ByNesting = { nested: 'remove_nested_containers', standalone: 'remove_standalone_containers' };

const NESTED = [
  'launch_nested_containers_as_user',
  'launch_nested_containers_under_parent_with_user',
] as const;
const SESSION = [
  'launch_nested_container_sessions_as_user',
  'launch_nested_container_sessions_under_parent_with_user',
] as const;

/** As whom runs what an id means or is nested in; undefined for what is not known. */
const ownerOf = (state: AgentState, id: ContainerID): string | undefined => {
  const key = keyOf(id);
  const run = rootRunOf(state, key);
  if (run) return userOfRun(state, run);
  const [root = key] = key.split('.', 1);
  const found = findContainer(state, root);
  return found?.type === 'operator' ? userOfStandalone(found.container) : undefined;
};

export const userOfStandalone = ({ command }: OperatorContainer): string => command.user ?? ownUser();

/** Who names no user gets the agent's. */
const ownUser = (): string => nameOfUser(process.getuid?.() ?? 0);
