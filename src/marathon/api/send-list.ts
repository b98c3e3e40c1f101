import type { ServerResponse } from 'node:http';
import { type LongBody, LongBodyWriter, recycle } from '../../http/long-body.ts';
import { sendLong } from '../../http/send-long.ts';
import { sharedSlices } from '../../runtime/slices.ts';

/**
 * Answers with `{ name: items }`, like `sendResult`. The items are made and written one by one, and others are served in
 * between: a list of thousands must not hold them up. So an item shows what is there when its turn comes.
 */
export const sendList = (response: ServerResponse, name: string, items: Iterable<unknown>): Promise<void> =>
  sendWritten(response, written(`{${JSON.stringify(name)}:[`, items, ']}'));

/** Answers with the items alone, as an array. */
export const sendItems = (response: ServerResponse, items: Iterable<unknown>): Promise<void> =>
  sendWritten(response, written('[', items, ']'));

const sendWritten = async (response: ServerResponse, writing: Generator<void, LongBody>): Promise<void> => {
  const body = await sharedSlices.run(writing);
  try {
    await sendLong(response, 200, body, { headers: { 'Content-Type': 'application/json' } });
  } finally {
    recycle(body);
  }
};

function* written(opening: string, items: Iterable<unknown>, closing: string): Generator<void, LongBody> {
  const writer = new LongBodyWriter();
  writer.text(opening);
  let separator = '';
  for (const item of items) {
    writer.text(separator + JSON.stringify(item));
    separator = ',';
    yield;
  }
  writer.text(closing);
  return writer.finish();
}

/** Each thing as it is shown; it is looked up when its turn comes. */
export function* eachOf<Item>(items: readonly Item[], show: (item: Item) => unknown): Iterable<unknown> {
  for (const item of items) yield show(item);
}
