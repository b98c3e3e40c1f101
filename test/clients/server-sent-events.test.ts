import { describe, expect, it } from 'vitest';
import { readServerSentEvents } from '../../src/clients/server-sent-events.ts';

const read = async (...pieces: (string | Uint8Array)[]) => {
  const body = (async function* () {
    for (const piece of pieces) yield typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
  })();
  const events = [];
  for await (const event of readServerSentEvents(body)) events.push(event);
  return events;
};

describe('an event stream', () => {
  it('is read whatever the borders of its pieces and its line ends', async () => {
    const expected = [{ type: 'a', data: '1' }];
    expect(await read('event: a\ndata: 1\n\n')).toEqual(expected);
    expect(await read('event: a\r\ndata: 1\r\n\r\n')).toEqual(expected);
    expect(await read('ev', 'ent: a\r', '\ndata: ', '1\r', '\n\r\n')).toEqual(expected);
  });

  it('may cut characters in two', async () => {
    const bytes = new TextEncoder().encode('data: ü\n\n');
    expect(await read(bytes.slice(0, 7), bytes.slice(7))).toEqual([{ type: 'message', data: 'ü' }]);
  });

  it('joins the lines of one event, and drops comments and events without data', async () => {
    expect(await read(': hello\n\nevent: empty\n\ndata: one\ndata:two\nid: 7\n\n')).toEqual([
      { type: 'message', data: 'one\ntwo' },
    ]);
  });

  it('gives no event that was cut off', async () => {
    expect(await read('data: whole\n\ndata: half')).toEqual([{ type: 'message', data: 'whole' }]);
  });

  it('refuses a line without end', async () => {
    await expect(read(`data: ${'x'.repeat(17 * 1024 * 1024)}`)).rejects.toThrow('too long');
  });
});
