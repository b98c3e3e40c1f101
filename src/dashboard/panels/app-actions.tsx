import { useState } from 'preact/hooks';
import { changeApp, deleteApp, restartApp } from '../feeds/marathon-calls.ts';
import type { AppDetail } from '../model/marathon.ts';
import { Confirm } from '../view/dialog.tsx';
import { RemoveButton } from './remove-button.tsx';
import { ScaleButton } from './scale-button.tsx';

interface AppActionsProps {
  readonly app: AppDetail;
  readonly onChange: () => void;
}

/** What can be done with an app as a whole; each thing is asked for first. */
export const AppActions = ({ app: { id, instances, labels = {} }, onChange }: AppActionsProps) => {
  const [asked, setAsked] = useState<'restart' | 'stop'>();
  const close = (): void => setAsked(undefined);
  return (
    <div class="buttons is-left">
      <ScaleButton
        id={id}
        instances={instances}
        onScale={(count) => changeApp(id, { instances: count }).then(onChange)}
      />
      <button type="button" onClick={() => setAsked('restart')}>
        Restart…
      </button>
      <button type="button" disabled={instances === 0} onClick={() => setAsked('stop')}>
        Stop…
      </button>
      <RemoveButton
        id={id}
        onRemove={() => deleteApp(id)}
        warning={
          labels.DCOS_PACKAGE_NAME === undefined
            ? 'Its instances end, and its definition and its volumes are gone.'
            : 'It was installed from a package: Uninstall, on the page of the package, also frees what it has reserved.'
        }
      />
      {asked === 'restart' ? (
        <Confirm
          title={`Restart ${id}?`}
          action="Restart"
          onConfirm={() => restartApp(id).then(onChange)}
          onClose={close}
        >
          <p>All instances are replaced, as its upgrade strategy says.</p>
        </Confirm>
      ) : null}
      {asked === 'stop' ? (
        <Confirm
          title={`Stop ${id}?`}
          action="Stop"
          onConfirm={() => changeApp(id, { instances: 0 }).then(onChange)}
          onClose={close}
        >
          <p>It is scaled to no instances. Its definition stays; Scale starts it again.</p>
        </Confirm>
      ) : null}
    </div>
  );
};
