import { formatState } from './format.ts';
import { Status, type Tone } from './status.tsx';

interface TaskStateProps {
  readonly state: string;
  readonly isHealthy?: boolean | undefined;
}

/** The state of a task; one that runs and is not healthy is called so. */
export const TaskStateText = ({ state, isHealthy }: TaskStateProps) => {
  const isSick = state === 'TASK_RUNNING' && isHealthy === false;
  return <Status tone={isSick ? 'bad' : toneOf(state)}>{isSick ? 'unhealthy' : formatState(state)}</Status>;
};

const toneOf = (state: string): Tone => {
  if (state === 'TASK_RUNNING') return 'good';
  if (state === 'TASK_FINISHED' || state === 'TASK_KILLED') return 'quiet';
  return /STAGING|STARTING|KILLING|SCHEDULED/.test(state) ? 'busy' : 'bad';
};
