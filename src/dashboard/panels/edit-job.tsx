import { useState } from 'preact/hooks';
import { Confirm } from '../view/dialog.tsx';
import { parseJson } from '../view/parse-json.ts';

interface EditJobProps {
  readonly title: string;
  readonly initial: object;
  readonly action: string;
  readonly save: (document: unknown) => Promise<unknown>;
  readonly onClose: () => void;
}

/** A job, or one of its schedules, as JSON; what the server says against it is shown by its path. */
export const EditJob = ({ title, initial, action, save, onClose }: EditJobProps) => {
  const [text, setText] = useState(() => JSON.stringify(initial, null, 2));
  return (
    <Confirm
      title={title}
      action={action}
      onConfirm={async () => save(parseJson(text))}
      onClose={onClose}
      isWide
    >
      <label class="field">
        <span>Definition (JSON)</span>
        <textarea
          class="code"
          rows={16}
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
    </Confirm>
  );
};
