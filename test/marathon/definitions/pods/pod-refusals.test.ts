import { describe, expect, it } from 'vitest';
import { ALL_FEATURES } from '../accept-app.ts';
import { podViolationsOf } from './accept-pod.ts';
import {
  constraint,
  describePodRefusals,
  endpoints,
  keep,
  persistent,
  placement,
  pod,
  resident,
  secrets,
} from './describe-pod-refusals.ts';

describePodRefusals({
  'its id': [
    ['the root', pod({}, { id: '/' }), '/id: must not be root'],
    ['a blank', pod({}, { id: '/a b' }), expect.stringMatching(/^\/id: must fully match regular expression/)],
  ],
  'its volumes': [
    [
      'two with the same name',
      pod(keep, { volumes: [{ name: 'keep' }, { name: 'keep' }] }),
      '/volumes: volume names must be unique',
    ],
    [
      'one that nobody mounts',
      pod({}, { volumes: [{ name: 'keep' }] }),
      '/volumes(0): must be mounted by at least one container',
    ],
    [
      'a mount of one that there is not',
      pod(keep),
      '/containers(0)/volumeMounts(0)/name: Referenced Volume in VolumeMount should exist',
    ],
    [
      'two mounts at one path',
      pod(
        {
          volumeMounts: [
            { name: 'a', mountPath: 'x' },
            { name: 'b', mountPath: 'x' },
          ],
        },
        { volumes: [{ name: 'a' }, { name: 'b' }] },
      ),
      '/containers(0)/volumeMounts: mount paths must be unique in a container',
    ],
    [
      'one of two kinds',
      pod(keep, { volumes: [{ name: 'keep', host: '/a', secret: 'token' }], ...secrets }),
      '/volumes(0): must have at most one of host, persistent and secret',
      ALL_FEATURES,
    ],
    [
      'a secret that is not declared',
      pod(keep, { volumes: [{ name: 'keep', secret: 'token' }] }),
      '/volumes(0)/secret: volume.secret must refer to an existing secret',
    ],
    [
      'a largest size of a root disk',
      resident(persistent({ maxSize: 20 })),
      '/volumes(0)/persistent/maxSize: Only mount volumes can have maxSize',
    ],
    [
      'a largest size that is not larger',
      resident(persistent({ type: 'mount', maxSize: 10 })),
      '/volumes(0)/persistent/maxSize: Max size must be larger than size',
    ],
    [
      'constraints on a root disk',
      resident(persistent({ constraints: [['path', 'LIKE', 'x']] })),
      '/volumes(0)/persistent/constraints: Constraints on root volumes are not supported',
    ],
    [
      'constraints on something else',
      resident(persistent({ type: 'path', constraints: [['x', 'LIKE', 'x']] })),
      '/volumes(0)/persistent/constraints(0): must be ["path", "LIKE" or "UNLIKE", a regular expression]',
    ],
  ],
  'its environment and secrets': [
    [
      'a name that begins with a digit',
      pod({}, { environment: { '1A': 'x' } }),
      "/environment/1A: must fully match regular expression '^[a-zA-Z_][a-zA-Z0-9_]{0,253}$'",
    ],
    [
      'a name with a hyphen in a container',
      pod({ environment: { 'A-B': 'x' } }),
      "/containers(0)/environment/A-B: must fully match regular expression '^[a-zA-Z_][a-zA-Z0-9_]{0,253}$'",
    ],
    [
      'a name of 255 characters',
      pod({}, { environment: { [`A${'b'.repeat(254)}`]: 'x' } }),
      expect.stringMatching(/^\/environment\/Ab+: must fully match/),
    ],
    [
      'a value that is a number',
      pod({}, { environment: { A: 1 } }),
      '/environment/A: error.expected.jsstring',
    ],
    [
      'a secret that is not declared',
      pod({}, { environment: { A: { secret: 'token' } } }),
      '/environment/A/secret: references an undefined secret',
    ],
    [
      'the same in a container',
      pod({ environment: { A: { secret: 'token' } } }),
      '/containers(0)/environment/A/secret: references an undefined secret',
    ],
    [
      'credentials that are not declared',
      pod({ image: { kind: 'DOCKER', id: 'a', pullConfig: { secret: 'pull' } } }),
      '/containers(0)/image/pullConfig/secret: pullConfig.secret must refer to an existing secret',
    ],
    [
      'secrets without the feature',
      pod({}, secrets),
      '/secrets: Feature secrets is not enabled. Enable with --enable_features secrets)',
    ],
    [
      'a secret without a source',
      pod({}, { secrets: { token: {} } }),
      '/secrets/token/source: error.path.missing',
    ],
  ],
  'its placement': [
    [
      'a value for UNIQUE',
      constraint({ operator: 'UNIQUE', value: 'x' }),
      '/scheduling/placement/constraints(0): UNIQUE does not accept a value',
    ],
    [
      'a text for GROUP_BY',
      constraint({ operator: 'GROUP_BY', value: 'x' }),
      '/scheduling/placement/constraints(0): GROUP BY must define an integer value or else no value at all',
    ],
    [
      'no value for MAX_PER',
      constraint({ operator: 'MAX_PER' }),
      '/scheduling/placement/constraints(0): MAX_PER requires an integer value',
    ],
    [
      'no value for LIKE',
      constraint({ operator: 'LIKE' }),
      '/scheduling/placement/constraints(0): LIKE and UNLIKE require a non-empty, regular expression value',
    ],
    [
      'a broken expression',
      constraint({ operator: 'UNLIKE', value: '(' }),
      '/scheduling/placement/constraints(0): is not a valid regular expression',
    ],
    [
      'a blank for IS',
      constraint({ operator: 'IS', value: 'a b' }),
      expect.stringMatching(
        /^\/scheduling\/placement\/constraints\(0\): IS only supports Mesos text and float values/,
      ),
    ],
    [
      'accepted roles of others',
      placement({ acceptedResourceRoles: ['foo'] }),
      '/scheduling/placement/acceptedResourceRoles: acceptedResourceRoles can only contain *',
    ],
    [
      'a role that its place does not allow',
      pod({}, { role: 'foo' }),
      '/role: got foo, expected one of: [*]',
    ],
    [
      'a role of another group',
      pod({}, { id: '/prod/p', role: 'dev' }),
      '/role: got dev, expected one of: [*, prod]',
    ],
  ],
  'how it is replaced': [
    [
      'more instances than can be',
      pod({}, { scaling: { instances: 100_001 } }),
      '/scaling/instances: got 100001, expected 100000 or less',
    ],
    [
      'an unknown word as unreachable strategy',
      pod({}, { scheduling: { unreachableStrategy: 'never' } }),
      '/scheduling/unreachableStrategy: error.unknown.enum.literal',
    ],
    [
      'an end before the replacement',
      pod({}, { scheduling: { unreachableStrategy: { inactiveAfterSeconds: 2, expungeAfterSeconds: 1 } } }),
      '/scheduling/unreachableStrategy: inactiveAfterSeconds must be less than or equal to expungeAfterSeconds',
    ],
    [
      'persistent volumes and replacements elsewhere',
      resident({ scheduling: { unreachableStrategy: {} } }),
      '/scheduling/unreachableStrategy: unreachableStrategy must be disabled for resident tasks',
    ],
    [
      'persistent volumes and more instances in an upgrade',
      resident({ scheduling: { upgrade: { maximumOverCapacity: 1 } } }),
      '/scheduling/upgrade/maximumOverCapacity: got 1, expected 0.0',
    ],
    [
      'persistent volumes without a role',
      resident({ role: '*' }),
      '/role: Resident pods cannot have the role *',
    ],
    [
      'persistent volumes on resources that are reserved',
      resident({ scheduling: { placement: { acceptedResourceRoles: ['prod'] } } }),
      '/scheduling/placement/acceptedResourceRoles: A resident pod must have `acceptedResourceRoles = ["*"]`.',
    ],
  ],
});

describe('a pod that is refused', () => {
  it('is told everything that is wrong about it at once', async () => {
    const wrong = pod(
      { exec: undefined, ...endpoints({ name: 'a' }) },
      { volumes: [{ name: 'v' }], role: 'foo' },
    );
    expect(await podViolationsOf(wrong)).toEqual([
      '/containers(0): must have exec, an image, or both',
      '/containers(0)/endpoints(0)/hostPort: is required when using host-mode networking',
      '/volumes(0): must be mounted by at least one container',
      '/role: got foo, expected one of: [*]',
    ]);
  });
});
