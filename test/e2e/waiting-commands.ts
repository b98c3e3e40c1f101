import type { Answer, Answers } from '../clients/recording-server.ts';

/** A command that waits for what never comes, and what it says when it is interrupted. */
export interface WaitingCommand {
  /** Behind `plenum`; FILE is a definition of an app. */
  readonly line: string;
  /** It waits once it has asked this: `METHOD /path`. */
  readonly asks: string;
  /** What goes on, and how to see it. */
  readonly told: string;
}

const M = '/service/marathon/v2';
const METRONOME = '/service/metronome/v1/jobs/night';
const DEPLOYMENTS = `GET ${M}/deployments`;
const WATCH = 'plenum marathon deployment watch dep-1';
const BUNDLE = '/system/health/v1/diagnostics';
const SANDBOX = '/agent/S0/files';
const SPARK = '/v1/submissions/status/driver-1';

const deployment = (line: string): WaitingCommand => ({ line, asks: DEPLOYMENTS, told: WATCH });

/** Every command that waits, and all of them. */
export const WAITING_COMMANDS: readonly WaitingCommand[] = [
  ...[
    'marathon app add FILE --wait',
    'marathon app remove /web --wait',
    'marathon app restart /web --wait',
    'marathon app scale /web 3 --wait',
    'marathon app start /new 3 --wait',
    'marathon app stop /web --wait',
    'marathon app update /web mem=64 --wait',
    'marathon apply -f FILE --set mine --wait',
    'marathon deployment continue dep-1 --wait',
    'marathon deployment rollback dep-1 --wait',
    'marathon group add GROUP --wait',
    'marathon group remove /web --wait',
    'marathon group scale /web 2 --wait',
    'marathon group update /web enforceRole=true --wait',
    'marathon pod add POD --wait',
    'marathon pod remove /pod --wait',
    'marathon pod update /pod --file POD --wait',
  ].map(deployment),
  {
    line: 'marathon deployment watch dep-1',
    asks: DEPLOYMENTS,
    told: '',
  },
  {
    line: 'marathon app kill /web --wait',
    asks: `GET ${M}/apps/web`,
    told: 'plenum marathon app show /web shows how far it is',
  },
  {
    line: 'package install db --yes --wait',
    asks: `GET ${M}/apps/db`,
    told: 'plenum marathon app show /db shows how far it is, plenum package uninstall db --app-id /db gives it up',
  },
  {
    line: 'package update db --package-version 2 --yes --wait',
    asks: `GET ${M}/apps/db`,
    told: 'plenum marathon deployment watch dep-1 follows it, plenum package rollback db --app-id /db undoes it',
  },
  {
    line: 'package rollback db --yes --wait',
    asks: `GET ${M}/apps/db`,
    told: 'plenum marathon deployment watch dep-1 follows it',
  },
  {
    line: 'package uninstall db --yes --wait',
    asks: 'POST /package/list',
    told: 'The uninstallation goes on by itself',
  },
  {
    line: 'job run night --wait',
    asks: `GET ${METRONOME}/runs/r1`,
    told: 'plenum job show runs night shows it, plenum job kill night r1 ends it',
  },
  {
    line: 'diagnostics create --wait',
    asks: `GET ${BUNDLE}/made`,
    told: 'The bundle goes on being made: plenum diagnostics wait',
  },
  { line: 'diagnostics wait b', asks: `GET ${BUNDLE}/b`, told: 'plenum diagnostics delete b' },
  {
    line: 'node drain S0 --wait',
    asks: 'GET /mesos/slaves',
    told: 'The agent goes on draining: plenum node list shows it',
  },
  {
    line: 'spark run --class org.example.Count https://example.com/count.jar --wait',
    asks: `GET ${SPARK}`,
    told: 'plenum spark status driver-1 tells of it, plenum spark kill driver-1 ends it',
  },
  { line: 'task log web --follow', asks: `GET ${SANDBOX}/read`, told: 'Interrupted' },
  {
    line: 'node log --leader --follow',
    asks: 'GET /system/v1/leader/mesos/logs/v2/component',
    told: 'Interrupted',
  },
  {
    line: 'service log marathon --follow',
    asks: 'GET /system/v1/leader/mesos/logs/v2/component/dcos-marathon.service',
    told: 'Interrupted',
  },
  { line: 'events', asks: 'POST /mesos/api/v1', told: 'Interrupted' },
];

/** Documents by the words that stand for them. */
export const DOCUMENTS: Readonly<Record<string, object>> = {
  FILE: { id: '/web', cmd: 'sleep 1000', cpus: 0.1, mem: 32 },
  GROUP: { id: '/web', apps: [] },
  POD: { id: '/pod', containers: [{ name: 'one', resources: { cpus: 0.1, mem: 32 } }] },
};

const APP = { id: '/web', instances: 2, tasksRunning: 1, tasks: [], cmd: 'x', labels: {}, version: 'v' };
const POD = { ...DOCUMENTS.POD, version: 'v' };
const UNDER_WAY = {
  id: 'dep-1',
  version: 'v',
  affectedApps: ['/web', '/db', '/new'],
  affectedPods: ['/pod'],
  steps: [{ actions: [] }],
  currentActions: [],
  currentStep: 1,
  totalSteps: 2,
};
const DEPLOYED: Answer = { body: { version: 'v', deploymentId: 'dep-1' } };
const ofDeployment = (body: object = {}): Answer => ({
  body,
  headers: { 'Marathon-Deployment-Id': 'dep-1' },
});
const DB = { name: 'db', version: '2', description: '', config: { properties: {} }, marathon: {} };
const CHANGED: Answer = {
  body: { package: DB, resolvedOptions: {}, marathonDeploymentId: 'dep-1' },
};
const never = (): Promise<Answer> => new Promise(() => undefined);

/** A cluster that accepts everything, and where nothing comes to an end. */
export const endlessAnswers = (url: () => string): Answers => ({
  [DEPLOYMENTS]: { body: [UNDER_WAY] },
  [`GET ${M}/deployments/none`]: { status: 404, body: {} },
  [`DELETE ${M}/deployments/dep-1`]: DEPLOYED,
  [`POST ${M}/deployments/dep-1/continue`]: { body: { continued: ['/web'] } },
  [`GET ${M}/queue`]: { body: { queue: [] } },
  [`GET ${M}/apps`]: { body: { apps: [] } },
  [`PUT ${M}/apps`]: DEPLOYED,
  [`POST ${M}/apps`]: { ...ofDeployment({ ...APP, deployments: [{ id: 'dep-1' }] }), status: 201 },
  [`GET ${M}/apps/web`]: { body: { app: APP } },
  [`GET ${M}/apps/db`]: { body: { app: { ...APP, id: '/db', deployments: [{ id: 'dep-1' }] } } },
  [`GET ${M}/apps/new`]: { body: { app: { ...APP, id: '/new', instances: 0 } } },
  [`PUT ${M}/apps/new`]: DEPLOYED,
  [`PUT ${M}/apps/web`]: DEPLOYED,
  [`DELETE ${M}/apps/web`]: DEPLOYED,
  [`POST ${M}/apps/web/restart`]: DEPLOYED,
  [`DELETE ${M}/apps/web/tasks`]: { body: { tasks: [{ id: 'web.1' }] } },
  [`GET ${M}/groups`]: { body: { id: '/', apps: [], pods: [], groups: [] } },
  [`POST ${M}/groups`]: DEPLOYED,
  [`GET ${M}/groups/web`]: { body: { id: '/web', apps: [], pods: [], groups: [] } },
  [`PUT ${M}/groups/web`]: DEPLOYED,
  [`DELETE ${M}/groups/web`]: DEPLOYED,
  [`HEAD ${M}/pods`]: {},
  [`GET ${M}/pods`]: { body: [] },
  [`POST ${M}/pods`]: ofDeployment(POD),
  [`GET ${M}/pods/pod`]: { body: POD },
  [`GET ${M}/pods/pod::status`]: { body: { id: '/pod', spec: POD, instances: [] } },
  [`PUT ${M}/pods/pod`]: ofDeployment(POD),
  [`DELETE ${M}/pods/pod`]: ofDeployment(),
  'POST /package/describe': { body: { package: DB } },
  'POST /package/list': {
    body: { packages: [{ appId: '/db', packageInformation: { packageDefinition: DB } }] },
  },
  'POST /package/install': { body: { packageName: 'db', packageVersion: '2', appId: '/db' } },
  'POST /package/uninstall': { body: { results: [{ appId: '/db', packageName: 'db' }] } },
  'POST /cosmos/service/preview': {
    body: {
      package: DB,
      currentVersion: '1',
      currentOptions: {},
      resolvedOptions: {},
      marathonJson: { id: '/db' },
    },
  },
  'POST /cosmos/service/update': CHANGED,
  'POST /cosmos/service/rollback': CHANGED,
  [`POST ${METRONOME}/runs`]: { status: 201, body: { id: 'r1', jobId: 'night', status: 'INITIAL' } },
  [`GET ${METRONOME}/runs/r1`]: { body: { id: 'r1', jobId: 'night', status: 'ACTIVE' } },
  // Bundles have ids that the command makes up.
  'PUT *': { body: { id: 'made' } },
  [`GET ${BUNDLE}/made`]: { body: { id: 'made', status: 'InProgress', size: 0, started_at: '' } },
  [`GET ${BUNDLE}/b`]: { body: { id: 'b', status: 'InProgress', size: 0, started_at: '' } },
  'GET /service/spark/v1/endpoints/submissions': () => ({ body: url() }),
  'GET /service/spark/v1/endpoints/master': { body: 'spark://m:7077' },
  'POST /v1/submissions/create': { body: { success: true, submissionId: 'driver-1' } },
  [`GET ${SPARK}`]: { body: { success: true, submissionId: 'driver-1', driverState: 'RUNNING' } },
  'GET /mesos/tasks': {
    body: {
      tasks: [
        { id: 'web.1', name: 'web', framework_id: 'F', slave_id: 'S0', state: 'TASK_RUNNING', statuses: [] },
      ],
    },
  },
  'GET /mesos/slaves': {
    body: {
      slaves: [{ id: 'S0', hostname: 'h', pid: 'slave(1)@h:5051', drain_info: { state: 'DRAINING' } }],
    },
  },
  'GET /mesos/frameworks': { body: { frameworks: [], completed_frameworks: [] } },
  'POST /mesos/api/v1': ({ body }) => (body.includes('SUBSCRIBE') ? never() : { body: {} }),
  [`GET ${M}/events`]: never,
  [`GET ${SANDBOX}/debug`]: { body: {} },
  [`GET ${SANDBOX}/browse`]: { body: [] },
  [`GET ${SANDBOX}/read`]: { body: { data: '', offset: 0 } },
  'GET /system/v1/leader/mesos/logs/v2/component': never,
  'GET /system/v1/leader/mesos/logs/v2/component/dcos-marathon.service': never,
});
