import type { RequestCase } from './request-case.ts';

/** Agents, and what DC/OS tells of its nodes (cli.md 7, 17.5). */
export const NODE_CASES: readonly RequestCase[] = [
  {
    line: 'node list',
    asks: [
      'GET /mesos/slaves',
      { request: 'POST /mesos/api/v1', body: { type: 'GET_MASTER' } },
      'GET /mesos/master/state',
      'GET /mesos_dns/v1/hosts/master.mesos',
      'GET /net/v1/nodes',
    ],
  },
  {
    line: 'node deactivate @AGENT@',
    asks: [
      {
        request: 'POST /mesos/api/v1',
        body: { type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id: { value: '@AGENT@' } } },
      },
    ],
  },
  {
    line: 'node reactivate @AGENT@',
    asks: [
      {
        request: 'POST /mesos/api/v1',
        body: { type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id: { value: '@AGENT@' } } },
      },
    ],
  },
  {
    line: 'node decommission @AGENT@',
    asks: [
      {
        request: 'POST /mesos/api/v1',
        body: { type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: { value: '@AGENT@' } } },
      },
    ],
  },
  {
    line: 'node drain @AGENT@ --max-grace-period 5m --decommission',
    asks: [
      {
        request: 'POST /mesos/api/v1',
        body: {
          type: 'DRAIN_AGENT',
          drain_agent: {
            agent_id: { value: '@AGENT@' },
            max_grace_period: { seconds: 300 },
            mark_gone: true,
          },
        },
      },
    ],
  },
  {
    line: 'node drain @AGENT@ --wait',
    answers: {
      'GET /mesos/(master/)?slaves': [
        200,
        {},
        {
          slaves: [
            {
              id: '@AGENT@',
              hostname: 'h',
              pid: 'slave(1)@10.0.0.11:5051',
              resources: {},
              drain_info: { state: 'DRAINED' },
            },
          ],
        },
      ],
    },
    asks: [
      {
        request: 'POST /mesos/api/v1',
        body: { type: 'DRAIN_AGENT', drain_agent: { agent_id: { value: '@AGENT@' }, mark_gone: false } },
      },
      'GET /mesos/slaves',
    ],
  },
  { line: 'node dns foo.mesos', asks: ['GET /mesos_dns/v1/hosts/foo.mesos'] },
  {
    line: 'node list-components --leader',
    asks: ['GET /mesos_dns/v1/hosts/leader.mesos', 'GET /system/health/v1/nodes/10.0.0.1/units'],
  },
  {
    line: 'node list-components @AGENT@',
    asks: ['GET /mesos/slaves', 'GET /mesos/master/state', 'GET /system/health/v1/nodes/10.0.0.11/units'],
  },
  { line: 'node log --leader', asks: ['GET /system/v1/leader/mesos/logs/v2/component?skip=-10'] },
  {
    line: 'node log @AGENT@ --component dcos-mesos-slave --filter _PID:1 --lines 5',
    asks: [
      'GET /mesos/slaves',
      'GET /mesos/master/state',
      'GET /system/v1/agent/@AGENT@/logs/v2/component/dcos-mesos-slave.service?skip=-5&filter=_PID%3A1',
    ],
  },
  {
    line: 'node metrics summary @AGENT@',
    asks: ['GET /mesos/slaves', 'GET /mesos/master/state', 'GET /system/v1/agent/@AGENT@/metrics/v0/node'],
  },
  {
    line: 'node metrics details @AGENT@',
    asks: ['GET /mesos/slaves', 'GET /mesos/master/state', 'GET /system/v1/agent/@AGENT@/metrics/v0/node'],
  },
  { line: 'node diagnostics list', asks: ['GET /system/health/v1/report/diagnostics/list/all'] },
  { line: 'node diagnostics status', asks: ['GET /system/health/v1/report/diagnostics/status/all'] },
  {
    line: 'node diagnostics create all',
    asks: [{ request: 'POST /system/health/v1/report/diagnostics/create', body: { nodes: ['all'] } }],
  },
  {
    line: 'node diagnostics cancel',
    asks: [
      {
        request: 'POST /system/health/v1/report/diagnostics/cancel',
        headers: { 'content-type': 'application/json' },
      },
    ],
  },
  {
    line: 'node diagnostics delete bundle-1.zip',
    asks: [
      {
        request: 'POST /system/health/v1/report/diagnostics/delete/bundle-1.zip',
        headers: { 'content-type': 'application/json' },
      },
    ],
  },
  {
    line: 'node diagnostics download bundle-1.zip',
    asks: [
      'GET /system/health/v1/report/diagnostics/list/all',
      'GET /system/health/v1/report/diagnostics/serve/bundle-1.zip',
    ],
  },
];
