import { describe, expect, it } from 'vitest';
import { buildImage } from '../../support/registry/build-image.ts';
import { shellLayer } from '../../support/registry/busybox.ts';
import { isRoot, testRegistry } from '../images/provision.ts';
import { openSession, wait } from './agent-caller.ts';
import { startTask } from './start-task.ts';

const PASSWD = 'root:x:0:0::/:/bin/sh\nweb:x:4321:4322::/srv:/bin/sh\n';

describe.runIf(isRoot)(
  'a session inside a container with a root folder of its own',
  { timeout: 60_000 },
  () => {
    it('sees that folder, as the user of the image or another one of it, with a terminal or without', async () => {
      const registry = await testRegistry();
      registry.push(
        'some/app:1',
        buildImage({
          layers: [
            shellLayer(),
            [
              { path: 'etc/passwd', content: PASSWD },
              { path: 'etc/own', content: 'image' },
            ],
          ],
          config: { Env: ['PATH=/bin', 'GREETING=hello'], User: 'web' },
        }),
      );
      const { cluster, parent } = await startTask({
        task: {
          container: {
            type: 'MESOS',
            mesos: { image: { type: 'DOCKER', docker: { name: `${registry.host}/some/app:1` } } },
          },
        },
      });
      const look = 'cat /etc/own; echo; echo $GREETING; pwd; id -u; exit 3';
      const expected = ['image', 'hello', '/mnt/mesos/sandbox', '4321'];
      for (const [name, terminal, user, uid] of [
        ['plain', undefined, undefined, '4321'],
        ['terminal', { rows: 24, columns: 80 }, undefined, '4321'],
        ['root', undefined, 'root', '0'],
      ] as const) {
        const id = { value: name, parent };
        const output = await openSession(cluster, id, look, {
          ...(terminal ? { terminal } : {}),
          ...(user ? { user } : {}),
        });
        await output.ended;
        expect([output.text('STDERR'), output.text().trim().split(/\r?\n/)]).toEqual([
          '',
          [...expected.slice(0, 3), uid],
        ]);
        expect(await wait(cluster, id)).toEqual({ exit_status: 3 * 256 });
      }
      const stranger = await openSession(cluster, { value: 'stranger', parent }, 'true', { user: 'nobody' });
      expect(stranger.status).toBe(400);
    });
  },
);
