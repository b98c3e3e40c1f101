import { type FieldRow, MESSAGES } from '../generated/descriptors.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Deprecated: shown only when they were set. */
const SILENT = new Set(['mesos.v1.Resource.role', 'mesos.v1.FrameworkInfo.role']);

/** The JSON of Mesos' v1 API has no name for its own third capability of masters, and older clients none either. */
const isNameless = (name: string, message: object): boolean =>
  name === MASTER_CAPABILITY && (message as Fields).type === 'QUOTA_V2';
const MASTER_CAPABILITY = 'mesos.v1.MasterInfo.Capability';

interface Plan {
  readonly defaults: readonly (readonly [field: string, value: string | number | boolean])[];
  readonly parts: readonly (readonly [field: string, rule: FieldRow[2], type: string])[];
}

/**
 * A message as Mesos prints it in JSON: optional fields that have a default in the schema are there even when nobody set
 * them (mesos.md 1.3). Gives the message itself back where nothing is missing; never changes it.
 */
export const withDefaults = <Message extends object>(name: string, message: Message): Message => {
  const plan = planOf(name);
  if (plan === undefined) return message;
  if (isNameless(name, message)) return {} as Message;
  const given = message as Fields;
  let filled: Record<string, unknown> | undefined;
  for (const [field, value] of plan.defaults) {
    if (given[field] === undefined) filled = { ...(filled ?? given), [field]: value };
  }
  for (const [field, rule, type] of plan.parts) {
    const part = given[field];
    if (part === undefined) continue;
    const complete = completePart(part, rule, type);
    if (complete !== part) filled = { ...(filled ?? given), [field]: complete };
  }
  return (filled as Message | undefined) ?? message;
};

const completePart = (part: unknown, rule: FieldRow[2], type: string): unknown => {
  if (rule !== 'repeated' || !Array.isArray(part)) return withDefaults(type, part as object);
  const complete = part.map((item: object) => withDefaults(type, item));
  return complete.some((item, index) => item !== part[index]) ? complete : part;
};

const plans = new Map<string, Plan>();

/** What may have to be added to a message, or undefined: most messages have no defaults anywhere in them. */
const planOf = (name: string): Plan | undefined => {
  if (!namesWithDefaults().has(name)) return undefined;
  const known = plans.get(name);
  if (known) return known;
  const rows = MESSAGES[name] ?? [];
  const plan: Plan = {
    defaults: rows.flatMap((row) => {
      const value = defaultOf(name, row);
      return value === undefined ? [] : [[row[0], value] as const];
    }),
    // Values of maps have no defaults in any message of the API.
    parts: rows
      .filter(([, , rule, type]) => rule !== 'map' && namesWithDefaults().has(type))
      .map(([field, , rule, type]) => [field, rule, type] as const),
  };
  plans.set(name, plan);
  return plan;
};

const defaultOf = (name: string, [field, , , , value]: FieldRow): string | number | boolean | undefined =>
  SILENT.has(`${name}.${field}`) ? undefined : value;

let withDefaultsInside: ReadonlySet<string> | undefined;

/** Messages that are printed in another way than they are, or have such a message in them. */
const namesWithDefaults = (): ReadonlySet<string> => {
  withDefaultsInside ??= findNamesWithDefaults();
  return withDefaultsInside;
};

const findNamesWithDefaults = (): ReadonlySet<string> => {
  const found = new Set<string>();
  const holders = new Map<string, string[]>();
  const reached: string[] = [];
  for (const [name, rows] of Object.entries(MESSAGES)) {
    if (rows.some((row) => defaultOf(name, row) !== undefined) || name === MASTER_CAPABILITY)
      reached.push(name);
    for (const [, , , type] of rows) holders.set(type, [...(holders.get(type) ?? []), name]);
  }
  for (let name = reached.pop(); name !== undefined; name = reached.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    reached.push(...(holders.get(name) ?? []));
  }
  return found;
};
