import type { RequestCase } from './request-case.ts';

const MACHINE = { hostname: '10.0.0.11', ip: '10.0.0.11' };
const PLANNED = [
  200,
  {},
  { windows: [{ machine_ids: [MACHINE], unavailability: { start: { nanoseconds: 1 } } }] },
] as const;
const ROLES = [
  200,
  {},
  {
    roles: [
      {
        name: 'web',
        weight: 1,
        frameworks: [],
        resources: {},
        quota: { role: 'web', limit: { cpus: 1 }, guarantee: {} },
      },
    ],
  },
] as const;

/** Frameworks, roles, quotas, maintenance and the whole cluster (cli.md 8, 10, 17.4, 19.1). */
export const MESOS_CASES: readonly RequestCase[] = [
  {
    line: 'role list',
    answers: {
      'GET /mesos/roles': ROLES,
    },
    asks: ['GET /mesos/roles'],
  },
  { line: 'framework list', asks: ['GET /mesos/frameworks', 'GET /mesos/master/state'] },
  { line: 'framework show marathon', asks: ['GET /mesos/frameworks', 'GET /mesos/master/state'] },
  {
    line: 'framework teardown marathon --yes',
    asks: [
      'GET /mesos/frameworks',
      'GET /mesos/master/state',
      {
        request: 'POST /mesos/api/v1',
        body: { type: 'TEARDOWN', teardown: { framework_id: { value: '@FRAMEWORK@' } } },
      },
    ],
  },
  { line: 'offer list', asks: ['GET /mesos/frameworks', 'GET /mesos/slaves', 'GET /mesos/master/state'] },
  {
    line: 'maintenance list',
    answers: {
      'GET /mesos/maintenance/schedule': PLANNED,
      'GET /mesos/maintenance/status': [200, {}, {}],
    },
    asks: ['GET /mesos/maintenance/schedule', 'GET /mesos/maintenance/status'],
  },
  {
    line: 'maintenance add 10.0.0.11 --at 2026-12-02T00:00:00Z --for 1h',
    answers: { 'GET /mesos/maintenance/schedule': [200, {}, {}], 'POST /mesos/api/v1': [200, {}, ''] },
    asks: [
      'GET /mesos/slaves',
      'GET /mesos/master/state',
      'GET /mesos/maintenance/schedule',
      {
        request: 'POST /mesos/api/v1',
        body: {
          type: 'UPDATE_MAINTENANCE_SCHEDULE',
          update_maintenance_schedule: {
            schedule: {
              windows: [
                {
                  machine_ids: [MACHINE],
                  unavailability: {
                    start: { nanoseconds: 1796169600000000000 },
                    duration: { nanoseconds: 3600000000000 },
                  },
                },
              ],
            },
          },
        },
      },
    ],
  },
  {
    line: 'maintenance remove 10.0.0.11',
    answers: {
      'GET /mesos/maintenance/schedule': PLANNED,
      'POST /mesos/api/v1': [200, {}, ''],
    },
    asks: [
      'GET /mesos/maintenance/schedule',
      {
        request: 'POST /mesos/api/v1',
        body: {
          type: 'UPDATE_MAINTENANCE_SCHEDULE',
          update_maintenance_schedule: { schedule: { windows: [] } },
        },
      },
    ],
  },
  {
    line: 'maintenance start 10.0.0.11 --yes',
    answers: {
      'GET /mesos/maintenance/schedule': PLANNED,
      'POST /mesos/api/v1': [200, {}, ''],
    },
    asks: [
      'GET /mesos/maintenance/schedule',
      {
        request: 'POST /mesos/api/v1',
        body: {
          type: 'START_MAINTENANCE',
          start_maintenance: { machines: [MACHINE] },
        },
      },
    ],
  },
  {
    line: 'maintenance stop 10.0.0.11',
    answers: {
      'GET /mesos/maintenance/schedule': PLANNED,
      'POST /mesos/api/v1': [200, {}, ''],
    },
    asks: [
      'GET /mesos/maintenance/schedule',
      {
        request: 'POST /mesos/api/v1',
        body: {
          type: 'STOP_MAINTENANCE',
          stop_maintenance: { machines: [MACHINE] },
        },
      },
    ],
  },
  {
    line: 'quota list',
    answers: {
      'GET /mesos/roles': ROLES,
    },
    asks: ['GET /mesos/roles'],
  },
  {
    line: 'quota create dev --cpu 4 --guarantee cpus=2',
    answers: { 'POST /mesos/api/v1': [200, {}, ''] },
    asks: [
      'GET /mesos/roles',
      {
        request: 'POST /mesos/api/v1',
        body: {
          type: 'UPDATE_QUOTA',
          update_quota: {
            force: false,
            quota_configs: [
              { role: 'dev', limits: { cpus: { value: 4 } }, guarantees: { cpus: { value: 2 } } },
            ],
          },
        },
      },
    ],
  },
  {
    line: 'quota update web --mem 64 --force',
    answers: {
      'GET /mesos/roles': ROLES,
      'POST /mesos/api/v1': [200, {}, ''],
    },
    asks: [
      'GET /mesos/roles',
      {
        request: 'POST /mesos/api/v1',
        body: {
          type: 'UPDATE_QUOTA',
          update_quota: {
            force: true,
            quota_configs: [
              { role: 'web', limits: { cpus: { value: 1 }, mem: { value: 64 } }, guarantees: {} },
            ],
          },
        },
      },
    ],
  },
  {
    line: 'quota delete web',
    answers: {
      'GET /mesos/roles': ROLES,
      'POST /mesos/api/v1': [200, {}, ''],
    },
    asks: [
      'GET /mesos/roles',
      {
        request: 'POST /mesos/api/v1',
        body: { type: 'UPDATE_QUOTA', update_quota: { force: false, quota_configs: [{ role: 'web' }] } },
      },
    ],
  },
  { line: 'service list', asks: ['GET /mesos/frameworks', 'GET /mesos/master/state'] },
  {
    line: 'service shutdown @FRAMEWORK@ --yes',
    asks: [
      'GET /mesos/frameworks',
      'GET /mesos/master/state',
      {
        request: 'POST /mesos/api/v1',
        body: { type: 'TEARDOWN', teardown: { framework_id: { value: '@FRAMEWORK@' } } },
      },
    ],
  },
  {
    line: 'top --once --interval 1s',
    asks: [
      'GET /mesos/slaves',
      'GET /mesos/tasks?limit=-1&order=asc',
      'GET /mesos/master/state',
      'GET /agent/@AGENT@/containers',
      'GET /agent/@OTHER_AGENT@/containers',
    ],
  },
  {
    line: 'events',
    answers: {
      'POST /mesos/api/v1': [200, {}, ''],
      'GET /service/marathon/v2/events': [
        200,
        { 'Content-Type': 'text/event-stream' },
        'event: x\ndata: {}\n\n',
      ],
    },
    isStream: true,
    asks: [
      { request: 'POST /mesos/api/v1', body: { type: 'SUBSCRIBE' } },
      {
        request: 'GET /service/marathon/v2/events?plan-format=light',
        headers: { accept: 'text/event-stream' },
      },
    ],
  },
];
