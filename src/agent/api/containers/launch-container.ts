import { HttpError } from '../../../http/http-error.ts';
import type { Call } from '../../../mesos/generated/agent.ts';
import type { CommandInfo, ContainerInfo } from '../../../mesos/generated/mesos.ts';
import type { AgentCore, AgentInput } from '../../core/agent-core.ts';
import type { ContainerNews } from '../../core/effect.ts';
import { isInUse, keyOf } from '../../core/operator-containers.ts';
import { launchProblem, type OperatorLaunch } from '../../core/operator-launch.ts';
import type { ContainerNewsDesk } from '../../sessions/container-news.ts';
import { checkedId, checkedNestedId, invalidCall } from './container-id.ts';

export interface ContainerApi {
  readonly core: AgentCore;
  readonly handle: (input: AgentInput) => void;
  readonly news: ContainerNewsDesk;
}

type LaunchCall = Extract<
  Call,
  { type: 'LAUNCH_CONTAINER' | 'LAUNCH_NESTED_CONTAINER' | 'LAUNCH_NESTED_CONTAINER_SESSION' }
>;

/** What a call wants launched. Throws HttpError 400 for what no container can be. */
export const readLaunch = (call: LaunchCall): OperatorLaunch => {
  switch (call.type) {
    case 'LAUNCH_CONTAINER': {
      const field = 'launch_container';
      if (!call.launch_container) throw invalidCall(`Expecting '${field}' to be present`);
      const { container_id, command, container, resources = [], limits } = call.launch_container;
      return {
        id: checkedId(`${field}.container_id`, container_id),
        isSession: false,
        command: checkedCommand(field, command),
        container: checkedContainer(field, container),
        resources,
        limits,
      };
    }
    case 'LAUNCH_NESTED_CONTAINER':
      return readNested('launch_nested_container', call.launch_nested_container, false);
    case 'LAUNCH_NESTED_CONTAINER_SESSION':
      return readNested('launch_nested_container_session', call.launch_nested_container_session, true);
  }
};

const readNested = (
  field: string,
  body: Extract<LaunchCall, { type: 'LAUNCH_NESTED_CONTAINER' }>['launch_nested_container'] | undefined,
  isSession: boolean,
): OperatorLaunch => {
  if (!body) throw invalidCall(`Expecting '${field}' to be present`);
  return {
    id: checkedNestedId(`${field}.container_id`, body.container_id),
    isSession,
    command: checkedCommand(field, body.command),
    container: checkedContainer(field, body.container),
    resources: [],
  };
};

const checkedCommand = (field: string, command: CommandInfo | undefined): CommandInfo => {
  if (command === undefined) throw invalidCall(`Expecting '${field}.command' to be present`);
  const { shell = true, value, arguments: words = [] } = command;
  if (shell && value === undefined) {
    throw invalidCall(`'${field}.command' is invalid: Shell command must have a 'value'`);
  }
  if (!shell && value === undefined && words.length === 0) {
    throw invalidCall(`'${field}.command' is invalid: The command names no program`);
  }
  const texts = [
    value,
    ...words,
    ...(command.environment?.variables ?? []).flatMap(({ name, value: text }) => [name, text]),
  ];
  if (texts.some((text) => text?.includes('\0'))) {
    throw invalidCall(`'${field}.command' is invalid: A NUL cannot be part of a command or its environment`);
  }
  return command;
};

const checkedContainer = (field: string, container: ContainerInfo | undefined): ContainerInfo | undefined => {
  if (container?.type === 'DOCKER') {
    throw invalidCall(`'${field}.container' is invalid: Only MESOS containers can be launched here`);
  }
  return container;
};

/**
 * Launches a container and resolves once its command runs. False when the id is in use. Throws HttpError 400 with the reason
 * when it cannot be launched.
 */
export const launchContainer = async (
  { core, handle, news }: ContainerApi,
  launch: OperatorLaunch,
): Promise<boolean> => {
  const key = keyOf(launch.id);
  if (isInUse(core.state, key)) return false;
  const problem = launchProblem(core, launch);
  if (problem !== undefined) throw new HttpError(400, problem);
  const first = await new Promise<ContainerNews>((resolve) => {
    const stop = news.listen(key, (told) => {
      stop();
      resolve(told);
    });
    handle({ type: 'launch-container', launch });
  });
  if (first.type === 'failed') throw new HttpError(400, first.message);
  return true;
};
