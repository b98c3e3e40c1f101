import { useState } from 'preact/hooks';
import type { ChangeOptions } from '../feeds/definition-calls.ts';
import type { DefinitionPreview } from '../model/marathon.ts';
import { Dialog } from '../view/dialog.tsx';
import { parseJson } from '../view/parse-json.ts';
import { Problem } from '../view/problem.tsx';
import { useAction } from '../view/use-action.ts';
import { PreviewPanel } from './preview-panel.tsx';

interface EditDefinitionProps {
  readonly title: string;
  readonly initial: object;
  readonly preview: (definition: unknown) => Promise<DefinitionPreview>;
  readonly deploy: (definition: unknown, options: ChangeOptions) => Promise<unknown>;
  readonly onClose: () => void;
  /** Whether it is a change of something that is there, which a deployment may hold. */
  readonly isChange: boolean;
}

/** A definition as JSON: what is changed is shown before it is deployed, and what the server says against it by its path. */
export const EditDefinition = (props: EditDefinitionProps) => {
  const { title, initial, preview, deploy, onClose, isChange } = props;
  const [text, setText] = useState(() => JSON.stringify(initial, null, 2));
  const [seen, setSeen] = useState<{ text: string; preview: DefinitionPreview }>();
  const [deadline, setDeadline] = useState('');
  const { isBusy, problem, run } = useAction();
  const isSeen = seen?.text === text;
  const isLocked = (seen?.preview.lockedBy?.length ?? 0) > 0;
  const go = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!isSeen) {
      await run(async () => setSeen({ text, preview: await preview(parseJson(text)) }));
      return;
    }
    const deadlineSeconds = deadline === '' ? undefined : Number(deadline);
    if (await run(() => deploy(parseJson(text), { force: isLocked, deadlineSeconds }))) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose} isWide>
      <form onSubmit={(event) => void go(event)}>
        <label class="field">
          <span>Definition (JSON)</span>
          <textarea
            class="code"
            rows={18}
            spellcheck={false}
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <Problem problem={problem} />
        {isSeen ? <PreviewPanel preview={seen.preview} /> : null}
        {isChange ? (
          <label class="field is-short">
            <span>Undo it when it makes no progress for so many seconds (empty: wait)</span>
            <input
              type="number"
              min="1"
              value={deadline}
              onInput={({ currentTarget }) => setDeadline(currentTarget.value)}
            />
          </label>
        ) : null}
        <div class="buttons">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="main" disabled={isBusy}>
            {isSeen
              ? isLocked
                ? 'Give up the other deployment, and deploy'
                : 'Deploy'
              : 'Look at what changes'}
          </button>
        </div>
      </form>
    </Dialog>
  );
};
