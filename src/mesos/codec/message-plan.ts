import { ENUMS, MESSAGES } from '../generated/descriptors.ts';

/** One field of a message, as the protobuf codec needs it. */
export interface FieldPlan {
  readonly name: string;
  readonly number: number;
  readonly rule: 'required' | 'optional' | 'repeated' | 'map';
  readonly value: ValuePlan;
}

/** How one value stands on the wire: as a scalar, as an enum's number, or as a message. */
export type ValuePlan =
  | { readonly kind: 'scalar'; readonly type: string }
  | { readonly kind: 'enum'; readonly numbers: EnumNumbers; readonly names: EnumNames }
  | { readonly kind: 'message'; readonly name: string };

type EnumNumbers = ReadonlyMap<string, number>;
type EnumNames = ReadonlyMap<number, string>;

export interface MessagePlan {
  readonly byNumber: ReadonlyMap<number, FieldPlan>;
  /** From the highest number down: messages are written from their end. */
  readonly descending: readonly FieldPlan[];
  readonly required: readonly string[];
  /** Fields that hold messages, in which something required may be missing. */
  readonly parts: readonly {
    readonly name: string;
    readonly rule: FieldPlan['rule'];
    readonly part: string;
  }[];
}

const plans = new Map<string, MessagePlan>();

/** Made when a message is met for the first time: few processes ever meet more than some of them. */
export const planOf = (name: string): MessagePlan => {
  const known = plans.get(name);
  if (known) return known;
  const fields = (MESSAGES[name] ?? []).map(
    ([field, number, rule, type]): FieldPlan => ({ name: field, number, rule, value: valuePlan(type) }),
  );
  const plan: MessagePlan = {
    byNumber: new Map(fields.map((field) => [field.number, field])),
    descending: [...fields].sort((one, other) => other.number - one.number),
    required: fields.filter(({ rule }) => rule === 'required').map((field) => field.name),
    parts: fields.flatMap(({ name: field, rule, value }) =>
      value.kind === 'message' ? [{ name: field, rule, part: value.name }] : [],
    ),
  };
  plans.set(name, plan);
  return plan;
};

const valuePlan = (type: string): ValuePlan => {
  if (type in MESSAGES) return { kind: 'message', name: type };
  const values = ENUMS[type];
  if (values === undefined) return { kind: 'scalar', type };
  const numbers = new Map(Object.entries(values));
  return { kind: 'enum', numbers, names: new Map([...numbers].map(([name, number]) => [number, name])) };
};
