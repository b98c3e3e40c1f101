import { useState } from 'preact/hooks';
import { addRepository } from '../feeds/package-calls.ts';
import { Confirm } from '../view/dialog.tsx';

interface AddRepositoryProps {
  readonly onChange: () => void;
  readonly onClose: () => void;
}

/** A further place that packages come from; the package service reads it before it takes it. */
export const AddRepository = ({ onChange, onClose }: AddRepositoryProps) => {
  const [name, setName] = useState('');
  const [uri, setUri] = useState('');
  const [isFirst, setFirst] = useState(false);
  const save = (): Promise<void> =>
    addRepository({ name: name.trim(), uri: uri.trim(), ...(isFirst ? { index: 0 } : {}) }).then(onChange);
  return (
    <Confirm title="Add a repository" action="Add" onConfirm={save} onClose={onClose}>
      <label class="field">
        <span>Name</span>
        <input
          required
          autocomplete="off"
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>URI (https:, file:, git+https:, ssh: or oci:)</span>
        <input
          required
          autocomplete="off"
          spellcheck={false}
          value={uri}
          onInput={({ currentTarget }) => setUri(currentTarget.value)}
        />
      </label>
      <label class="toggle">
        <input
          type="checkbox"
          checked={isFirst}
          onChange={({ currentTarget }) => setFirst(currentTarget.checked)}
        />{' '}
        before all others: where several have a package, the first counts
      </label>
    </Confirm>
  );
};
