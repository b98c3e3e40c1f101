import type { RequestCase } from './request-case.ts';

/** The end of a log: of the sandbox, which is not there, so of the log service. */
const END_OF_LOG = [
  'GET /mesos/tasks?limit=-1&order=asc',
  'GET /mesos/master/state',
  'GET /agent/@AGENT@/files/debug',
  'GET /agent/@AGENT@/files/browse?path=@SANDBOX@',
  'GET /agent/@AGENT@/files/read?path=@SANDBOX@%2Fstdout&offset=-1',
  {
    request: 'GET /system/v1/logs/v2/task/sleep.aaaa-1111/file/stdout?cursor=END&skip=-10',
    headers: { accept: 'text/plain' },
  },
];

/** Tasks, their files and what is measured of them (cli.md 6, 17.4). */
export const TASK_CASES: readonly RequestCase[] = [
  {
    line: 'task list',
    asks: [
      'GET /mesos/tasks?limit=-1&order=asc',
      'GET /mesos/slaves',
      'GET /mesos/master/state',
      { request: 'POST /mesos/api/v1', body: { type: 'GET_FRAMEWORKS' } },
    ],
  },
  { line: 'task list --all -q', asks: ['GET /mesos/tasks?limit=-1&order=asc', 'GET /mesos/master/state'] },
  {
    line: 'task log sleep.aaaa',
    asks: [...END_OF_LOG],
  },
  {
    line: 'task log sleep.aaaa --follow',
    isStream: true,
    asks: [
      ...END_OF_LOG,
      'GET /mesos/tasks?limit=-1&order=asc&framework_id=@FRAMEWORK@&task_id=sleep.aaaa-1111',
      {
        request: 'GET /system/v1/logs/v2/task/sleep.aaaa-1111/file/stdout?cursor=END&skip=0',
        headers: { accept: 'text/event-stream' },
      },
      {
        request: 'GET /system/v1/logs/v2/task/sleep.aaaa-1111/file/stdout?cursor=c&skip=1',
        headers: { accept: 'text/event-stream' },
      },
    ],
  },
  {
    line: 'task ls sleep.aaaa',
    asks: [
      'GET /mesos/tasks?limit=-1&order=asc',
      'GET /mesos/master/state',
      'GET /agent/@AGENT@/files/debug',
      'GET /agent/@AGENT@/files/browse?path=@SANDBOX@',
    ],
  },
  {
    line: 'task download sleep.aaaa stdout --target-dir dl',
    asks: [
      'GET /mesos/tasks?limit=-1&order=asc',
      'GET /mesos/master/state',
      'GET /agent/@AGENT@/files/debug',
      'GET /agent/@AGENT@/files/browse?path=@SANDBOX@',
      'GET /agent/@AGENT@/files/download?path=@SANDBOX@%2Fstdout',
    ],
  },
  {
    line: 'task metrics details sleep.aaaa',
    asks: [
      'GET /mesos/tasks?limit=-1&order=asc',
      'GET /mesos/master/state',
      'GET /system/v1/agent/@AGENT@/metrics/v0/containers/11111111-1111-4111-8111-111111111111',
      'GET /system/v1/agent/@AGENT@/metrics/v0/containers/11111111-1111-4111-8111-111111111111/app',
    ],
  },
  {
    line: 'task metrics summary sleep.aaaa',
    asks: [
      'GET /mesos/tasks?limit=-1&order=asc',
      'GET /mesos/master/state',
      'GET /system/v1/agent/@AGENT@/metrics/v0/containers/11111111-1111-4111-8111-111111111111',
      'GET /system/v1/agent/@AGENT@/metrics/v0/containers/11111111-1111-4111-8111-111111111111/app',
    ],
  },
];
