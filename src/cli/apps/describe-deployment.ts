import type { MarathonAction, MarathonDeployment } from '../../clients/marathon-types.ts';

/** Where a deployment stands, in a line. */
export const describeDeployment = ({
  id,
  currentStep,
  totalSteps,
  currentActions,
}: MarathonDeployment): string =>
  `deployment ${id}: step ${currentStep}/${totalSteps}${currentActions.map((action) => ` ${actionText(action)}`).join(',')}`;

const WORDS: Readonly<Record<string, string>> = {
  ResolveArtifacts: 'artifacts',
  KillAllOldTasksOf: 'kill-tasks',
};

/** `scale`, `start`, `stop`, `restart`: an action without its kind (cli.md 4.5). */
export const actionWord = ({ action }: MarathonAction): string =>
  WORDS[action] ?? action.replace(/(Application|Pod)$/, '').toLowerCase();

const actionText = (action: MarathonAction): string =>
  `${actionWord(action)} ${action.app ?? action.pod ?? ''}`;
