import type { RequestCase } from './request-case.ts';

/** What the commands of Marathon ask where the original asked something else, or had no such command (cli.md 4, 17.2). */
export const MARATHON_CASES: readonly RequestCase[] = [
  {
    line: 'marathon app add app.json --force',
    asks: [
      {
        request: 'POST /service/marathon/v2/apps?force=true',
        body: { id: '/new', cmd: 'sleep 1', cpus: 0.1, mem: 32, instances: 1 },
      },
    ],
  },
  { line: 'marathon app remove /sleep --force', asks: ['DELETE /service/marathon/v2/apps/sleep?force=true'] },
  {
    line: 'marathon app scale /sleep 3',
    asks: [
      'GET /service/marathon/v2/apps/sleep',
      { request: 'PUT /service/marathon/v2/apps/sleep', body: { instances: 3 } },
    ],
  },
  {
    line: 'marathon app start /web/api',
    asks: [
      'GET /service/marathon/v2/apps/web/api',
      { request: 'PUT /service/marathon/v2/apps/web/api', body: { instances: 1 } },
    ],
  },
  {
    line: 'marathon app start /web/api 3',
    asks: [
      'GET /service/marathon/v2/apps/web/api',
      { request: 'PUT /service/marathon/v2/apps/web/api', body: { instances: 3 } },
    ],
  },
  {
    line: 'marathon app stop /sleep',
    asks: [
      'GET /service/marathon/v2/apps/sleep',
      { request: 'PUT /service/marathon/v2/apps/sleep', body: { instances: 0 } },
    ],
  },
  {
    line: 'marathon app kill /sleep --scale',
    asks: ['DELETE /service/marathon/v2/apps/sleep/tasks?scale=true'],
  },
  {
    line: 'marathon app diff /sleep -1',
    asks: [
      'GET /service/marathon/v2/apps/sleep/versions',
      'GET /service/marathon/v2/apps/sleep/versions/2020-01-01T12%3A00%3A00.000Z',
      'GET /service/marathon/v2/apps/sleep',
    ],
  },
  {
    line: 'marathon apply -f app.json --set mine',
    answers: { 'GET /service/marathon/v2/pods$': [200, {}, []] },
    asks: [
      'GET /service/marathon/v2/apps',
      'GET /service/marathon/v2/pods',
      'GET /service/marathon/v2/groups?embed=group.groups',
      'GET /service/marathon/v2/deployments/none',
      {
        request: 'PUT /service/marathon/v2/apps?partialUpdate=false&force=false',
        body: [
          {
            id: '/new',
            cmd: 'sleep 1',
            cpus: 0.1,
            mem: 32,
            instances: 1,
            labels: { PLENUM_APPLIED_BY: 'mine' },
          },
        ],
      },
    ],
  },
  {
    line: 'marathon export',
    answers: { 'GET /service/marathon/v2/pods$': [200, {}, []] },
    asks: [
      'GET /service/marathon/v2/apps',
      'GET /service/marathon/v2/pods',
      'GET /service/marathon/v2/groups?embed=group.groups',
    ],
  },
  {
    line: 'marathon deployment continue dep-1 --all --force',
    answers: { 'POST /service/marathon/v2/deployments': [200, {}, { continued: ['/sleep'] }] },
    asks: [{ request: 'POST /service/marathon/v2/deployments/dep-1/continue?all=true&force=true', body: {} }],
  },
  {
    line: 'marathon deployment watch 11111111',
    asks: ['GET /service/marathon/v2/deployments', 'GET /service/marathon/v2/deployments/11111111'],
  },
  {
    line: 'marathon deployment why /sleep',
    asks: [
      'GET /service/marathon/v2/deployments',
      'GET /service/marathon/v2/deployments/dep-1',
      'GET /service/marathon/v2/queue?embed=lastUnusedOffers',
    ],
  },
  { line: 'marathon deployment rollback DEP', asks: ['DELETE /service/marathon/v2/deployments/DEP'] },
  {
    line: 'marathon group add',
    input: '{"id":"/g","apps":[]}',
    asks: [{ request: 'POST /service/marathon/v2/groups', body: { id: '/g', apps: [] } }],
  },
  { line: 'marathon group remove /web --force', asks: ['DELETE /service/marathon/v2/groups/web?force=true'] },
  {
    line: 'marathon group scale /web 2',
    asks: [
      'GET /service/marathon/v2/groups/web',
      { request: 'PUT /service/marathon/v2/groups/web', body: { scaleBy: 2 } },
    ],
  },
  { line: 'marathon leader show', asks: ['GET /service/marathon/v2/leader'] },
  {
    line: 'marathon task kill sleep.aaaa-1111 --scale --wipe',
    asks: [
      {
        request: 'POST /service/marathon/v2/tasks/delete?scale=true&wipe=true',
        body: { ids: ['sleep.aaaa-1111'] },
      },
    ],
  },
];
