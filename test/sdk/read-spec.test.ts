import { describe, expect, it } from 'vitest';
import { readSpec } from '../../src/sdk/service/read-spec.ts';
import type { ServiceSpec } from '../../src/sdk/service/spec.ts';
import { SpecError, type SpecProblem } from '../../src/sdk/service/spec-error.ts';

const read = (text: string, variables: Record<string, string | undefined> = {}): ServiceSpec =>
  readSpec({ name: 'it.yml', text, variables, defaultUser: 'me' });

const problemsOf = (
  text: string,
  variables: Record<string, string | undefined> = {},
): readonly SpecProblem[] => {
  try {
    read(text, variables);
  } catch (error) {
    if (error instanceof SpecError) return error.problems;
    throw error;
  }
  throw new Error('nothing was wrong');
};

/** How a description asks for a variable. */
const variable = (name: string, fallback?: string): string =>
  `\${${name}${fallback === undefined ? '' : `:-${fallback}`}}`;

const SMALL = `
name: small
pods:
  web:
    tasks:
      server: { goal: RUNNING, cmd: serve, cpus: 0.1, memory: 32 }
`;

describe('a description', () => {
  it('is completed with defaults', () => {
    expect(read(SMALL)).toMatchObject({
      name: 'small',
      role: 'small-role',
      user: 'me',
      failoverTimeoutSeconds: 604_800,
      pods: [
        {
          name: 'web',
          count: 1,
          placement: [],
          volumes: [],
          tasks: [{ name: 'server', ports: [], uris: [] }],
        },
      ],
      plan: { name: 'deploy', strategy: 'serial', phases: [{ name: 'web', pod: 'web', tasks: ['server'] }] },
    });
  });

  it('may be JSON', () => {
    const task = { goal: 'RUNNING', cmd: 'serve', cpus: 1, memory: 32 };
    expect(read(JSON.stringify({ name: 'json', pods: { web: { tasks: { server: task } } } })).name).toBe(
      'json',
    );
  });

  it('of a service in a folder has a role without slashes', () => {
    expect(read(SMALL.replace('name: small', 'name: /team/small'))).toMatchObject({
      name: 'team/small',
      role: 'team__small-role',
    });
  });

  it('deploys tasks that run ONCE before the others unless a plan says otherwise', () => {
    const text = `${SMALL}      init: { goal: ONCE, cmd: init, cpus: 0.1, memory: 32 }\n`;
    expect(read(text).plan.phases[0]?.tasks).toEqual(['init', 'server']);
  });

  it('may run a task in an image, and an empty name is none', () => {
    const inImage = (image: string) =>
      read(SMALL.replace('cpus: 0.1', `cpus: 0.1, image: '${image}'`)).pods[0]?.tasks[0]?.image;
    expect(inImage('redis:7')).toBe('redis:7');
    expect(inImage('')).toBeUndefined();
  });

  it('names every member of an ensemble, however many there are', () => {
    const text = `
name: small
templates:
  members: |
    {{#NODE_SERVER}}
    server.{{INDEX}}={{HOST}}:{{PORT_PEER}} of {{FRAMEWORK_NAME}}
    {{/NODE_SERVER}}
    all={{#NODE_SERVER ,}}{{HOST}}{{/NODE_SERVER}}
pods:
  node:
    count: 2
    tasks:
      server:
        goal: RUNNING
        cmd: serve
        cpus: 0.1
        memory: 32
        ports: { peer: {} }
        env: { PEERS: '{{#NODE_SERVER ;}}{{NUMBER}}@{{PORT_PEER}}{{/NODE_SERVER}}' }
        configs: { members: { template: members, dest: members } }
plans: { deploy: { phases: { node: { pod: node, strategy: rolling } } } }
`;
    const [task] = read(text).pods[0]?.tasks ?? [];
    expect(task?.environment).toEqual({
      PEERS: '1@{{NODE_0_SERVER_PORT_PEER}};2@{{NODE_1_SERVER_PORT_PEER}}',
    });
    expect(task?.configs[0]?.template.split('\n')).toEqual([
      'server.0={{NODE_0_SERVER_HOST}}:{{NODE_0_SERVER_PORT_PEER}} of {{FRAMEWORK_NAME}}',
      'server.1={{NODE_1_SERVER_HOST}}:{{NODE_1_SERVER_PORT_PEER}} of {{FRAMEWORK_NAME}}',
      'all={{NODE_0_SERVER_HOST}},{{NODE_1_SERVER_HOST}}',
      '',
    ]);
    expect(problemsOf(text.replaceAll('NODE_SERVER', 'NOBODY'))).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('{{#NOBODY') }),
    );
  });

  it('gives units in milliseconds, and every port a variable', () => {
    const spec = read(`
name: small
pods:
  web:
    tasks:
      server:
        goal: RUNNING
        cmd: serve
        cpus: 0.1
        memory: 32
        kill-grace-period: 2.5
        ports: { http: {}, admin-api: { port: 8080 }, old: { env-key: LEGACY } }
        readiness-check: { http: { port: http, path: /ready }, interval: 0.5 }
        health-check: { cmd: test -e alive, max-consecutive-failures: 5 }
`);
    expect(spec.pods[0]?.tasks[0]).toMatchObject({
      killGraceMs: 2_500,
      ports: [
        { name: 'http', port: 0, variable: 'PORT_HTTP' },
        { name: 'admin-api', port: 8080, variable: 'PORT_ADMIN_API' },
        { name: 'old', port: 0, variable: 'LEGACY' },
      ],
      readiness: {
        type: 'http',
        port: 'http',
        path: '/ready',
        intervalMs: 500,
        delayMs: 0,
        timeoutMs: 10_000,
      },
      health: { command: 'test -e alive', maxConsecutiveFailures: 5, gracePeriodMs: 10_000 },
    });
  });
});

describe('variables', () => {
  const text = (count: string): string => SMALL.replace('  web:\n', () => `  web:\n    count: ${count}\n`);
  const countOf = (count: string, variables: Record<string, string | undefined> = {}): number | undefined =>
    read(text(count), variables).pods[0]?.count;

  it('are filled in, and are numbers where they look like one', () => {
    expect(countOf(variable('COUNT'), { COUNT: '4' })).toBe(4);
  });

  it('have defaults, which stand for the empty value too', () => {
    expect(countOf(variable('COUNT', '2'))).toBe(2);
    expect(countOf(variable('COUNT', '2'), { COUNT: '' })).toBe(2);
    expect(countOf(variable('COUNT', '2'), { COUNT: '3' })).toBe(3);
  });

  it('that are missing are told with their place', () => {
    expect(problemsOf(text(variable('COUNT')))).toEqual([
      expect.objectContaining({ line: 5, column: 12, message: expect.stringContaining('COUNT') }),
    ]);
  });

  it('in a command are the shell’s', () => {
    const command = `echo ${variable('HOME')} $PORT`;
    const spec = read(
      SMALL.replace('cmd: serve', () => `cmd: "${command}"`),
      { HOME: '/root' },
    );
    expect(spec.pods[0]?.tasks[0]?.command).toBe(command);
  });

  it('stay as they are behind a second dollar, and text in quotes stays text', () => {
    const env = `env: { A: '$${variable('B')}', C: "${variable('D')}", E: '${variable('F', '7')}' }`;
    const spec = read(
      SMALL.replace('memory: 32', () => `memory: 32, ${env}`),
      { D: '5' },
    );
    expect(spec.pods[0]?.tasks[0]?.environment).toEqual({ A: variable('B'), C: '5', E: '7' });
  });

  it('cannot bring structure into the document', () => {
    expect(problemsOf(text(variable('COUNT')), { COUNT: '{ a: 1 }' })[0]?.path).toBe('/pods/web/count');
  });
});

describe('what is wrong', () => {
  it('with the YAML is told with line and column', () => {
    expect(problemsOf('name: x\npods: [\n')).toEqual([expect.objectContaining({ line: 3, column: 1 })]);
    expect(() => read('name: x\nname: y\n')).toThrow(/^it\.yml:2:1: /);
  });

  it.each([
    ['a field that is not known', 'cpus: 0.1', 'cpu: 0.1, cpus: 0.1', '/pods/web/tasks/server/cpu', 6, 44],
    ['a field that is missing', 'memory: 32', '', '/pods/web/tasks/server/memory', 6, 15],
    ['a value of the wrong kind', 'cpus: 0.1', 'cpus: many', '/pods/web/tasks/server/cpus', 6, 50],
    [
      'a value that is not one of those',
      'goal: RUNNING',
      'goal: SLEEP',
      '/pods/web/tasks/server/goal',
      6,
      23,
    ],
    ['a value that is too small', 'cpus: 0.1', 'cpus: 0', '/pods/web/tasks/server/cpus', 6, 50],
    ['a name that is none', 'server:', 'Server_1:', '/pods/web/tasks/Server_1', 6, 7],
  ])('with %s is told with its path, line and column', (_what, part, replacement, path, line, column) => {
    expect(problemsOf(SMALL.replace(part, replacement))).toContainEqual(
      expect.objectContaining({ path, line, column }),
    );
  });

  it('is told all at once', () => {
    const text = SMALL.replace('cpus: 0.1', 'cpus: many').replace('goal: RUNNING', 'goal: SLEEP');
    expect(problemsOf(text).map(({ path }) => path)).toEqual([
      '/pods/web/tasks/server/goal',
      '/pods/web/tasks/server/cpus',
    ]);
  });

  it.each([
    [
      'a readiness check without a kind',
      'memory: 32',
      'memory: 32, readiness-check: { interval: 1 }',
      'one of cmd, http and tcp',
    ],
    [
      'a check of a port that is not there',
      'memory: 32',
      'memory: 32, readiness-check: { tcp: { port: web } }',
      'is not the name of a port',
    ],
    [
      'a template that is not there',
      'memory: 32',
      'memory: 32, configs: { a: { template: t, dest: a } }',
      'is not the name of a template',
    ],
    [
      'a reference to nothing',
      'memory: 32',
      'memory: 32, env: { A: "{{WEB_9_SERVER_HOST}}" }',
      'refers to {{WEB_9_SERVER_HOST}}',
    ],
    [
      'a volume that is not there',
      'memory: 32',
      'memory: 32, volumes: [data]',
      'is not the path of a volume',
    ],
    [
      'a variable that two things want',
      'memory: 32',
      'memory: 32, env: { PORT_A: "1" }, ports: { a: {} }',
      'which is taken',
    ],
    ['placement that is none', 'tasks:', 'placement: "[[1]]"\n    tasks:', 'is not [field, operator, value]'],
    [
      'an operator that is not known',
      'tasks:',
      'placement: [[hostname, NEAR]]\n    tasks:',
      'unknown operator "NEAR"',
    ],
  ])('between parts is told: %s', (_what, part, replacement, message) => {
    expect(problemsOf(SMALL.replace(part, replacement))).toEqual([
      expect.objectContaining({ message: expect.stringContaining(message) }),
    ]);
  });

  it('with a volume that two running tasks want is told', () => {
    const text = SMALL.replace('tasks:', 'volumes: [{ path: d, size: 1 }]\n    tasks:').concat(
      '      other: { goal: RUNNING, cmd: x, cpus: 0.1, memory: 32 }\n',
    );
    expect(problemsOf(text)).toEqual([
      expect.objectContaining({
        path: '/pods/web/tasks/other',
        message: expect.stringContaining('cannot share'),
      }),
    ]);
  });

  it('with a plan is told: a pod that is not there, a task that no phase deploys', () => {
    const plan = (phase: string): string => `${SMALL}plans: { deploy: { phases: { one: ${phase} } } }\n`;
    expect(problemsOf(plan('{ pod: nope }')).map(({ path }) => path)).toEqual([
      '/plans/deploy/phases/one/pod',
      '/pods/web/tasks/server',
    ]);
    expect(problemsOf(plan('{ pod: web, tasks: [nope] }')).map(({ path }) => path)).toEqual([
      '/plans/deploy/phases/one/tasks/0',
      '/pods/web/tasks/server',
    ]);
  });

  it('is told for a bomb of aliases as for every other text', () => {
    const lines = Array.from({ length: 12 }, (_unused, index) => {
      const items = Array.from({ length: 9 }, () => (index === 0 ? 'x' : `*a${index - 1}`));
      return `a${index}: &a${index} [${items.join(', ')}]`;
    });
    expect(() => read(lines.join('\n'))).toThrow(/alias/i);
  });
});
