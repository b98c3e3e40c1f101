import type { NetworkInfo } from '../../mesos/generated/mesos.ts';
import type { Exit } from './exit.ts';
import { launchOperatorContainer, type OperatorLaunch } from './operator-launch.ts';
import {
  killOperatorContainer,
  operatorContainerExited,
  operatorContainerFailed,
  operatorContainerForked,
  operatorContainerLimited,
  removeOperatorContainer,
} from './operator-life.ts';
import type { Limitation, ProcessIdentity } from './state.ts';
import type { Turn } from './turn.ts';

/** What calls of the operator API want of containers. */
export type OperatorInput =
  | { type: 'launch-container'; launch: OperatorLaunch }
  | { type: 'kill-container'; key: string; signal: number }
  | { type: 'remove-container'; key: string };

/** What becomes of any container. */
export type ContainerInput =
  | {
      type: 'container-forked';
      containerId: string;
      process: ProcessIdentity;
      networks?: NetworkInfo[] | undefined;
    }
  | { type: 'container-failed'; containerId: string; message: string }
  | { type: 'container-limited'; containerId: string; limitation: Limitation }
  | { type: 'container-exited'; containerId: string; exit: Exit }
  | { type: 'container-unstarted'; containerId: string };

export const applyOperatorInput = (turn: Turn, input: OperatorInput): void => {
  switch (input.type) {
    case 'launch-container':
      launchOperatorContainer(turn, input.launch);
      break;
    case 'kill-container':
      killOperatorContainer(turn, input.key, input.signal);
      break;
    case 'remove-container':
      removeOperatorContainer(turn, input.key);
      break;
  }
};

/** Whether the container is one of an operator's; then it has happened to that. */
export const happensToOperatorContainer = (turn: Turn, input: ContainerInput): boolean => {
  const container = turn.state.operatorContainers.get(input.containerId);
  if (!container) return false;
  switch (input.type) {
    case 'container-forked':
      operatorContainerForked(turn, container, input.process);
      break;
    case 'container-failed':
      operatorContainerFailed(turn, container, input.message);
      break;
    case 'container-limited':
      operatorContainerLimited(turn, container, input.limitation);
      break;
    case 'container-exited':
      operatorContainerExited(turn, container, input.exit);
      break;
    case 'container-unstarted':
      operatorContainerFailed(turn, container, 'The agent was restarted before the command ran');
      break;
  }
  return true;
};
