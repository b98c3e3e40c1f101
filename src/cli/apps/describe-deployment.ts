import type { MarathonAction, MarathonDeployment, MarathonRollout } from '../../clients/marathon-types.ts';

/** Where a deployment stands, in a line. */
export const describeDeployment = (deployment: MarathonDeployment): string =>
  `deployment ${deployment.id}: ${stepText(deployment)}`;

/** The same for those who know which one: on a narrow screen the id would leave no room for what it waits for. */
export const stepText = ({
  currentStep,
  totalSteps,
  currentActions,
  rollouts = [],
}: MarathonDeployment): string =>
  `step ${currentStep}/${totalSteps}${currentActions
    .map((action) => ` ${actionText(action)}${stageText(action, rollouts)}`)
    .join(',')}`;

/** Where the canary or blue-green upgrade is that an action is about, in brackets; empty when it is none. */
export const stageText = (
  { app, pod }: MarathonAction,
  rollouts: readonly MarathonRollout[] = [],
): string => {
  const rollout = rollouts.find(({ id }) => id === (app ?? pod));
  if (rollout === undefined) return '';
  const { step, totalSteps, target, ready, paused } = rollout;
  if (paused === undefined) return ` (stage ${step}/${totalSteps}: ${ready} of ${target} new are healthy)`;
  return ` (stage ${step}/${totalSteps}: paused until ${paused.until ?? 'it is continued'})`;
};

/** That an upgrade is paused, and until when; undefined when it is not. */
export const pauseText = ({ id, step, totalSteps, paused }: MarathonRollout): string | undefined =>
  paused && `${id} is paused at stage ${step}/${totalSteps} until ${paused.until ?? 'it is continued'}`;

/** What has an upgrade go on that waits for somebody, and what undoes it; nothing for others. */
export const pauseHints = ({ id, rollouts = [] }: Pick<MarathonDeployment, 'id' | 'rollouts'>): string[] =>
  rollouts.some(({ paused }) => paused !== undefined)
    ? [
        `to have it go on: plenum marathon deployment continue ${id}`,
        `to undo it: plenum marathon deployment rollback ${id}`,
      ]
    : [];

const WORDS: Readonly<Record<string, string>> = {
  ResolveArtifacts: 'artifacts',
  KillAllOldTasksOf: 'kill-tasks',
};

/** `scale`, `start`, `stop`, `restart`: an action without its kind (cli.md 4.5). */
export const actionWord = ({ action }: MarathonAction): string =>
  WORDS[action] ?? action.replace(/(Application|Pod)$/, '').toLowerCase();

const actionText = (action: MarathonAction): string =>
  `${actionWord(action)} ${action.app ?? action.pod ?? ''}`;
