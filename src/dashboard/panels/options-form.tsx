import type { JsonObject } from '../../universe/json/json.ts';
import { isSecret } from '../../universe/options/mask-secrets.ts';
import type { OptionNode } from '../../universe/options/option-tree.ts';
import {
  type Answers,
  choicesOf,
  kindOf,
  type OptionSection,
  pointerOf,
  sectionsOf,
  shownText,
  whyWrong,
} from '../model/option-form.ts';
import type { ErrorDetail } from '../model/server-error.ts';

interface OptionsFormProps {
  readonly nodes: readonly OptionNode[];
  /** Options that are set already. */
  readonly given: JsonObject;
  readonly answers: Answers;
  readonly onAnswer: (pointer: string, text: string) => void;
  /** What the server has said against options, by their pointers. */
  readonly refused: readonly ErrorDetail[];
}

/** The options of a package, asked for as its schema describes them; what is wrong stands at the field. */
export const OptionsForm = ({ nodes, ...rest }: OptionsFormProps) => (
  <>
    {sectionsOf(nodes).map((section) => (
      <Section key={section.title} section={section} {...rest} />
    ))}
  </>
);

type SectionProps = Omit<OptionsFormProps, 'nodes'> & { readonly section: OptionSection };

const Section = ({
  section: { title, description, fields },
  given,
  answers,
  onAnswer,
  refused,
}: SectionProps) => {
  const problems = fields.map((node) => ({ node, wrong: problemOf(node, { given, answers, refused }) }));
  const count = problems.filter(({ wrong }) => wrong !== undefined).length;
  return (
    <details class="options" open>
      <summary>
        {title === '' ? 'Options' : title}
        {count === 0 ? null : <span class="wrong"> {count} wrong</span>}
      </summary>
      {description === '' ? null : <p class="dim">{description}</p>}
      <div class="fields">
        {problems.map(({ node, wrong }) => (
          <Field
            key={pointerOf(node)}
            node={node}
            text={shownText(node, given, answers)}
            wrong={wrong}
            onText={(text) => onAnswer(pointerOf(node), text)}
          />
        ))}
      </div>
    </details>
  );
};

/** What stands against what is in a field: what the page sees itself, else what the server has said. */
const problemOf = (
  node: OptionNode,
  { given, answers, refused }: Pick<OptionsFormProps, 'given' | 'answers' | 'refused'>,
): string | undefined => {
  const pointer = pointerOf(node);
  return (
    whyWrong(node, shownText(node, given, answers)) ?? refused.find(({ path }) => path === pointer)?.message
  );
};

interface FieldProps {
  readonly node: OptionNode;
  readonly text: string;
  readonly wrong: string | undefined;
  readonly onText: (text: string) => void;
}

const Field = ({ node, text, wrong, onText }: FieldProps) => {
  const pointer = pointerOf(node);
  const helpId = `help-${pointer}`;
  return (
    <div class={wrong === undefined ? 'field' : 'field is-wrong'}>
      <label for={`option-${pointer}`}>
        {node.name}
        {node.isRequired ? <span class="dim"> (required)</span> : null}
      </label>
      <Input node={node} text={text} isWrong={wrong !== undefined} helpId={helpId} onText={onText} />
      <p id={helpId} class="help">
        {wrong === undefined ? null : <span class="wrong">{wrong}. </span>}
        {node.description}
      </p>
    </div>
  );
};

type InputProps = Pick<FieldProps, 'node' | 'text' | 'onText'> & {
  readonly isWrong: boolean;
  readonly helpId: string;
};

const Input = ({ node, text, isWrong, helpId, onText }: InputProps) => {
  const common = {
    id: `option-${pointerOf(node)}`,
    'aria-describedby': helpId,
    'aria-invalid': isWrong,
  };
  const typed = {
    autocomplete: 'off',
    spellcheck: false,
    value: text,
    onInput: (event: InputEvent & { readonly currentTarget: HTMLInputElement }) =>
      onText(event.currentTarget.value),
  };
  switch (kindOf(node)) {
    case 'choice':
      return (
        <select {...common} value={text} onChange={({ currentTarget }) => onText(currentTarget.value)}>
          {choicesOf(node).map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      );
    case 'flag':
      return (
        <input
          {...common}
          type="checkbox"
          checked={text === 'true'}
          onChange={({ currentTarget }) => onText(String(currentTarget.checked))}
        />
      );
    case 'json':
      return (
        <textarea
          {...common}
          class="code"
          rows={3}
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => onText(currentTarget.value)}
        />
      );
    default:
      return isSecret(node) ? (
        <input {...common} {...typed} type="password" />
      ) : (
        <input {...common} {...typed} type="text" />
      );
  }
};
