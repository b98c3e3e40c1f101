import type { RequestCase } from './request-case.ts';

/** Log-in, set-up, links to other clusters, plugins and secrets (cli.md 3, 13, 17.1). */
export const ACCESS_CASES: readonly RequestCase[] = [
  {
    line: 'auth list-providers',
    asks: [
      { request: 'HEAD /pkgpanda/active.buildinfo.full.json', headers: { authorization: null } },
      { request: 'GET /acs/api/v1/auth/providers', headers: { authorization: null } },
    ],
  },
  {
    line: 'auth list-providers @URL@',
    asks: [
      { request: 'HEAD /pkgpanda/active.buildinfo.full.json', headers: { authorization: null } },
      { request: 'GET /acs/api/v1/auth/providers', headers: { authorization: null } },
    ],
  },
  {
    line: 'auth login --username u --password-file pw',
    asks: [
      { request: 'HEAD /pkgpanda/active.buildinfo.full.json', headers: { authorization: null } },
      { request: 'GET /acs/api/v1/auth/providers', headers: { authorization: null } },
      {
        request: 'POST /acs/api/v1/auth/login',
        body: { uid: 'u', password: 'secret' },
        headers: { authorization: null },
      },
    ],
  },
  {
    line: 'cluster setup @URL@ --name other --username u --password-file pw',
    asks: [
      { request: 'HEAD /pkgpanda/active.buildinfo.full.json', headers: { authorization: null } },
      { request: 'GET /acs/api/v1/auth/providers', headers: { authorization: null } },
      {
        request: 'POST /acs/api/v1/auth/login',
        body: { uid: 'u', password: 'secret' },
        headers: { authorization: null },
      },
      'GET /dcos-metadata/dcos-version.json',
      'GET /metadata',
      'GET /mesos/state-summary',
    ],
  },
  {
    line: 'cluster link second',
    answers: { 'POST /cluster/v1/links': [200, {}, {}] },
    asks: [
      { request: 'HEAD /pkgpanda/active.buildinfo.full.json', headers: { authorization: null } },
      { request: 'GET /acs/api/v1/auth/providers', headers: { authorization: null } },
      {
        request: 'POST /cluster/v1/links',
        body: {
          id: 'c0ffee00-0000-4000-8000-000000000002',
          name: 'second',
          url: '@URL@',
          login_provider: { id: 'dcos-users', type: 'dcos-uid-password' },
        },
      },
    ],
  },
  {
    line: 'cluster unlink other',
    answers: {
      'DELETE /cluster/v1/links': [204, {}, ''],
      'GET /cluster/v1/links': [
        200,
        {},
        {
          links: [{ id: 'other-id', name: 'other', url: 'http://o', login_provider: { id: 'p', type: 't' } }],
        },
      ],
    },
    asks: ['DELETE /cluster/v1/links/other'],
  },
  { line: 'cluster list', asks: ['GET /dcos-metadata/dcos-version.json', 'GET /cluster/v1/links'] },
  { line: 'plugin add @URL@/plugin.zip', code: 1, asks: ['GET /plugin.zip'] },
  {
    line: 'security secrets list a/b',
    answers: { 'GET /secrets': [200, {}, { array: ['x'] }] },
    asks: ['GET /secrets/v1/secret/default/a/b?list=true'],
  },
  {
    line: 'security secrets get a/b',
    answers: { 'GET /secrets': [200, {}, { value: 'x' }] },
    asks: ['GET /secrets/v1/secret/default/a/b'],
  },
  {
    line: 'security secrets create a/b --value hidden',
    answers: { 'PUT /secrets': [201, {}, ''] },
    asks: [{ request: 'PUT /secrets/v1/secret/default/a/b', body: { value: 'hidden' } }],
  },
  {
    line: 'security secrets update a/b --value hidden',
    answers: { 'PATCH /secrets': [204, {}, ''] },
    asks: [{ request: 'PATCH /secrets/v1/secret/default/a/b', body: { value: 'hidden' } }],
  },
  {
    line: 'security secrets delete a/b',
    answers: { 'DELETE /secrets': [204, {}, ''] },
    asks: ['DELETE /secrets/v1/secret/default/a/b'],
  },
];
