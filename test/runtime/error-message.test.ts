import { expect, it } from 'vitest';
import { errorMessage } from '../../src/runtime/error-message.ts';

it('a message tells its causes, each once', () => {
  const cause = new Error('connection refused', { cause: new Error('port 1') });
  expect(errorMessage(new Error('cannot fetch', { cause }))).toBe('cannot fetch: connection refused: port 1');
  const telling = new Error('it is not what was signed: no fit', { cause: new Error('no fit') });
  expect(errorMessage(telling)).toBe('it is not what was signed: no fit');
  expect(errorMessage(new Error('odd', { cause: 'text' }))).toBe('odd: text');
  expect(errorMessage(42)).toBe('42');
});
