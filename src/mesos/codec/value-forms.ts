/** What values of messages may be, for whoever reads them. */

/** Messages in messages in messages: deeper ones are refused in all encodings, as protobuf does by default. */
export const DEEPEST_NESTING = 100;

export const WHOLE_NUMBERS: ReadonlySet<string> = new Set(['int32', 'int64', 'uint32', 'uint64']);

export const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
