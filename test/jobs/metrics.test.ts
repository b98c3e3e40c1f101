import { describe, expect, it } from 'vitest';
import { dropwizardMetrics, jobMetrics } from '../../src/jobs/api/metrics.ts';
import { prometheusText } from '../../src/runtime/prometheus-text.ts';
import { JobsHarness, jobDocument } from './jobs-harness.ts';

describe('metrics', () => {
  it('count jobs, schedules, runs under way and ended ones', async () => {
    const harness = new JobsHarness();
    await harness.start();
    await harness.add(
      jobDocument(
        'j',
        {},
        {
          schedules: [
            { id: 's', cron: '0 0 1 1 *' },
            { id: 'off', cron: '0 0 1 1 *', enabled: false },
          ],
        },
      ),
    );
    harness.master.addAgent({ id: 'a' });
    await harness.run('j');
    await harness.pass(2_000);
    harness.end('TASK_FINISHED');
    await harness.pass(100);
    await harness.run('j');
    await harness.pass(2_000);
    await harness.add(jobDocument('big', { cpus: 1_000 }));
    await harness.run('big');
    await harness.pass(4_990);
    const metrics = jobMetrics(harness.engine, harness.clock.now());
    const text = prometheusText(metrics);
    expect(text.split('\n').filter((line) => !line.startsWith('#'))).toEqual([
      'plenum_jobs 2',
      'plenum_jobs_schedules 1',
      'plenum_jobs_connected 1',
      'plenum_jobs_longest_wait_seconds 5',
      'plenum_jobs_runs{state="waiting"} 1',
      'plenum_jobs_runs{state="starting"} 0',
      'plenum_jobs_runs{state="running"} 1',
      'plenum_jobs_ended_runs_total{job="j",outcome="success"} 1',
      'plenum_jobs_ended_runs_total{job="j",outcome="failure"} 0',
      'plenum_jobs_ended_runs_total{job="big",outcome="success"} 0',
      'plenum_jobs_ended_runs_total{job="big",outcome="failure"} 0',
      '',
    ]);
    expect(dropwizardMetrics(metrics)).toMatchObject({
      version: '4.0.0',
      gauges: { plenum_jobs: { value: 2 }, 'plenum_jobs_runs.running': { value: 1 } },
      counters: { 'plenum_jobs_ended_runs_total.j.success': { count: 1 } },
    });
  });
});
