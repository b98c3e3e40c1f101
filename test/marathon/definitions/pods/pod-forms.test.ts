import {
  bridge,
  constraint,
  describePodRefusals,
  endpoints,
  exec,
  http,
  keep,
  one,
  placement,
  pod,
} from './describe-pod-refusals.ts';

describePodRefusals({
  'what has the wrong form': [
    ['no id', { containers: [one] }, '/id: error.path.missing'],
    ['no containers', { id: '/p' }, '/containers: error.path.missing'],
    ['an empty list of containers', { id: '/p', containers: [] }, '/containers: error.minLength'],
    [
      'a container without a name',
      { id: '/p', containers: [{ exec }] },
      '/containers(0)/name: error.path.missing',
    ],
    ['a name in upper case', pod({ name: 'One' }), '/containers(0)/name: error.pattern'],
    ['a name that ends in a hyphen', pod({ name: 'one-' }), '/containers(0)/name: error.pattern'],
    ['a name of 64 characters', pod({ name: 'a'.repeat(64) }), '/containers(0)/name: error.maxLength'],
    ['an empty user', pod({}, { user: '' }), '/user: error.minLength'],
    ['an empty user of a container', pod({ user: '' }), '/containers(0)/user: error.minLength'],
    ['no CPU at all', pod({ resources: { cpus: 0 } }), '/containers(0)/resources/cpus: error.min'],
    ['no memory at all', pod({ resources: { mem: 0 } }), '/containers(0)/resources/mem: error.min'],
    ['disk below 0', pod({ resources: { disk: -1 } }), '/containers(0)/resources/disk: error.min'],
    ['half a GPU', pod({ resources: { gpus: 0.5 } }), '/containers(0)/resources/gpus: error.expected.int'],
    [
      'memory as text',
      pod({ resources: { mem: '1' } }),
      '/containers(0)/resources/mem: error.expected.jsnumber',
    ],
    [
      'a command as text',
      pod({ exec: { command: 'x' } }),
      '/containers(0)/exec/command: error.expected.jsobject',
    ],
    ['exec without a command', pod({ exec: {} }), '/containers(0)/exec/command: error.path.missing'],
    [
      'an empty command',
      pod({ exec: { command: { shell: '' } } }),
      '/containers(0)/exec/command/shell: error.minLength',
    ],
    [
      'an image of no known kind',
      pod({ image: { kind: 'APPC', id: 'a' } }),
      '/containers(0)/image/kind: error.unknown.enum.literal',
    ],
    [
      'an image without a name',
      pod({ image: { kind: 'DOCKER' } }),
      '/containers(0)/image/id: error.path.missing',
    ],
    [
      'an endpoint without a name',
      pod(endpoints({ hostPort: 0 })),
      '/containers(0)/endpoints(0)/name: error.path.missing',
    ],
    [
      'a container port 0',
      pod(endpoints({ name: 'a', containerPort: 0 }), bridge),
      '/containers(0)/endpoints(0)/containerPort: error.min',
    ],
    [
      'a host port beyond all ports',
      pod(endpoints({ name: 'a', hostPort: 65536 })),
      '/containers(0)/endpoints(0)/hostPort: error.max',
    ],
    [
      'an unknown protocol',
      pod(endpoints({ ...http, protocol: ['sctp'] })),
      '/containers(0)/endpoints(0)/protocol(0): error.unknown.enum.literal',
    ],
    [
      'a protocol that is no list',
      pod(endpoints({ ...http, protocol: 'tcp' })),
      '/containers(0)/endpoints(0)/protocol: error.expected.jsarray',
    ],
    [
      'an empty mount path',
      pod({ volumeMounts: [{ name: 'a', mountPath: '' }] }, { volumes: [{ name: 'a' }] }),
      '/containers(0)/volumeMounts(0)/mountPath: error.minLength',
    ],
    [
      'an empty host path',
      pod(keep, { volumes: [{ name: 'keep', host: '' }] }),
      '/volumes(0)/host: error.minLength',
    ],
    [
      'a persistent volume without a size',
      pod(keep, { volumes: [{ name: 'keep', persistent: {} }] }),
      '/volumes(0)/persistent/size: error.path.missing',
    ],
    [
      'a negative grace period',
      pod({ lifecycle: { killGracePeriodSeconds: -1 } }),
      '/containers(0)/lifecycle/killGracePeriodSeconds: error.min',
    ],
    ['instances below 0', pod({}, { scaling: { instances: -1 } }), '/scaling/instances: error.min'],
    [
      'an unknown kind of scaling',
      pod({}, { scaling: { kind: 'elastic' } }),
      '/scaling/kind: error.unknown.enum.literal',
    ],
    [
      'a back-off below 0',
      pod({}, { scheduling: { backoff: { backoff: -1 } } }),
      '/scheduling/backoff/backoff: error.min',
    ],
    [
      'a back-off that shrinks',
      pod({}, { scheduling: { backoff: { backoffFactor: 0.9 } } }),
      '/scheduling/backoff/backoffFactor: error.min',
    ],
    [
      'a longest back-off below 0',
      pod({}, { scheduling: { backoff: { maxLaunchDelay: -1 } } }),
      '/scheduling/backoff/maxLaunchDelay: error.min',
    ],
    [
      'a capacity above 1',
      pod({}, { scheduling: { upgrade: { minimumHealthCapacity: 1.2 } } }),
      '/scheduling/upgrade/minimumHealthCapacity: error.max',
    ],
    [
      'an unknown kill selection',
      pod({}, { scheduling: { killSelection: 'RANDOM' } }),
      '/scheduling/killSelection: error.unknown.enum.literal',
    ],
    [
      'a constraint in the form of apps',
      placement({ constraints: [['hostname', 'UNIQUE']] }),
      '/scheduling/placement/constraints(0): error.expected.jsobject',
    ],
    [
      'a constraint without an operator',
      constraint({}),
      '/scheduling/placement/constraints(0)/operator: error.path.missing',
    ],
    [
      'an unknown operator',
      constraint({ operator: 'IN' }),
      '/scheduling/placement/constraints(0)/operator: error.unknown.enum.literal',
    ],
    [
      'a value that is a number',
      constraint({ operator: 'MAX_PER', value: 2 }),
      '/scheduling/placement/constraints(0)/value: error.expected.jsstring',
    ],
    [
      'an executor without CPU',
      pod({}, { executorResources: { cpus: 0 } }),
      '/executorResources/cpus: error.min',
    ],
    ['something that is no object', [], '/: error.expected.jsobject'],
  ],
});
