import { describe, expect, it } from 'vitest';
import { nextTime, whyCronIsInvalid } from '../../src/jobs/definitions/cron.ts';
import { JobsHarness, jobDocument } from './jobs-harness.ts';

const MINUTE = 60_000;
const at = (text: string): number => Date.parse(text);
const isoAfter = (cron: string, zone: string, after: string): string =>
  new Date(nextTime(cron, zone, at(after)) ?? Number.NaN).toISOString();

describe('times', () => {
  it('are those of the clocks in their zone', () => {
    expect(isoAfter('30 9 * * 1-5', 'Europe/Berlin', '2026-01-02T09:00:00Z')).toBe(
      '2026-01-05T08:30:00.000Z',
    );
    expect(isoAfter('30 9 * * 1-5', 'America/New_York', '2026-07-02T09:00:00Z')).toBe(
      '2026-07-02T13:30:00.000Z',
    );
  });

  it('come after the hour that clocks leave out, and once in the hour that they repeat', () => {
    expect(isoAfter('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toBe('2026-03-29T01:30:00.000Z');
    const first = isoAfter('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z');
    expect(first).toBe('2026-10-25T01:30:00.000Z');
    expect(isoAfter('30 2 * * *', 'Europe/Berlin', first)).toBe('2026-10-26T01:30:00.000Z');
  });

  it.each([
    ['* * * *', 'five fields'],
    ['* * * * * *', 'five fields'],
    ['61 * * * *', 'no cron expression'],
    ['a b c d e', 'no cron expression'],
    ['0 0 31 2 *', 'never comes'],
  ])('%j is refused', (cron, reason) => {
    expect(whyCronIsInvalid(cron, 'UTC', at('2026-01-01T00:00:00Z'))).toContain(reason);
  });
});

describe('a schedule', () => {
  const scheduled = async (schedule: object): Promise<JobsHarness> => {
    const harness = new JobsHarness();
    await harness.start();
    harness.master.addAgent({ id: 'a' });
    const document = jobDocument('j', {}, { schedules: [{ id: 's', cron: '*/10 * * * *', ...schedule }] });
    await harness.add(document);
    return harness;
  };

  it('begins a run at each of its times', async () => {
    const harness = await scheduled({});
    await harness.pass(35 * MINUTE);
    expect(
      harness.engine.runs('j').map(({ createdAtMs }) => new Date(createdAtMs).toISOString().slice(0, 16)),
    ).toEqual(['2026-01-01T00:10', '2026-01-01T00:20', '2026-01-01T00:30']);
    expect(harness.engine.job('j')?.schedules[0]?.nextRunAtMs).toBe(at('2026-01-01T00:40:00Z'));
  });

  it('that is switched off begins none', async () => {
    const harness = await scheduled({ enabled: false });
    await harness.pass(35 * MINUTE);
    expect(harness.engine.runs('j')).toEqual([]);
  });

  it('that forbids it begins none beside a run that goes on', async () => {
    const harness = await scheduled({ concurrencyPolicy: 'FORBID' });
    await harness.pass(25 * MINUTE);
    expect(harness.engine.runs('j')).toHaveLength(1);
    harness.end('TASK_FINISHED');
    await harness.pass(10 * MINUTE);
    expect(harness.engine.runs('j')).toHaveLength(1);
    expect(harness.engine.history('j').successCount).toBe(1);
  });

  it('makes up for the last time that was missed, if that is not too long ago', async () => {
    const harness = await scheduled({ startingDeadlineSeconds: 300 });
    harness.crash();
    harness.clock.advance(43 * MINUTE);
    await harness.start();
    await harness.pass(100);
    expect(harness.engine.runs('j')).toHaveLength(1);
    harness.crash();
    harness.clock.advance(25 * MINUTE);
    await harness.start();
    await harness.pass(100);
    expect(harness.engine.runs('j')).toHaveLength(1);
  });
});
