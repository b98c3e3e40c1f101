import { useState } from 'preact/hooks';
import { type Destination, findDestinations } from '../model/destinations.ts';
import { goTo, isJumping } from '../navigation.ts';
import { nodes, services, tasks } from '../store.ts';
import { Dialog } from '../view/dialog.tsx';

/** Leads to a service, a task or a node by a part of its name. */
export const Jump = () => {
  const [text, setText] = useState('');
  if (!isJumping.value) return null;
  const close = (): void => {
    isJumping.value = false;
    setText('');
  };
  const found = text.trim() === '' ? [] : findDestinations(destinations(), text);
  const goToFirst = (event: Event): void => {
    event.preventDefault();
    const [first] = found;
    if (first === undefined) return;
    goTo(first.to);
    close();
  };
  return (
    <Dialog title="Go to" onClose={close}>
      <form onSubmit={goToFirst}>
        <label class="field">
          <span>A service, a task or a node; Enter leads to the first</span>
          <input
            type="search"
            value={text}
            autocomplete="off"
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <ul class="jump" aria-live="polite">
          {found.map(({ kind, name, to }) => (
            <li key={to.join(' ')}>
              <span class="kind">{kind}</span>{' '}
              <button
                type="button"
                class="link"
                onClick={() => {
                  goTo(to);
                  close();
                }}
              >
                {name}
              </button>
            </li>
          ))}
        </ul>
        {text.trim() !== '' && found.length === 0 ? <p class="empty">Nothing here is called so.</p> : null}
      </form>
    </Dialog>
  );
};

function* destinations(): Generator<Destination> {
  for (const { kind, name } of services.value) {
    if (kind !== 'framework') yield { kind, name, to: ['services', kind, name] };
  }
  for (const { id, hostname } of nodes.value)
    yield { kind: 'node', name: `${hostname} ${id}`, to: ['nodes', id] };
  for (const { id } of tasks.value) yield { kind: 'task', name: id, to: ['tasks', id] };
}
