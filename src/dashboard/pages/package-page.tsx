import { useState } from 'preact/hooks';
import { describePackage, installPackage, listVersions, renderPackage } from '../feeds/package-calls.ts';
import type { PackageDefinition } from '../model/packages.ts';
import { goTo } from '../navigation.ts';
import { PackageFacts } from '../panels/package-facts.tsx';
import { ReviewForm } from '../panels/review-form.tsx';
import { Confirm } from '../view/dialog.tsx';
import { JsonText } from '../view/json-text.tsx';
import { Problem } from '../view/problem.tsx';
import { useAnswers } from '../view/use-answers.ts';
import { useLive } from '../view/use-live.ts';
import { VersionSelect } from '../view/version-select.tsx';

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
          <VersionSelect
            versions={versions.value ?? [value.version]}
            chosen={value.version}
            onChoose={setVersion}
          />
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
  const [app, setApp] = useState<object>();
  const request = { packageName: name, packageVersion: version, options: form.options };
  return (
    <>
      {preInstallNotes === undefined ? null : <p class="notes">{preInstallNotes}</p>}
      <ReviewForm
        form={form}
        given={NOTHING_GIVEN}
        action="Review and install…"
        onReview={async () => setApp(await renderPackage(request))}
      />
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
          <JsonText label="Options other than the defaults" value={form.options} />
          <details>
            <summary>The app that is started</summary>
            <JsonText label="The app that is started" value={app} />
          </details>
        </Confirm>
      )}
    </>
  );
};
