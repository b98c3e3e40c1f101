import { useState } from 'preact/hooks';
import type { JsonObject } from '../../universe/json/json.ts';
import { describePackage, previewUpdate, updateService } from '../feeds/package-calls.ts';
import type { PackageDefinition, ServiceDescription } from '../model/packages.ts';
import { Problem } from '../view/problem.tsx';
import { useAnswers } from '../view/use-answers.ts';
import { useLive } from '../view/use-live.ts';
import { VersionSelect } from '../view/version-select.tsx';
import { ReviewForm } from './review-form.tsx';
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
      <VersionSelect
        versions={[current, ...others]}
        chosen={version}
        current={{ version: current, as: 'installed' }}
        onChoose={setVersion}
      />
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
  const [seen, setSeen] = useState<SeenChange>();
  const change = { appId, packageVersion: version, options: form.options, replace: true };
  return (
    <>
      <ReviewForm
        form={form}
        given={given}
        action="Look at what changes…"
        onReview={async () => setSeen(await seeChange(appId, await previewUpdate(change)))}
      />
      {seen === undefined ? null : (
        <ConfirmChange
          title={`Update ${appId}?`}
          action="Update"
          change={seen}
          onConfirm={() => updateService(change).then(onChange)}
          onClose={() => setSeen(undefined)}
        />
      )}
    </>
  );
};
