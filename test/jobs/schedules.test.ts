import { describe, expect, it } from 'vitest';
import { MOST_RUNS } from '../../src/jobs/core/begin-run.ts';
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

  it('of every half hour are all there in the hour that clocks leave out and in the one that they repeat', () => {
    const times = (after: string, count: number): string[] => {
      const found: string[] = [];
      for (let from = after; found.length < count; from = found.at(-1) ?? from) {
        found.push(isoAfter('*/30 * * * *', 'Europe/Berlin', from));
      }
      return found.map((time) => time.slice(11, 16));
    };
    expect(times('2026-03-29T00:15:00Z', 4)).toEqual(['00:30', '01:00', '01:30', '02:00']);
    const autumn = times('2026-10-24T23:45:00Z', 6);
    expect(autumn).toEqual(['00:00', '00:30', '01:00', '01:30', '02:00', '02:30']);
  });

  it('of zones without such hours, and with odd ones, are right', () => {
    expect(isoAfter('0 12 * * *', 'Asia/Kathmandu', '2026-06-01T00:00:00Z')).toBe('2026-06-01T06:15:00.000Z');
    expect(isoAfter('30 2 * * 0', 'Australia/Lord_Howe', '2026-09-30T00:00:00Z')).toMatch(/^2026-10-03T15:/);
    expect(isoAfter('0 0 29 2 *', 'UTC', '2026-03-01T00:00:00Z')).toBe('2028-02-29T00:00:00.000Z');
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

  it('is found at its last time at once, however long the service was away and whatever the deadline', async () => {
    const harness = new JobsHarness();
    await harness.start();
    const schedule = { id: 's', cron: '* * * 1 *', startingDeadlineSeconds: 10 * 366 * 86_400 };
    await harness.add(jobDocument('j', {}, { schedules: [schedule] }));
    harness.crash();
    harness.clock.advance(2 * 365 * 86_400_000);
    await harness.start();
    await harness.pass(100);
    expect(harness.engine.runs('j')).toHaveLength(1);
  });

  it('begins no more runs than there may be of a job', async () => {
    const harness = await scheduled({ cron: '* * * * *' });
    await harness.add(jobDocument('full', { cpus: 1_000, maxLaunchDelay: 86_400 }));
    for (let count = 0; count < MOST_RUNS; count++) await harness.run('full');
    await expect(harness.run('full')).rejects.toThrow(/1000 runs under way/);
    expect(harness.engine.runs('full')).toHaveLength(MOST_RUNS);
  });

  it('that may run beside others does so', async () => {
    const harness = await scheduled({ concurrencyPolicy: 'ALLOW' });
    await harness.pass(25 * MINUTE);
    expect(harness.engine.runs('j')).toHaveLength(2);
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
