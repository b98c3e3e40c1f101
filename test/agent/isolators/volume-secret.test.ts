import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { secretsFolder } from '../../../src/agent/core/work-folder.ts';
import type { ContainerConfig, Isolator } from '../../../src/agent/isolators/isolator.ts';
import { volumeSecret } from '../../../src/agent/isolators/volume-secret.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';

let workDir: string;

beforeEach(() => {
  workDir = mkdtempSync(join(tmpdir(), 'plenum-secret-volumes-'));
});

afterEach(() => rmSync(workDir, { recursive: true, force: true }));

const isolatorWith = (...isolation: string[]): Promise<Isolator> | Isolator =>
  volumeSecret({ workDir, isolation, flags: {}, log: silentLog, clock: new VirtualClock() });

const config = (path: string, data: string | undefined): ContainerConfig => ({
  id: 'c1',
  parentId: undefined,
  limitedAs: 'c1',
  resources: [],
  limits: {},
  frameworkId: 'f',
  executorId: 'e',
  taskId: 't',
  sandbox: join(workDir, 'sandbox'),
  parentSandbox: undefined,
  command: {},
  environment: {},
  user: undefined,
  mounts: [],
  network: undefined,
  container: {
    type: 'MESOS',
    volumes: [
      {
        container_path: path,
        mode: 'RO',
        source: {
          type: 'SECRET',
          secret:
            data === undefined
              ? { type: 'REFERENCE', reference: { name: 's' } }
              : { type: 'VALUE', value: { data: Buffer.from(data).toString('base64') } },
        },
      },
    ],
  },
  rootfs: undefined,
  image: undefined,
});

it('mounts a secret as a file that only its owner can read, outside of the sandbox', async () => {
  const isolator = await isolatorWith('filesystem/linux');
  const preparation = await isolator.prepare?.(config('keys/secret', 'hush'));
  const [mount] = preparation?.mounts ?? [];
  expect(mount).toMatchObject({ target: join(workDir, 'sandbox/keys/secret'), isReadOnly: true });
  expect(readFileSync(mount?.source ?? '', 'utf8')).toBe('hush');
  expect(statSync(mount?.source ?? '').mode & 0o777).toBe(0o400);
  await isolator.cleanup?.('c1');
  expect(existsSync(mount?.source ?? '')).toBe(false);
});

it('links to it where nothing can be mounted', async () => {
  const isolator = await isolatorWith('filesystem/posix');
  await isolator.prepare?.(config('keys/secret', 'hush'));
  await isolator.prepare?.(config('keys/secret', 'hush again'));
  expect(readFileSync(join(workDir, 'sandbox/keys/secret'), 'utf8')).toBe('hush again');
});

it('removes what containers have left that are no more', async () => {
  const isolator = await isolatorWith('filesystem/posix');
  await isolator.prepare?.(config('secret', 'hush'));
  await isolator.recover?.([]);
  expect(readdirSync(secretsFolder(workDir))).toEqual([]);
});

it.each([
  ['../secret', 'hush', 'leads out of the sandbox'],
  ['secret', undefined, 'is not given by value'],
])('refuses %s', async (path, data, message) => {
  const isolator = await isolatorWith('filesystem/posix');
  await expect(isolator.prepare?.(config(path, data))).rejects.toThrow(message);
});
