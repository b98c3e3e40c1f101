import { describe, expect, it } from 'vitest';
import type { ContainerInfo, Image, TaskInfo } from '../../../src/mesos/generated/mesos.ts';
import { buildImage } from '../../support/registry/build-image.ts';
import { shellLayer } from '../../support/registry/busybox.ts';
import { waitFor } from '../../support/wait-for.ts';
import { isRoot, testRegistry } from '../images/provision.ts';
import { openSession, wait } from './agent-caller.ts';
import { startTask } from './start-task.ts';

const LIMITED: ContainerInfo = {
  type: 'MESOS',
  linux_info: { bounding_capabilities: { capabilities: ['CHOWN', 'NET_RAW'] } },
  rlimit_info: { rlimits: [{ type: 'RLMT_NOFILE', soft: 77, hard: 77 }] },
};
/** CHOWN and NET_RAW as the kernel writes them. */
const LOOK = 'ulimit -n; grep -E "Cap(Bnd|Eff)" /proc/self/status';
const SEEN = ['77', 'CapEff:\t0000000000002001', 'CapBnd:\t0000000000002001'];

const imageOf = async (): Promise<Image> => {
  const registry = await testRegistry();
  registry.push('some/app:1', buildImage({ layers: [shellLayer()], config: { Env: ['PATH=/bin'] } }));
  return { type: 'DOCKER', docker: { name: `${registry.host}/some/app:1` } };
};

describe.runIf(isRoot)('what enters a container', { timeout: 90_000 }, () => {
  it.each([
    ['on the host’s root folder', false],
    ['with one of its own', true],
  ])('%s has no more rights than its first command', async (_where, hasImage) => {
    const container = { ...LIMITED, ...(hasImage ? { mesos: { image: await imageOf() } } : {}) };
    const health: TaskInfo['health_check'] = {
      type: 'COMMAND',
      command: { value: `[ $(ulimit -n) = 77 ] && grep -q "CapBnd:.*2001$" /proc/self/status` },
      delay_seconds: 0,
      interval_seconds: 0.2,
    };
    const { cluster, parent } = await startTask({ task: { container, health_check: health } });
    for (const [name, terminal] of [
      ['plain', undefined],
      ['terminal', { rows: 24, columns: 80 }],
    ] as const) {
      const id = { value: name, parent };
      const output = await openSession(cluster, id, LOOK, terminal ? { terminal } : {});
      await output.ended;
      expect([output.text('STDERR'), output.text().trim().split(/\r?\n/)]).toEqual(['', SEEN]);
      expect(await wait(cluster, id)).toMatchObject({ exit_status: 0 });
    }
    await waitFor('its check agrees', () =>
      cluster.master.updates('t1').some(({ healthy }) => healthy === true),
    );
  });
});
