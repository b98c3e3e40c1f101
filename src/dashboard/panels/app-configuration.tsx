import { useState } from 'preact/hooks';
import { changeApp, getAppDefinition, getAppVersions, previewApp } from '../feeds/marathon-calls.ts';
import type { DefinitionPreview } from '../model/marathon.ts';
import { Confirm } from '../view/dialog.tsx';
import { JsonText } from '../view/json-text.tsx';
import { Problem } from '../view/problem.tsx';
import { TimeText } from '../view/time-text.tsx';
import { useAction } from '../view/use-action.ts';
import { useLive } from '../view/use-live.ts';
import { EditDefinition } from './edit-definition.tsx';
import { PreviewPanel } from './preview-panel.tsx';

interface AppConfigurationProps {
  readonly id: string;
  /** The version that is in force. */
  readonly current: string;
  readonly onChange: () => void;
}

/** What an app is by each of its versions, and the way back to one of them. */
export const AppConfiguration = ({ id, current, onChange }: AppConfigurationProps) => {
  const versions = useLive(`versions ${id} ${current}`, () => getAppVersions(id), { everyMs: 15_000 });
  const [chosen, setChosen] = useState<string>();
  const version = chosen ?? current;
  const definition = useLive(`version ${id} ${version}`, () => getAppDefinition(id, version), {
    everyMs: 60_000,
  });
  const [isEditing, setEditing] = useState(false);
  const [returning, setReturning] = useState<DefinitionPreview>();
  const { isBusy, problem, run } = useAction();
  const shown = definition.value && withoutStamps(definition.value);
  return (
    <>
      <div class="heading">
        <label>
          Version{' '}
          <select
            aria-label="Version"
            value={version}
            onChange={({ currentTarget }) => setChosen(currentTarget.value)}
          >
            {(versions.value ?? [current]).map((one) => (
              <option key={one} value={one}>
                {one}
                {one === current ? ' (in force)' : ''}
              </option>
            ))}
          </select>
        </label>
        <span class="dim">
          <TimeText time={version} />
        </span>
        {version === current ? (
          <button type="button" disabled={shown === undefined} onClick={() => setEditing(true)}>
            Edit…
          </button>
        ) : (
          <button
            type="button"
            disabled={isBusy}
            onClick={() => void run(async () => setReturning(await previewApp(id, { version })))}
          >
            Go back to this version…
          </button>
        )}
      </div>
      <Problem problem={problem ?? definition.problem} />
      {shown === undefined ? null : <JsonText label={`Definition of ${id}`} value={shown} />}
      {isEditing && shown ? (
        <EditDefinition
          title={`Change ${id}`}
          initial={shown}
          preview={(changed) => previewApp(id, changed)}
          deploy={(changed, options) => changeApp(id, changed, options).then(onChange)}
          onClose={() => setEditing(false)}
          isChange
        />
      ) : null}
      {returning === undefined ? null : (
        <Confirm
          title={`Go back to the version of ${version}?`}
          action="Go back"
          onConfirm={() => changeApp(id, { version }).then(onChange)}
          onClose={() => setReturning(undefined)}
          isWide
        >
          <PreviewPanel preview={returning} />
        </Confirm>
      )}
    </>
  );
};

/** What Marathon sets itself cannot be changed. */
const withoutStamps = ({
  version,
  versionInfo,
  ...definition
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => definition;
