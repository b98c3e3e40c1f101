import type { Codec } from './codec.ts';
import { encodeProtobuf } from './encode-protobuf.ts';
import { planOf } from './message-plan.ts';
import { protobufCodec } from './protobuf-codec.ts';
import { WIRE } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

/**
 * Messages that are mostly lists of others, and too long to be written at once: the shell is given as groups and lists, and
 * every item of a list is written by itself.
 */
export type LongField = MessageGroup | EncodedList | string | number;

/** Items of a repeated field one by one, in the codec that the whole is written in. */
interface EncodedList {
  encoded(codec: Codec): Iterable<string | Uint8Array>;
}

/** A message by its full name. Its own fields have no defaults that JSON would have to show. */
export class MessageGroup {
  readonly name: string;
  readonly fields: Readonly<Record<string, LongField>>;

  constructor(name: string, fields: Readonly<Record<string, LongField>>) {
    this.name = name;
    this.fields = fields;
  }
}

/**
 * A repeated field; `encode` gives one item. Of protobuf that may be text, too, one character for each byte: kept by the hundred
 * thousand, texts cost the garbage collector far less than as many buffers.
 */
export class MessageList<Item> implements EncodedList {
  readonly #items: Iterable<Item>;
  readonly #encode: (item: Item, codec: Codec) => string | Uint8Array;

  constructor(items: Iterable<Item>, encode: (item: Item, codec: Codec) => string | Uint8Array) {
    this.#items = items;
    this.#encode = encode;
  }

  *encoded(codec: Codec): Generator<string | Uint8Array> {
    for (const item of this.#items) yield this.#encode(item, codec);
  }
}

/** Where the pieces go: text or bytes, whichever the codec makes. */
export interface PieceWriter {
  readonly length: number;
  text(text: string): void;
  bytes(bytes: Uint8Array): void;
}

/** Items after which a writer may be interrupted. */
const ITEMS_PER_STEP = 8;

/** Writes the message as `codec.encode` would, with pauses. `open` makes a writer for what has to be measured first. */
export function* writeLongMessage<Writer extends PieceWriter>(
  codec: Codec,
  message: MessageGroup,
  { out, open, append }: LongMessageOutput<Writer>,
): Generator<void, void> {
  if (codec === protobufCodec) yield* writeProtobuf(message, { out, open, append });
  else yield* writeJson(codec, message, out);
}

export interface LongMessageOutput<Writer extends PieceWriter> {
  readonly out: Writer;
  readonly open: () => Writer;
  /** Adds what an inner writer has collected. */
  readonly append: (out: Writer, inner: Writer) => void;
}

function* writeJson(codec: Codec, { fields }: MessageGroup, out: PieceWriter): Generator<void, void> {
  let mark = '{';
  for (const [name, value] of Object.entries(fields)) {
    out.text(`${mark}"${name}":`);
    mark = ',';
    if (value instanceof MessageGroup) yield* writeJson(codec, value, out);
    else if (value instanceof MessageList) yield* writeJsonItems(codec, value, out);
    else out.text(JSON.stringify(value));
  }
  out.text(mark === '{' ? '{}' : '}');
}

function* writeJsonItems(codec: Codec, list: EncodedList, out: PieceWriter): Generator<void, void> {
  let count = 0;
  for (const item of list.encoded(codec)) {
    out.text(count === 0 ? '[' : ',');
    out.text(String(item));
    if (++count % ITEMS_PER_STEP === 0) yield;
  }
  out.text(count === 0 ? '[]' : ']');
}

function* writeProtobuf<Writer extends PieceWriter>(
  { name, fields }: MessageGroup,
  { out, open, append }: LongMessageOutput<Writer>,
): Generator<void, void> {
  for (const { name: field, number } of [...planOf(name).descending].reverse()) {
    const value = fields[field];
    if (value === undefined) continue;
    if (value instanceof MessageGroup) {
      const inner = open();
      yield* writeProtobuf(value, { out: inner, open, append });
      out.bytes(header(number, inner.length));
      append(out, inner);
    } else if (value instanceof MessageList) {
      let count = 0;
      for (const item of value.encoded(protobufCodec)) {
        const bytes = typeof item === 'string' ? Buffer.from(item, 'latin1') : item;
        out.bytes(header(number, bytes.length));
        out.bytes(bytes);
        if (++count % ITEMS_PER_STEP === 0) yield;
      }
    } else {
      out.bytes(encodeProtobuf(name, { [field]: value }));
    }
  }
}

const headerWriter = new WireWriter();

/** What precedes a message of so many bytes. */
const header = (number: number, length: number): Uint8Array => {
  headerWriter.integer(length);
  headerWriter.tag(number, WIRE.delimited);
  return headerWriter.finish();
};
