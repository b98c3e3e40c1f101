import { packageCall, serviceCall } from './cosmos-call.ts';
import type { RequestCase } from './request-case.ts';

const INSTALLED = [
  200,
  { 'Content-Type': 'application/vnd.dcos.package.list-response+json;charset=utf-8;version=v1' },
  {
    packages: [
      {
        appId: '/hw',
        packageInformation: { packageDefinition: { name: 'hello-world', version: '1' } },
      },
    ],
  },
] as const;

const PREVIEW = [
  200,
  {},
  {
    package: { name: 'hello-world', version: '1' },
    currentVersion: '1',
    currentOptions: {},
    resolvedOptions: {},
    marathonJson: { id: '/hw' },
  },
] as const;

const CHANGED = [
  200,
  {},
  { package: { name: 'hello-world', version: '1' }, resolvedOptions: {}, marathonDeploymentId: 'd' },
] as const;

/** Packages: each operation has media types of its own (cli.md 5, 17.3). */
export const PACKAGE_CASES: readonly RequestCase[] = [
  { line: 'package search hello', asks: [packageCall('search', { query: 'hello', order: 'fit' })] },
  {
    line: 'package describe hello-world',
    asks: [packageCall('describe', { packageName: 'hello-world' }, 'v3')],
  },
  {
    line: 'package describe hello-world --render',
    asks: [
      packageCall('describe', { packageName: 'hello-world' }, 'v3'),
      packageCall('render', { packageName: 'hello-world' }),
    ],
  },
  {
    line: 'package render hello-world --options opts.json',
    asks: [
      packageCall('render', { packageName: 'hello-world', options: { service: { name: 'hw' } } }),
      packageCall('describe', { packageName: 'hello-world' }, 'v3'),
    ],
  },
  {
    line: 'package install hello-world --yes --app',
    asks: [
      packageCall('describe', { packageName: 'hello-world' }, 'v3'),
      'GET /dcos-metadata/dcos-version.json',
      packageCall('install', { packageName: 'hello-world', packageVersion: '2.1.0-0.31.2' }),
    ],
  },
  {
    line: 'package uninstall hello-world --yes --app',
    answers: { 'POST /package/uninstall': [200, {}, { results: [] }] },
    asks: [packageCall('uninstall', { packageName: 'hello-world' })],
  },
  {
    line: 'package repo import repos.json',
    code: 1,
    asks: [
      packageCall('repository.add', { name: 'R1', uri: 'http://r1', index: 0 }),
      packageCall('repository.add', { name: 'Universe', uri: 'u', index: 1 }),
    ],
  },
  {
    line: 'package repo remove Universe',
    asks: [packageCall('repository.list', {}), packageCall('repository.delete', { name: 'Universe' })],
  },
  {
    line: 'package history hello-world',
    answers: {
      'POST /package/list': INSTALLED,
      'POST /cosmos/service/history': [200, {}, { entries: [] }],
      'POST /cosmos/service/describe': [200, {}, { package: {} }],
    },
    asks: [
      packageCall('list', { packageName: 'hello-world' }),
      serviceCall('history', { appId: '/hw' }),
      serviceCall('describe', { appId: '/hw' }),
    ],
  },
  {
    line: 'package update hello-world --set service.name=x --yes',
    answers: {
      'POST /package/list': INSTALLED,
      'POST /cosmos/service/preview': PREVIEW,
      'POST /cosmos/service/update': CHANGED,
    },
    asks: [
      packageCall('list', { packageName: 'hello-world' }),
      serviceCall('preview', { appId: '/hw', options: { service: { name: 'x' } }, replace: false }),
      'GET /service/marathon/v2/deployments/none',
      serviceCall('update', { appId: '/hw', options: { service: { name: 'x' } }, replace: false }),
    ],
  },
  {
    line: 'package rollback hello-world --yes',
    answers: {
      'POST /package/list': INSTALLED,
      'POST /cosmos/service/preview': PREVIEW,
      'POST /cosmos/service/rollback': CHANGED,
    },
    asks: [
      packageCall('list', { packageName: 'hello-world' }),
      serviceCall('preview', { appId: '/hw', rollback: true }),
      'GET /service/marathon/v2/deployments/none',
      serviceCall('rollback', { appId: '/hw' }),
    ],
  },
  {
    line: 'package lock hello-world --file lock.json',
    answers: { 'GET /package/resource': [200, { 'Content-Type': 'application/octet-stream' }, 'x'] },
    asks: [
      packageCall('describe', { packageName: 'hello-world', withRepository: true }, 'v3'),
      'GET /package/resource?url=http%3A%2F%2Fa',
      'GET /package/resource?url=@URL@%2F__plugin%2Fhello-world.zip',
    ],
  },
];
