import { DecodeError, decodeJson } from './decode-json.ts';

/** Parts of what agents and masters say to each other, read from parsed JSON; every function throws DecodeError. */
export type Fields = Readonly<Record<string, unknown>>;

/** A message of the v1 API by its short name, such as `TaskInfo`. */
export const message = <Message>(name: string, value: unknown): Message =>
  decodeJson(`mesos.v1.${name}`, value) as Message;

export const fieldsOf = (value: unknown, name: string): Fields => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new DecodeError(`${name} is not a JSON object`);
};

/** Empty when it is missing. */
export const list = (value: unknown): readonly unknown[] => {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw new DecodeError('Expecting a JSON array');
};

export const text = (value: unknown, name: string): string => {
  if (typeof value === 'string') return value;
  throw new DecodeError(`Expecting '${name}' to be a text`);
};
