import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientCluster, startClientCluster } from '../client-cluster.ts';
import { type InstalledPrograms, installPython } from '../installations.ts';
import { findPython } from '../runtimes.ts';
import { startProgram } from '../start-program.ts';

/** marathon from PyPI: strict, its models take no key that they do not know. */

/** It looks for `collections.Iterable`, which is gone since Python 3.10. */
const ITERABLE = `
import collections
import collections.abc

collections.Iterable = collections.abc.Iterable
`;

const python = findPython();

describe.skipIf(python === undefined)('marathon-python', () => {
  let installed: InstalledPrograms;
  let cluster: ClientCluster;
  const toClose: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    installed = await installPython(python ?? '', 'marathon-python', {
      packages: ['marathon==0.13.0'],
      atStart: ITERABLE,
    });
    toClose.push(installed.remove);
    cluster = await startClientCluster();
    toClose.push(cluster.close);
  });
  afterAll(async () => {
    for (const close of toClose.reverse()) await close();
  });

  /** Runs a program beside this file; what it says, in order. */
  const run = async (program: string): Promise<Record<string, unknown>[]> => {
    const { code, stdout, stderr } = await startProgram(
      installed.program('python'),
      [join(import.meta.dirname, program), cluster.addresses.marathon],
      { env: { PYTHONDONTWRITEBYTECODE: '1' }, timeoutMs: 140_000 },
    ).ended;
    expect(code, stdout + stderr).toBe(0);
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it('takes an app through its whole life', async () => {
    expect(await run('apps.py')).toEqual([
      { event: 'created', id: '/python/app', instances: 2, deployments: 1 },
      { event: 'conflict', message: 'An app with id [/python/app] already exists.' },
      { event: 'running', apps: ['/python/app'], ports: [1, 1], started: true },
      {
        event: 'app',
        tasks_running: 2,
        cmd: 'sleep 3600',
        env: { COLOUR: 'blue' },
        labels: { tier: 'front' },
        total: 2,
      },
      { event: 'listed', by_label: ['/python/app'], by_cmd: [], by_id: ['/python/app'] },
      { event: 'scaled', running: 3 },
      { event: 'updated', env: { COLOUR: 'green' }, instances: 3, cmd: 'sleep 3600', version_changed: true },
      { event: 'version', versions: expect.any(Number), env: { COLOUR: 'blue' } },
      { event: 'rolled back', env: { COLOUR: 'blue' } },
      { event: 'killed', same: true },
      { event: 'killed with scale', answer: ['deploymentId', 'version'] },
      { event: 'given tasks killed', done: true },
      { event: 'left', instances: 0 },
      { event: 'all', apps: ['/python/app', '/python/other'] },
      { event: 'all tasks killed', count: 1 },
      {
        event: 'refused',
        status: 422,
        message: 'Object is not valid',
        details: [
          {
            path: '/healthChecks(0)',
            errors: [
              'Health check port indices must address an element of the ports array or container port mappings.',
            ],
          },
        ],
      },
      { event: 'deployment', apps: ['/python/huge'], step: 2, of: 2, action: 'ScaleApplication' },
      { event: 'undone', answer: ['deploymentId', 'version'] },
      { event: 'dropped', answer: {} },
      { event: 'gone', message: "App '/python/app' does not exist" },
    ]);
  });

  it('takes groups, and what Marathon says about itself', async () => {
    expect(await run('groups.py')).toEqual([
      // It asks for JSON.
      { event: 'ping', answer: '"pong"' },
      { event: 'info', name: 'marathon', elected: true, is_leader: true, role: '*' },
      { event: 'metrics', apps: true },
      { event: 'group', id: '/py-group', apps: ['/py-group/db', '/py-group/web'] },
      { event: 'groups', ids: expect.arrayContaining(['/py-group']) },
      { event: 'scaled', instances: [2, 2] },
      { event: 'updated', apps: ['/py-group/db'] },
      { event: 'removed', groups: expect.not.arrayContaining(['/py-group']) },
    ]);
  });

  it('reads the stream of events', async () => {
    const events = await run('events.py');
    expect(events.at(-1)).toEqual({ event: 'deployment', keys: ['eventType', 'id', 'plan', 'timestamp'] });
    const types = events.slice(0, -1).map(({ type, status }) => status ?? type);
    expect(types).toEqual([
      'event_stream_attached',
      'event_stream_attached',
      'api_post_event',
      'group_change_success',
      'TASK_STARTING',
      'TASK_RUNNING',
      'group_change_success',
      'TASK_KILLING',
      'TASK_KILLED',
      'app_terminated_event',
    ]);
  });
});
