import { describe, expect, it } from 'vitest';
import { podJson } from '../../../../src/marathon/api/json/pod-json.ts';
import {
  emptyRootGroup,
  putGroup,
  putRunSpecs,
  type RootGroup,
} from '../../../../src/marathon/groups/root-group.ts';
import { ALL_FEATURES, VERSION } from '../accept-app.ts';
import { acceptPod, podViolationsOf } from './accept-pod.ts';

const container = { name: 'one', exec: { command: { shell: 'sleep 1' } } };
const pod = (more: object = {}, ofContainer: object = {}) => ({
  id: '/p',
  containers: [{ ...container, ...ofContainer }],
  ...more,
});
const keep = { volumeMounts: [{ name: 'keep', mountPath: 'keep' }] };
const resident = (more: object = {}) =>
  pod({ id: '/prod/p', role: 'prod', volumes: [{ name: 'keep', persistent: { size: 10 } }], ...more }, keep);

describe('a pod is completed:', () => {
  it('relative ids are below the root, and containers have resources, though none are given', async () => {
    const accepted = await acceptPod(pod({ id: 'g/p' }));
    expect(accepted).toMatchObject({ id: '/g/p', instances: 1, role: '*', version: VERSION });
    expect(accepted.containers[0]?.resources).toEqual({ cpus: 1, mem: 128, disk: 0, gpus: 0 });
  });

  it('without networks, or with an empty list, it is on that of the host', async () => {
    for (const networks of [undefined, []]) {
      expect((await acceptPod(pod({ networks }))).networks).toEqual([{ mode: 'host', labels: {} }]);
    }
  });

  it('a nameless container network gets the name that Marathon is told', async () => {
    const networks = [{ mode: 'container' }];
    expect((await acceptPod(pod({ networks }), { defaultNetworkName: 'dcos' })).networks).toEqual([
      { mode: 'container', name: 'dcos', labels: {} },
    ]);
  });

  it('an endpoint speaks TCP unless it says otherwise', async () => {
    const endpoints = [
      { name: 'a', hostPort: 0 },
      { name: 'b', hostPort: 0, protocol: [] },
      { name: 'c', hostPort: 0, protocol: ['UDP', 'tcp', 'udp'] },
    ];
    const accepted = await acceptPod(pod({}, { endpoints }));
    const protocols = accepted.containers[0]?.endpoints.map(({ protocol }) => protocol);
    expect(protocols).toEqual([['tcp'], ['tcp'], ['udp', 'tcp']]);
  });

  it('what is said of upgrades in part keeps the usual for the rest', async () => {
    const upgrade = { minimumHealthCapacity: 0.2 };
    expect((await acceptPod(pod({ scheduling: { upgrade } }))).upgradeStrategy).toEqual({
      minimumHealthCapacity: 0.2,
      maximumOverCapacity: 1,
    });
  });

  it('with persistent volumes it is upgraded in place, and not replaced elsewhere', async () => {
    const accepted = await acceptPod(resident());
    expect(accepted.upgradeStrategy).toEqual({ minimumHealthCapacity: 0.5, maximumOverCapacity: 0 });
    expect(accepted.unreachableStrategy).toBe('disabled');
    expect(accepted.volumes).toEqual([
      { name: 'keep', persistent: { type: 'root', size: 10, constraints: [] } },
    ]);
  });

  it('a volume of a profile is a mounted disk', async () => {
    const volumes = [{ name: 'keep', persistent: { size: 10, profileName: 'fast' } }];
    expect((await acceptPod(resident({ volumes }))).volumes[0]?.persistent?.type).toBe('mount');
  });

  it('the names of 1.4 in its unreachable strategy are translated', async () => {
    const unreachableStrategy = { unreachableInactiveAfterSeconds: 1, unreachableExpungeAfterSeconds: 2 };
    expect((await acceptPod(pod({ scheduling: { unreachableStrategy } }))).unreachableStrategy).toEqual({
      inactiveAfterSeconds: 1,
      expungeAfterSeconds: 2,
    });
  });

  it('what decides its scheduling is kept as apps keep it, and shown as pods do', async () => {
    const scheduling = {
      backoff: { backoff: 2, backoffFactor: 1.3, maxLaunchDelay: 60 },
      upgrade: { minimumHealthCapacity: 0.5, maximumOverCapacity: 0.25 },
      placement: {
        constraints: [
          { fieldName: 'rack', operator: 'UNIQUE' },
          { fieldName: '@zone', operator: 'group_by', value: '3' },
        ],
        acceptedResourceRoles: ['*'],
      },
      killSelection: 'Oldest_First',
      unreachableStrategy: 'disabled',
    };
    const accepted = await acceptPod(pod({ scheduling, scaling: { kind: 'FIXED', instances: 3 } }));
    expect(accepted).toMatchObject({
      instances: 3,
      constraints: [
        ['rack', 'UNIQUE'],
        ['@zone', 'GROUP_BY', '3'],
      ],
      acceptedResourceRoles: ['*'],
      backoffSeconds: 2,
      backoffFactor: 1.3,
      maxLaunchDelaySeconds: 60,
      killSelection: 'OLDEST_FIRST',
      unreachableStrategy: 'disabled',
    });
    expect(podJson(accepted)).toMatchObject({
      scaling: { kind: 'fixed', instances: 3 },
      scheduling: {
        ...scheduling,
        killSelection: 'OLDEST_FIRST',
        placement: {
          constraints: [
            { fieldName: 'rack', operator: 'UNIQUE' },
            { fieldName: '@zone', operator: 'GROUP_BY', value: '3' },
          ],
        },
      },
    });
  });

  it('what nobody knows is dropped, and null is nothing', async () => {
    const plain = await acceptPod(pod());
    expect(await acceptPod(pod({ unheard: 1, user: null, version: '2020-01-01T00:00:00Z' }))).toEqual(plain);
  });

  it('an empty list of accepted roles means all', async () => {
    const accepted = await acceptPod(pod({ scheduling: { placement: { acceptedResourceRoles: [] } } }));
    expect(accepted).not.toHaveProperty('acceptedResourceRoles');
  });
});

describe('the role of a pod', () => {
  const enforcing = (isEnforced: boolean): RootGroup =>
    putGroup(emptyRootGroup(), { id: '/dev', dependencies: [], enforceRole: isEnforced, version: VERSION });
  const inGroup = pod({ id: '/dev/p' });

  it('is Marathon’s, unless its top-level group enforces its own', async () => {
    const mesosRole = 'marathon';
    expect((await acceptPod(inGroup, { mesosRole })).role).toBe('marathon');
    expect((await acceptPod(inGroup, { mesosRole, root: enforcing(false) })).role).toBe('marathon');
    expect((await acceptPod(inGroup, { mesosRole, root: enforcing(true) })).role).toBe('dev');
    expect((await acceptPod(inGroup, { mesosRole, newGroupEnforceRole: 'top' })).role).toBe('dev');
  });

  it('is refused when the group enforces another, but one that it has it may keep', async () => {
    const other = pod({ id: '/dev/p', role: '*' });
    const root = enforcing(true);
    expect(await podViolationsOf(other, { root })).toEqual(['/role: got *, expected one of: [dev]']);
    const before = await acceptPod(other);
    expect((await acceptPod(other, { root: putRunSpecs(root, [before]) })).role).toBe('*');
  });
});

describe('a pod with persistent volumes', () => {
  const change = async (after: object) => {
    const root = putRunSpecs(emptyRootGroup(), [await acceptPod(resident())]);
    return podViolationsOf(after, { ...ALL_FEATURES, root });
  };

  it('may change what its reservations do not hold', async () => {
    expect(await change(resident({ labels: { a: 'b' }, scaling: { instances: 3 } }))).toEqual([]);
  });

  it('keeps its volumes', async () => {
    const volumes = [{ name: 'keep', persistent: { size: 20 } }];
    expect(await change(resident({ volumes }))).toEqual(['/volumes: Persistent volumes can not be changed!']);
  });

  it.each(['cpus', 'mem', 'disk', 'gpus'])('keeps its %s', async (name) => {
    const containers = [{ ...container, ...keep, resources: { [name]: 512 } }];
    expect(await change(resident({ containers }))).toEqual([
      `/: ${name} cannot be updated if a pod has persistent volumes`,
    ]);
  });

  it('keeps what its executor gets', async () => {
    expect(await change(resident({ executorResources: { mem: 64 } }))).toEqual([
      '/: mem cannot be updated if a pod has persistent volumes',
    ]);
  });

  it('keeps its host ports', async () => {
    const containers = [{ ...container, ...keep, endpoints: [{ name: 'sql', hostPort: 31000 }] }];
    expect(await change(resident({ containers }))).toEqual([
      '/: host ports cannot be updated if a pod has persistent volumes',
    ]);
  });

  it('changes its role only when that is forced', async () => {
    const root = putRunSpecs(emptyRootGroup(), [await acceptPod(resident())]);
    const toMarathons = resident({ role: 'marathon' });
    expect(await podViolationsOf(toMarathons, { root, mesosRole: 'marathon' })).toEqual([
      expect.stringMatching(
        /^\/role: It is not possible to change the role for existing reservations\. .*\?force=true$/,
      ),
    ]);
    expect(await podViolationsOf(toMarathons, { root, mesosRole: 'marathon', force: true })).toEqual([]);
  });
});
