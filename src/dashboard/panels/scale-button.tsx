import { useState } from 'preact/hooks';
import { Confirm } from '../view/dialog.tsx';

interface ScaleButtonProps {
  readonly id: string;
  /** How many instances there are to be now. */
  readonly instances: number;
  readonly onScale: (instances: number) => Promise<unknown>;
}

/** Asks for another number of instances of an app or a pod. */
export const ScaleButton = ({ id, instances, onScale }: ScaleButtonProps) => {
  /** What is typed; undefined while nothing is asked. */
  const [count, setCount] = useState<string>();
  return (
    <>
      <button type="button" onClick={() => setCount(String(instances))}>
        Scale…
      </button>
      {count === undefined ? null : (
        <Confirm
          title={`Scale ${id}`}
          action="Scale"
          onConfirm={() => onScale(Number(count))}
          onClose={() => setCount(undefined)}
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
      )}
    </>
  );
};
