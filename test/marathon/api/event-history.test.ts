import { describe, expect, it } from 'vitest';
import { createEventHistory } from '../../../src/marathon/api/event-history.ts';

const frames = ({ events }: { events: readonly { frame: string }[] }): string[] =>
  events.map(({ frame }) => /id: (\S+)/.exec(frame)?.[1] ?? '');

describe('what is kept of the events', () => {
  it('is what came after the one that is named', () => {
    const history = createEventHistory({ life: 'x' });
    for (let index = 0; index < 4; index++) history.add('a', '{}');
    expect(frames(history.after('x-2'))).toEqual(['x-3', 'x-4']);
    expect(history.after('x-4')).toEqual({ isComplete: true, events: [] });
  });

  it('is bounded by number', () => {
    const history = createEventHistory({ life: 'x', maxEvents: 3 });
    for (let index = 0; index < 20; index++) history.add('a', '{}');
    expect(history.after('x-17').isComplete).toBe(true);
    expect(history.after('x-16').isComplete).toBe(false);
    expect(frames(history.after('x-16'))).toEqual(['x-18', 'x-19', 'x-20']);
  });

  it('is bounded by size', () => {
    const history = createEventHistory({ life: 'x', maxBytes: 250 });
    for (let index = 0; index < 9; index++) history.add('a', 'x'.repeat(80));
    expect(frames(history.after('x-7'))).toEqual(['x-8', 'x-9']);
    expect(history.after('x-6').isComplete).toBe(false);
    history.add('a', 'x'.repeat(300));
    expect(history.after('x-9')).toEqual({ isComplete: false, events: [] });
  });

  it.each(['', 'x-', 'x-5', 'x--1', 'x-1.5', 'y-1', '1'])('does not know %j', (id) => {
    const history = createEventHistory({ life: 'x' });
    history.add('a', '{}');
    const { isComplete, events } = history.after(id);
    expect([isComplete, events.length]).toEqual([false, 1]);
  });
});
