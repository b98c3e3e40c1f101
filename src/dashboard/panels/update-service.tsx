import type { TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { JsonObject } from '../../universe/json/json.ts';
import { describePackage, previewUpdate, updateService } from '../feeds/package-calls.ts';
import type { PackageDefinition, ServiceDescription } from '../model/packages.ts';
import { Problem } from '../view/problem.tsx';
import { useAction } from '../view/use-action.ts';
import { useAnswers } from '../view/use-answers.ts';
import { useLive } from '../view/use-live.ts';
import { OptionsForm } from './options-form.tsx';
import { ConfirmChange, type SeenChange, seeChange } from './service-change.tsx';

interface UpdateServiceProps {
  readonly appId: string;
  readonly service: ServiceDescription;
  readonly onChange: () => void;
}

/** Other options, or another of the versions that may follow; what would change is shown first. */
export const UpdateService = ({ appId, service, onChange }: UpdateServiceProps) => {
  const { version: current, name } = service.package;
  const [version, setVersion] = useState(current);
  const others = [...new Set([...service.upgradesTo, ...service.downgradesTo])].filter(
    (one) => one !== current,
  );
  const described = useLive(
    `definition ${name} ${version} ${current}`,
    async () => (version === current ? service.package : await describePackage(name, version)),
    { everyMs: 300_000 },
  );
  return (
    <>
      <label>
        Version{' '}
        <select
          aria-label="Version"
          value={version}
          onChange={({ currentTarget }) => setVersion(currentTarget.value)}
        >
          {[current, ...others].map((one) => (
            <option key={one} value={one}>
              {one}
              {one === current ? ' (installed)' : ''}
            </option>
          ))}
        </select>
      </label>
      <Problem problem={described.problem} />
      {described.value === undefined ? null : (
        <UpdateForm
          key={`${version} ${current}`}
          appId={appId}
          definition={described.value}
          given={service.userProvidedOptions ?? {}}
          onChange={onChange}
        />
      )}
    </>
  );
};

interface UpdateFormProps {
  readonly appId: string;
  readonly definition: PackageDefinition;
  readonly given: JsonObject;
  readonly onChange: () => void;
}

const UpdateForm = ({ appId, definition: { version, config }, given, onChange }: UpdateFormProps) => {
  const form = useAnswers(config, given);
  const { nodes, answers, onAnswer, options, isComplete } = form;
  const [seen, setSeen] = useState<SeenChange>();
  const { isBusy, problem, run } = useAction();
  const change = { appId, packageVersion: version, options, replace: true };
  const review = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const look = async (): Promise<void> => setSeen(await seeChange(appId, await previewUpdate(change)));
    void form.submit(event.currentTarget, () => run(look));
  };
  return (
    <form onSubmit={review}>
      <OptionsForm
        nodes={nodes}
        given={given}
        answers={answers}
        onAnswer={onAnswer}
        refused={form.refusedOf(problem)}
      />
      <Problem problem={problem} />
      <div class="buttons">
        <button type="submit" class="main" disabled={isBusy || !isComplete}>
          Look at what changes…
        </button>
      </div>
      {seen === undefined ? null : (
        <ConfirmChange
          title={`Update ${appId}?`}
          action="Update"
          change={seen}
          onConfirm={() => updateService(change).then(onChange)}
          onClose={() => setSeen(undefined)}
        />
      )}
    </form>
  );
};
