import { useState } from 'preact/hooks';
import type { DefinitionCalls } from '../feeds/definition-calls.ts';
import type { DefinitionPreview } from '../model/marathon.ts';
import { Confirm } from '../view/dialog.tsx';
import { JsonText } from '../view/json-text.tsx';
import { Problem } from '../view/problem.tsx';
import { TimeText } from '../view/time-text.tsx';
import { useAction } from '../view/use-action.ts';
import { useLive } from '../view/use-live.ts';
import { VersionSelect } from '../view/version-select.tsx';
import { EditDefinition } from './edit-definition.tsx';
import { PreviewPanel } from './preview-panel.tsx';

interface DefinitionVersionsProps {
  readonly id: string;
  /** Those of its kind. */
  readonly calls: DefinitionCalls;
  /** The version that is in force. */
  readonly current: string;
  readonly onChange: () => void;
}

/** What an app or a pod is by each of its versions; it is edited as JSON, and led back to one of them. */
export const DefinitionVersions = ({ id, calls, current, onChange }: DefinitionVersionsProps) => {
  const versions = useLive(`versions ${id} ${current}`, () => calls.versions(id), { everyMs: 15_000 });
  const [chosen, setChosen] = useState<string>();
  const version = chosen ?? current;
  const definition = useLive(`version ${id} ${version}`, () => calls.read(id, version), {
    everyMs: 60_000,
  });
  const [isEditing, setEditing] = useState(false);
  const [returning, setReturning] = useState<Returning>();
  const { isBusy, problem, run } = useAction();
  const shown = definition.value && withoutStamps(definition.value);
  return (
    <>
      <div class="heading">
        <VersionSelect
          versions={versions.value ?? [current]}
          chosen={version}
          current={{ version: current, as: 'in force' }}
          onChoose={setChosen}
        />
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
            disabled={isBusy || shown === undefined}
            onClick={() =>
              void run(async () => {
                const change = calls.returnTo(version, shown);
                setReturning({ change, preview: await calls.preview(id, change) });
              })
            }
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
          preview={(changed) => calls.preview(id, changed)}
          deploy={(changed, options) => calls.change(id, changed, options).then(onChange)}
          onClose={() => setEditing(false)}
          isChange
        />
      ) : null}
      {returning === undefined ? null : (
        <Confirm
          title={`Go back to the version of ${version}?`}
          action="Go back"
          onConfirm={() => calls.change(id, returning.change).then(onChange)}
          onClose={() => setReturning(undefined)}
          isWide
        >
          <PreviewPanel preview={returning.preview} />
        </Confirm>
      )}
    </>
  );
};

interface Returning {
  readonly change: unknown;
  readonly preview: DefinitionPreview;
}

/** What Marathon sets itself cannot be changed. */
const withoutStamps = ({
  version,
  versionInfo,
  ...definition
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => definition;
