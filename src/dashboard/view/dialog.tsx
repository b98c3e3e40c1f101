import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Problem } from './problem.tsx';
import { useAction } from './use-action.ts';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly isWide?: boolean;
}

/** A question above the page; the browser keeps the focus in it, closes it by Escape and gives the focus back. */
export const Dialog = ({ title, onClose, children, isWide = false }: DialogProps) => {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    element.current?.showModal();
  }, []);
  return (
    <dialog ref={element} class={isWide ? 'is-wide' : ''} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
};

interface ConfirmProps {
  readonly title: string;
  /** The word on the button. */
  readonly action: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children?: ComponentChildren;
  /** What has to be typed beforehand, where something is lost for good. */
  readonly typed?: string | undefined;
  readonly isWide?: boolean;
}

/** Asks before something is done; it stays, with what the server said, when that is refused. */
export const Confirm = ({ title, action, onConfirm, onClose, children, typed, isWide }: ConfirmProps) => {
  const [text, setText] = useState('');
  const { isBusy, problem, run } = useAction();
  const isAllowed = typed === undefined || text === typed;
  const confirm = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isAllowed && (await run(onConfirm))) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose} {...(isWide ? { isWide } : {})}>
      <form onSubmit={(event) => void confirm(event)}>
        {children}
        {typed === undefined ? null : (
          <label class="field">
            <span>
              Type <code>{typed}</code> to go on
            </span>
            <input value={text} autocomplete="off" onInput={(event) => setText(event.currentTarget.value)} />
          </label>
        )}
        <Problem problem={problem} />
        <div class="buttons">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            class={typed === undefined ? 'main' : 'danger'}
            disabled={isBusy || !isAllowed}
          >
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
};
