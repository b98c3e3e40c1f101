import { useState } from 'preact/hooks';
import { changeApp, deleteApp, restartApp } from '../feeds/marathon-calls.ts';
import type { AppDetail } from '../model/marathon.ts';
import { goTo } from '../navigation.ts';
import { Confirm } from '../view/dialog.tsx';

type Question = 'scale' | 'restart' | 'stop' | 'remove';

interface AppActionsProps {
  readonly app: AppDetail;
  readonly onChange: () => void;
}

/** What can be done with an app as a whole; each thing is asked for first. */
export const AppActions = ({ app: { id, instances, labels = {} }, onChange }: AppActionsProps) => {
  const [asked, setAsked] = useState<Question>();
  const [count, setCount] = useState('');
  const close = (): void => setAsked(undefined);
  const done = (): void => onChange();
  return (
    <div class="buttons is-left">
      <button
        type="button"
        onClick={() => {
          setCount(String(instances));
          setAsked('scale');
        }}
      >
        Scale…
      </button>
      <button type="button" onClick={() => setAsked('restart')}>
        Restart…
      </button>
      <button type="button" disabled={instances === 0} onClick={() => setAsked('stop')}>
        Stop…
      </button>
      <button type="button" class="danger" onClick={() => setAsked('remove')}>
        Remove…
      </button>
      {asked === 'scale' ? (
        <Confirm
          title={`Scale ${id}`}
          action="Scale"
          onConfirm={() => changeApp(id, { instances: Number(count) }).then(done)}
          onClose={close}
        >
          <label class="field is-short">
            <span>Instances</span>
            <input
              type="number"
              min="0"
              required
              value={count}
              onInput={({ currentTarget }) => setCount(currentTarget.value)}
            />
          </label>
        </Confirm>
      ) : null}
      {asked === 'restart' ? (
        <Confirm
          title={`Restart ${id}?`}
          action="Restart"
          onConfirm={() => restartApp(id).then(done)}
          onClose={close}
        >
          <p>All instances are replaced, as its upgrade strategy says.</p>
        </Confirm>
      ) : null}
      {asked === 'stop' ? (
        <Confirm
          title={`Stop ${id}?`}
          action="Stop"
          onConfirm={() => changeApp(id, { instances: 0 }).then(done)}
          onClose={close}
        >
          <p>It is scaled to no instances. Its definition stays; Scale starts it again.</p>
        </Confirm>
      ) : null}
      {asked === 'remove' ? (
        <Confirm
          title={`Remove ${id}?`}
          action="Remove"
          typed={id}
          onConfirm={() => deleteApp(id).then(() => goTo(['services']))}
          onClose={close}
        >
          <p>
            {labels.DCOS_PACKAGE_NAME === undefined
              ? 'Its instances end, and its definition and its volumes are gone.'
              : 'It was installed from a package: Uninstall, on the page of the package, also frees what it has reserved.'}
          </p>
        </Confirm>
      ) : null}
    </div>
  );
};
