import type { ServerResponse } from 'node:http';
import { type LongBody, LongBodyWriter, recycle } from '../../http/long-body.ts';
import { sendLong } from '../../http/send-long.ts';
import { sharedSlices } from '../../runtime/slices.ts';

/**
 * Answers with `{ name: items }`, like `sendResult`. The items are made and written one by one, and others are served in
 * between: a list of thousands must not hold them up. So an item shows what is there when its turn comes.
 */
export const sendList = async (
  response: ServerResponse,
  name: string,
  items: Iterable<unknown>,
): Promise<void> => {
  const body = await sharedSlices.run(written(name, items));
  try {
    await sendLong(response, 200, body, { headers: { 'Content-Type': 'application/json' } });
  } finally {
    recycle(body);
  }
};

function* written(name: string, items: Iterable<unknown>): Generator<void, LongBody> {
  const writer = new LongBodyWriter();
  writer.text(`{${JSON.stringify(name)}:[`);
  let separator = '';
  for (const item of items) {
    writer.text(separator + JSON.stringify(item));
    separator = ',';
    yield;
  }
  writer.text(']}');
  return writer.finish();
}
