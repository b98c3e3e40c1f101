import type { TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';
import { describePackage, installPackage, listVersions, renderPackage } from '../feeds/package-calls.ts';
import type { PackageDefinition } from '../model/packages.ts';
import { goTo } from '../navigation.ts';
import { OptionsForm } from '../panels/options-form.tsx';
import { PackageFacts } from '../panels/package-facts.tsx';
import { Confirm } from '../view/dialog.tsx';
import { JsonText } from '../view/json-text.tsx';
import { Problem } from '../view/problem.tsx';
import { useAction } from '../view/use-action.ts';
import { useAnswers } from '../view/use-answers.ts';
import { useLive } from '../view/use-live.ts';

const ONCE = { everyMs: 300_000 };

/** One package of the catalog, by one of its versions: what it is, its options, and installing it. */
export const PackagePage = ({ name }: { name: string }) => {
  const [version, setVersion] = useState<string>();
  const versions = useLive(`versions of ${name}`, () => listVersions(name), ONCE);
  const { value, problem } = useLive(
    `package ${name} ${version}`,
    () => describePackage(name, version),
    ONCE,
  );
  return (
    <section class="panel wide">
      <div class="heading">
        <h1 tabIndex={-1}>{name}</h1>
        {value === undefined ? null : (
          <label>
            Version{' '}
            <select
              aria-label="Version"
              value={value.version}
              onChange={({ currentTarget }) => setVersion(currentTarget.value)}
            >
              {(versions.value ?? [value.version]).map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <Problem problem={problem} />
      {value === undefined ? null : (
        <>
          <PackageFacts definition={value} />
          <InstallForm key={value.version} definition={value} />
        </>
      )}
    </section>
  );
};

const NOTHING_GIVEN = {};

const InstallForm = ({ definition }: { definition: PackageDefinition }) => {
  const { name, version, config, preInstallNotes } = definition;
  const form = useAnswers(config, NOTHING_GIVEN);
  const { nodes, answers, onAnswer, options, isComplete } = form;
  const [app, setApp] = useState<object>();
  const { isBusy, problem, run } = useAction();
  const request = { packageName: name, packageVersion: version, options };
  const review = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void form.submit(event.currentTarget, () => run(async () => setApp(await renderPackage(request))));
  };
  return (
    <form onSubmit={review}>
      {preInstallNotes === undefined ? null : <p class="notes">{preInstallNotes}</p>}
      <OptionsForm
        nodes={nodes}
        given={NOTHING_GIVEN}
        answers={answers}
        onAnswer={onAnswer}
        refused={form.refusedOf(problem)}
      />
      <Problem problem={problem} />
      <div class="buttons">
        <button type="submit" class="main" disabled={isBusy || !isComplete}>
          Review and install…
        </button>
      </div>
      {app === undefined ? null : (
        <Confirm
          title={`Install ${name} ${version}?`}
          action="Install"
          isWide
          onConfirm={async () => {
            const { appId } = await installPackage(request);
            goTo(['packages', 'installed', appId]);
          }}
          onClose={() => setApp(undefined)}
        >
          <p>Options other than the defaults:</p>
          <JsonText label="Options other than the defaults" value={options} />
          <details>
            <summary>The app that is started</summary>
            <JsonText label="The app that is started" value={app} />
          </details>
        </Confirm>
      )}
    </form>
  );
};
