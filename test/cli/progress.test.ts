import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgress } from '../../src/cli/output/progress.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const collect = (isTty: boolean) => {
  const pieces: string[] = [];
  return {
    pieces,
    output: { write: (text: string) => pieces.push(text), isTty, hasColor: false, columns: 20 },
  };
};

describe('progress in a pipe', () => {
  it('says nothing of what takes less than a second, and what takes longer once', () => {
    const { pieces, output } = collect(false);
    const progress = createProgress(output, {});
    progress.say('first');
    vi.advanceTimersByTime(900);
    progress.say('second');
    vi.advanceTimersByTime(900);
    progress.say('second');
    vi.advanceTimersByTime(200);
    progress.say('second');
    vi.advanceTimersByTime(5_000);
    progress.say('third');
    progress.stop();
    vi.advanceTimersByTime(5_000);
    expect(pieces).toEqual(['second\n']);
  });

  it('keeps notes', () => {
    const { pieces, output } = collect(false);
    createProgress(output, {}).note('a task failed');
    expect(pieces).toEqual(['a task failed\n']);
  });
});

describe('progress on a terminal', () => {
  it('is one line that moves, cut to the width, and leaves nothing behind', () => {
    const { pieces, output } = collect(true);
    const progress = createProgress(output, {});
    progress.say('waiting for something far away');
    vi.advanceTimersByTime(200);
    progress.stop();
    expect(pieces).toEqual([
      '\r\u001b[2K⠋ waiting for somet',
      '\r\u001b[2K⠙ waiting for somet',
      '\r\u001b[2K',
    ]);
  });

  it('makes room for notes', () => {
    const { pieces, output } = collect(true);
    const progress = createProgress(output, {});
    progress.say('waiting');
    progress.note('a task failed');
    progress.stop();
    expect(pieces[0]).toBe('\r\u001b[2Ka task failed\n');
  });

  it.each([{ CI: 'true' }, { TERM: 'dumb' }])('does not move with %o', (env) => {
    const { pieces, output } = collect(true);
    const progress = createProgress(output, env);
    progress.say('waiting');
    vi.advanceTimersByTime(1_000);
    expect(pieces).toEqual(['waiting\n']);
  });
});
