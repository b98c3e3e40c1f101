import type { RequestCase } from './request-case.ts';

/** Jobs and their schedules (cli.md 9). */
export const JOB_CASES: readonly RequestCase[] = [
  {
    line: 'job add job.json',
    answers: { 'POST /service/metronome/v1/jobs': [201, {}, { id: 'j3' }] },
    asks: [
      {
        request: 'POST /service/metronome/v1/jobs',
        body: { id: 'j3', run: { cmd: 'sleep 1', cpus: 0.1, mem: 32, disk: 0 } },
      },
      { request: 'POST /service/metronome/v1/jobs/j3/schedules', body: { id: 's', cron: '* * * * *' } },
    ],
  },
  {
    line: 'job update job.json',
    answers: { 'PUT /service/metronome/v1/jobs': [200, {}, { id: 'j3' }] },
    asks: [
      {
        request: 'PUT /service/metronome/v1/jobs/j3',
        body: { id: 'j3', run: { cmd: 'sleep 1', cpus: 0.1, mem: 32, disk: 0 } },
      },
    ],
  },
  {
    line: 'job schedule add job1',
    input: '{"id":"s","cron":"* * * * *"}',
    asks: [
      { request: 'POST /service/metronome/v1/jobs/job1/schedules', body: { id: 's', cron: '* * * * *' } },
    ],
  },
  {
    line: 'job schedule update job2',
    input: '{"id":"s","cron":"* * * * *"}',
    asks: [
      { request: 'PUT /service/metronome/v1/jobs/job2/schedules/s', body: { id: 's', cron: '* * * * *' } },
    ],
  },
];
