import { describe, expect, it } from 'vitest';
import { jsonPieces } from '../../../src/http/json-pieces.ts';
import { podInstanceJson } from '../../../src/marathon/api/json/pod-instance-json.ts';
import { podStatus } from '../../../src/marathon/api/json/pod-status-json.ts';
import type { PodInstanceView, PodView } from '../../../src/marathon/core/pods/pod-view.ts';
import { podOf } from '../core/pod-of.ts';

const pod = podOf({ id: '/g/p', version: '2026-01-02T03:04:05.678Z' });
const resources = { cpus: 0.1, mem: 32, disk: 0, gpus: 0 };
const ms = (text: string) => Date.parse(text);

const instance: PodInstanceView = {
  id: 'g_p.instance-6f1a2b30-e7a5-11f0-9c1d-0242ac110002',
  podId: '/g/p',
  version: pod.version,
  role: 'prod',
  goal: 'Running',
  condition: 'Running',
  sinceMs: ms('2026-01-02T03:05:00Z'),
  activeSinceMs: ms('2026-01-02T03:05:00Z'),
  status: 'DEGRADED',
  message: 'at least one container is not healthy',
  agent: {
    id: 'agent-1',
    hostname: 'host-1',
    region: 'eu',
    zone: 'a',
    attributes: [{ name: 'rack', type: 'TEXT', text: { value: 'r1' } }],
  },
  resources: { cpus: 0.2, mem: 64, disk: 10, gpus: 0 },
  networks: [{ name: 'dcos', addresses: ['9.0.0.7'] }],
  containers: [
    {
      name: 'one',
      taskId: 'g_p.instance-6f1a2b30-e7a5-11f0-9c1d-0242ac110002.one.1',
      state: 'TASK_RUNNING',
      sinceMs: ms('2026-01-02T03:05:00Z'),
      health: {
        isHealthy: false,
        sinceMs: ms('2026-01-02T03:05:10Z'),
        toldAtMs: ms('2026-01-02T03:05:20Z'),
      },
      endpoints: [
        {
          container: 'one',
          name: 'http',
          protocol: ['tcp'],
          labels: {},
          networkNames: [],
          containerPort: 80,
          hostPort: 31000,
          isHealthy: false,
        },
        { container: 'one', name: 'dns', protocol: ['udp'], labels: {}, networkNames: [], containerPort: 53 },
      ],
      resources,
      updatedAtMs: ms('2026-01-02T03:05:20Z'),
    },
    {
      name: 'two',
      taskId: 'g_p.instance-6f1a2b30-e7a5-11f0-9c1d-0242ac110002.two.1',
      state: 'TASK_FAILED',
      sinceMs: ms('2026-01-02T03:05:15Z'),
      message: 'Command exited with status 3',
      endpoints: [],
      resources,
      termination: { exitCode: 3, message: 'Command exited with status 3' },
      updatedAtMs: ms('2026-01-02T03:05:15Z'),
    },
  ],
  volumes: [{ name: 'keep', persistenceId: 'g_p#keep#11111111-2222-3333-4444-555555555555' }],
  updatedAtMs: ms('2026-01-02T03:05:20Z'),
};

const view: PodView = {
  pod,
  status: 'DEGRADED',
  sinceMs: instance.sinceMs,
  instances: [instance],
  endings: [
    {
      instanceId: instance.id,
      startedAtMs: ms('2026-01-02T03:04:10Z'),
      terminatedAtMs: ms('2026-01-02T03:04:20Z'),
      message: 'Command exited with status 1',
      containers: [
        { taskId: 'g_p.instance-x.one.1', state: 'TASK_FAILED', termination: { exitCode: 1 } },
        { taskId: 'g_p.instance-x.two.1' },
      ],
    },
  ],
};

const written = (value: object): unknown => JSON.parse([...jsonPieces(value)].join(''));

describe('the status of a pod', () => {
  it('says of the pod, its instances and their containers how they are and since when', () => {
    expect(written(podStatus({ podView: () => view })(pod))).toEqual({
      id: '/g/p',
      spec: expect.objectContaining({ id: '/g/p', scaling: { kind: 'fixed', instances: 1 } }),
      status: 'DEGRADED',
      statusSince: '2026-01-02T03:05:00.000Z',
      instances: [
        {
          id: instance.id,
          status: 'DEGRADED',
          statusSince: '2026-01-02T03:05:00.000Z',
          message: 'at least one container is not healthy',
          agentHostname: 'host-1',
          agentId: 'agent-1',
          agentRegion: 'eu',
          agentZone: 'a',
          resources: { cpus: 0.2, mem: 64, disk: 10, gpus: 0 },
          networks: [{ name: 'dcos', addresses: ['9.0.0.7'] }],
          containers: [
            {
              name: 'one',
              status: 'TASK_RUNNING',
              statusSince: '2026-01-02T03:05:00.000Z',
              conditions: [
                {
                  name: 'healthy',
                  value: 'false',
                  reason: 'health-reported-by-mesos',
                  lastChanged: '2026-01-02T03:05:10.000Z',
                  lastUpdated: '2026-01-02T03:05:20.000Z',
                },
              ],
              containerId: `${instance.id}.one.1`,
              endpoints: [{ name: 'http', allocatedHostPort: 31000, healthy: false }, { name: 'dns' }],
              resources,
              lastUpdated: '2026-01-02T03:05:20.000Z',
              lastChanged: '2026-01-02T03:05:00.000Z',
            },
            {
              name: 'two',
              status: 'TASK_FAILED',
              statusSince: '2026-01-02T03:05:15.000Z',
              message: 'Command exited with status 3',
              conditions: [],
              containerId: `${instance.id}.two.1`,
              endpoints: [],
              resources,
              termination: { exitCode: 3, message: 'Command exited with status 3' },
              lastUpdated: '2026-01-02T03:05:15.000Z',
              lastChanged: '2026-01-02T03:05:15.000Z',
            },
          ],
          specReference: '/v2/pods/g/p::versions/2026-01-02T03:04:05.678Z',
          localVolumes: [
            {
              runSpecId: '/g/p',
              containerPath: 'keep',
              uuid: '11111111-2222-3333-4444-555555555555',
              persistenceId: 'g_p#keep#11111111-2222-3333-4444-555555555555',
            },
          ],
          role: 'prod',
          lastUpdated: '2026-01-02T03:05:20.000Z',
          lastChanged: '2026-01-02T03:05:00.000Z',
        },
      ],
      terminationHistory: [
        {
          instanceID: instance.id,
          startedAt: '2026-01-02T03:04:10.000Z',
          terminatedAt: '2026-01-02T03:04:20.000Z',
          message: 'Command exited with status 1',
          containers: [
            {
              containerId: 'g_p.instance-x.one.1',
              lastKnownState: 'TASK_FAILED',
              termination: { exitCode: 1 },
            },
            { containerId: 'g_p.instance-x.two.1' },
          ],
        },
      ],
      lastUpdated: '2026-01-02T03:05:20.000Z',
      lastChanged: '2026-01-02T03:05:00.000Z',
    });
  });

  it('says that a check of which nothing was heard yet was not reported', () => {
    const [first] = instance.containers;
    if (!first) throw new Error('there is no container');
    const { health, ...container } = first;
    const unheard = { ...container, health: { isHealthy: undefined, sinceMs: 0, toldAtMs: 0 } };
    const shown = podStatus({
      podView: () => ({ ...view, instances: [{ ...instance, containers: [unheard] }] }),
    });
    expect(written(shown(pod))).toMatchObject({
      instances: [
        { containers: [{ conditions: [{ value: 'false', reason: 'health-unreported-by-mesos' }] }] },
      ],
    });
  });

  it('begins with the version of a pod of which nothing was placed yet', () => {
    const { sinceMs, ...rest } = view;
    expect(written(podStatus({ podView: () => ({ ...rest, instances: [] }) })(pod))).toMatchObject({
      status: 'DEGRADED',
      statusSince: pod.version,
      instances: [],
      lastChanged: pod.version,
      lastUpdated: pod.version,
    });
  });
});

describe('an instance of a pod that is killed', () => {
  it('is shown with its state, its agent and what it runs', () => {
    expect(podInstanceJson({ ...instance, isHealthy: false }, pod)).toEqual({
      instanceId: instance.id,
      state: {
        condition: 'Running',
        since: '2026-01-02T03:05:00.000Z',
        activeSince: '2026-01-02T03:05:00.000Z',
        healthy: false,
        goal: 'Running',
      },
      agentInfo: {
        host: 'host-1',
        agentId: 'agent-1',
        region: 'eu',
        zone: 'a',
        attributes: [{ name: 'rack', text: 'r1' }],
      },
      runSpecVersion: pod.version,
      unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
    });
  });
});
