import { useState } from 'preact/hooks';
import { continueDeployment, undoDeployment } from '../feeds/marathon-calls.ts';
import { percent } from '../model/history.ts';
import { type Deployment, type RolloutStage, targetsOf } from '../model/marathon.ts';
import { Confirm } from '../view/dialog.tsx';
import { Problem } from '../view/problem.tsx';
import { Status } from '../view/status.tsx';
import { TimeText } from '../view/time-text.tsx';
import { useAction } from '../view/use-action.ts';

interface DeploymentCardProps {
  readonly deployment: Deployment;
  /** Called when something was done about it. */
  readonly onChange: () => void;
}

/** A deployment under way: how far it is, what holds it up, and what can be done about it. */
export const DeploymentCard = ({ deployment, onChange }: DeploymentCardProps) => {
  const { id, currentStep, totalSteps, currentActions, rollouts = [], why = [], deadline } = deployment;
  const targets = targetsOf(deployment).join(', ');
  return (
    <article class="card" aria-label={`Deployment of ${targets}`}>
      <div class="heading">
        <h2>{targets}</h2>
        <span class="dim">
          step {currentStep} of {totalSteps} · began <TimeText time={deployment.version} />
        </span>
      </div>
      <p class="dim">
        {currentActions.map(({ action, app, pod }) => `${action} ${app ?? pod}`).join(', ')} ·{' '}
        <span class="id">{id}</span>
      </p>
      {deadline === undefined ? null : <Deadline deadline={deadline} />}
      {rollouts.map((stage) => (
        <Stage key={stage.id} stage={stage} />
      ))}
      {why.length === 0 ? null : (
        <div class="why">
          <h3>What it waits for</h3>
          <ul>
            {why.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </div>
      )}
      <DeploymentButtons deployment={deployment} targets={targets} onChange={onChange} />
    </article>
  );
};

const Deadline = ({
  deadline: { seconds, onDeadline, at },
}: {
  deadline: NonNullable<Deployment['deadline']>;
}) => (
  <p>
    {onDeadline === 'rollback' ? 'Rolled back' : 'Given up'} when it makes no progress for {seconds} s
    {at === undefined ? (
      ', pauses not counted'
    ) : (
      <>
        : <TimeText time={at} />
      </>
    )}
  </p>
);

/** Where a canary or blue-green upgrade stands. */
const Stage = ({ stage: { id, step, totalSteps, target, ready, paused } }: { stage: RolloutStage }) => {
  const standing = `${ready} of ${target} new instances are ready`;
  return (
    <div class="stage">
      <p>
        Stage {step} of {totalSteps} of {id}: {standing}
      </p>
      <div
        class="bar-track"
        role="progressbar"
        aria-label={`Stage ${step} of ${id}`}
        aria-valuemin={0}
        aria-valuemax={target}
        aria-valuenow={ready}
      >
        <div class="bar-fill" style={{ width: `${percent(ready, target)}%` }} />
      </div>
      {paused === undefined ? null : (
        <p>
          <Status tone="busy">Paused</Status> since <TimeText time={paused.since} />,{' '}
          {paused.until === undefined ? (
            'until it is continued'
          ) : (
            <>
              goes on <TimeText time={paused.until} />
            </>
          )}
        </p>
      )}
    </div>
  );
};

const DeploymentButtons = ({
  deployment: { id, rollouts = [] },
  targets,
  onChange,
}: DeploymentCardProps & { targets: string }) => {
  const [asked, setAsked] = useState<'undo' | 'abandon'>();
  const { isBusy, problem, run } = useAction();
  const goOn = async (all: boolean): Promise<void> => {
    if (await run(() => continueDeployment(id, { all }))) onChange();
  };
  const isPaused = rollouts.some(({ paused }) => paused !== undefined);
  return (
    <>
      <Problem problem={problem} />
      <div class="buttons">
        {isPaused ? (
          <>
            <button type="button" class="main" disabled={isBusy} onClick={() => void goOn(false)}>
              Continue
            </button>
            <button type="button" disabled={isBusy} onClick={() => void goOn(true)}>
              Continue without further pauses
            </button>
          </>
        ) : null}
        <button type="button" onClick={() => setAsked('undo')}>
          Roll back…
        </button>
        <button type="button" onClick={() => setAsked('abandon')}>
          Stop…
        </button>
      </div>
      {asked === undefined ? null : (
        <Confirm
          title={asked === 'undo' ? `Roll ${targets} back?` : `Stop the deployment of ${targets}?`}
          action={asked === 'undo' ? 'Roll back' : 'Stop'}
          onConfirm={() => undoDeployment(id, { force: asked === 'abandon' }).then(onChange)}
          onClose={() => setAsked(undefined)}
        >
          <p>
            {asked === 'undo'
              ? 'A new deployment undoes what this one has changed.'
              : 'What it has changed stays as it is now; nothing is undone.'}
          </p>
        </Confirm>
      )}
    </>
  );
};
