import { useState } from 'preact/hooks';
import { goTo } from '../navigation.ts';
import { Confirm } from '../view/dialog.tsx';

interface RemoveButtonProps {
  readonly id: string;
  /** What is lost with it. */
  readonly warning: string;
  readonly onRemove: () => Promise<unknown>;
}

/** Removes an app or a pod once its name is typed, and leaves its page. */
export const RemoveButton = ({ id, warning, onRemove }: RemoveButtonProps) => {
  const [isAsked, setAsked] = useState(false);
  return (
    <>
      <button type="button" class="danger" onClick={() => setAsked(true)}>
        Remove…
      </button>
      {isAsked ? (
        <Confirm
          title={`Remove ${id}?`}
          action="Remove"
          typed={id}
          onConfirm={() => onRemove().then(() => goTo(['services']))}
          onClose={() => setAsked(false)}
        >
          <p>{warning}</p>
        </Confirm>
      ) : null}
    </>
  );
};
