import type { ServerResponse } from 'node:http';
import { jsonPieces } from '../../http/json-pieces.ts';
import { type LongBody, LongBodyWriter, recycle } from '../../http/long-body.ts';
import { sendLong } from '../../http/send-long.ts';
import { sharedSlices } from '../../runtime/slices.ts';

/**
 * Answers with JSON, like `sendResult`. Lists in it that are made one by one are written so too, and others are served in
 * between: a list of thousands must not hold them up. So an item shows what is there when its turn comes.
 */
export const sendLongResult = (response: ServerResponse, value: unknown): Promise<void> =>
  sendPieces(response, jsonPieces(value), 'application/json');

/** The same of text that comes in pieces. */
export const sendLongText = (response: ServerResponse, pieces: Iterable<string>): Promise<void> =>
  sendPieces(response, pieces, 'text/plain; charset=utf-8');

const sendPieces = async (
  response: ServerResponse,
  pieces: Iterable<string>,
  contentType: string,
): Promise<void> => {
  const body = await sharedSlices.run(written(pieces));
  try {
    await sendLong(response, 200, body, { headers: { 'Content-Type': contentType } });
  } finally {
    recycle(body);
  }
};

function* written(pieces: Iterable<string>): Generator<void, LongBody> {
  const writer = new LongBodyWriter();
  for (const piece of pieces) {
    writer.text(piece);
    yield;
  }
  return writer.finish();
}
