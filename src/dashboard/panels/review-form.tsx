import type { TargetedEvent } from 'preact';
import type { JsonObject } from '../../universe/json/json.ts';
import { Problem } from '../view/problem.tsx';
import { useAction } from '../view/use-action.ts';
import type { OptionAnswers } from '../view/use-answers.ts';
import { OptionsForm } from './options-form.tsx';

interface ReviewFormProps {
  readonly form: OptionAnswers;
  /** Options that are set already. */
  readonly given: JsonObject;
  /** The words on the button. */
  readonly action: string;
  /** Looks at what the options would do; what the service says against them is shown at their fields. */
  readonly onReview: () => Promise<unknown>;
}

/** The options of a package, with a look at what they do; the question that follows stands beside it, not in it. */
export const ReviewForm = ({ form, given, action, onReview }: ReviewFormProps) => {
  const { isBusy, problem, run } = useAction();
  const review = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void form.submit(event.currentTarget, () => run(onReview));
  };
  return (
    <form onSubmit={review}>
      <OptionsForm
        nodes={form.nodes}
        given={given}
        answers={form.answers}
        onAnswer={form.onAnswer}
        refused={form.refusedOf(problem)}
      />
      <Problem problem={problem} />
      <div class="buttons">
        <button type="submit" class="main" disabled={isBusy || !form.isComplete}>
          {action}
        </button>
      </div>
    </form>
  );
};
