import type { MarathonDeployment, MarathonEndedDeployment } from '../../clients/marathon-types.ts';
import type { Column } from '../output/table.ts';
import { actionWord, stageText } from './describe-deployment.ts';

const orNone = (names: readonly string[]): string => (names.length === 0 ? '-' : names.join(','));

/** The columns of `dcos marathon deployment list` (cli.md 4.5). */
export const DEPLOYMENT_COLUMNS: readonly Column<MarathonDeployment>[] = [
  { heading: 'APP', value: ({ affectedApps }) => orNone(affectedApps) },
  { heading: 'POD', value: ({ affectedPods }) => orNone(affectedPods) },
  {
    heading: 'ACTION',
    value: ({ currentActions, rollouts }) =>
      orNone(
        currentActions.map(
          (action) =>
            (currentActions.length > 1 ? withTarget(action) : actionWord(action)) +
            stageText(action, rollouts),
        ),
      ),
  },
  {
    heading: 'PROGRESS',
    value: ({ currentStep, totalSteps }) => `${Math.max(0, currentStep - 1)}/${totalSteps}`,
  },
  { heading: 'ID', value: ({ id }) => id },
];

export const ENDED_DEPLOYMENT_COLUMNS: readonly Column<MarathonEndedDeployment>[] = [
  { heading: 'APP', value: ({ affectedApps }) => orNone(affectedApps) },
  { heading: 'POD', value: ({ affectedPods }) => orNone(affectedPods) },
  { heading: 'OUTCOME', value: ({ outcome }) => outcome },
  { heading: 'ENDED', value: ({ endedAt }) => endedAt },
  { heading: 'ID', value: ({ id }) => id },
];

const withTarget = (action: MarathonDeployment['currentActions'][number]): string =>
  `${actionWord(action)} ${action.app ?? action.pod ?? ''}`;
