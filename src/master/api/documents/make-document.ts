import { type LongBody, LongBodyWriter } from '../../../http/long-body.ts';
import type { Codec } from '../../../mesos/codec/codec.ts';
import { type MessageGroup, writeLongMessage } from '../../../mesos/codec/long-message.ts';
import { writeJson } from './json-document.ts';

/** A v0 answer as a body, with pauses. */
export function* jsonBody(value: unknown): Generator<void, LongBody> {
  const out = new LongBodyWriter();
  yield* writeJson(out, value);
  return out.finish();
}

/** A v1 message as a body, with pauses. */
export function* messageBody(codec: Codec, message: MessageGroup): Generator<void, LongBody> {
  const out = new LongBodyWriter();
  yield* writeLongMessage(codec, message, {
    out,
    open: () => new LongBodyWriter(),
    append: (outer, inner) => outer.append(inner),
  });
  return out.finish();
}
