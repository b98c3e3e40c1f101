import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientCluster, startClientCluster } from '../client-cluster.ts';
import { findGo } from '../runtimes.ts';
import { runProgram, startProgram } from '../start-program.ts';

/** go-marathon: the client that tools in Go speak to Marathon with. */

const go = findGo();

describe.skipIf(go === undefined)('go-marathon', () => {
  let folder: string;
  let cluster: ClientCluster;
  const toClose: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plenum-go-marathon-'));
    toClose.push(() => rm(folder, { recursive: true, force: true }));
    for (const file of ['go.mod', 'go.sum', 'main.go']) {
      await copyFile(join(import.meta.dirname, file), join(folder, file));
    }
    await runProgram(go ?? '', ['build', '-o', 'program', '.'], {
      cwd: folder,
      env: { GOWORK: 'off', GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local' },
      timeoutMs: 240_000,
    });
    cluster = await startClientCluster();
    toClose.push(cluster.close);
  });
  afterAll(async () => {
    for (const close of toClose.reverse()) await close();
  });

  it('creates, updates, scales, rolls back, kills, groups and removes apps, and hears of it', async () => {
    const { code, stdout, stderr } = await startProgram(
      join(folder, 'program'),
      [cluster.addresses.marathon],
      { timeoutMs: 140_000 },
    ).ended;
    expect(code, stdout + stderr).toBe(0);
    const said = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(said).toEqual([
      { event: 'system', alive: true, isLeader: true, named: 'marathon', framework: true },
      { event: 'created', id: '/go/app', deployments: 1 },
      { event: 'twice', isDuplicate: true },
      { event: 'running', ok: true, listed: ['/go/app'], ports: [1, 1] },
      {
        event: 'updated',
        env: { COLOUR: 'green' },
        running: 3,
        versions: expect.any(Number),
        earlier: { COLOUR: 'blue' },
      },
      { event: 'rolled back', env: { COLOUR: 'blue' } },
      {
        event: 'refused',
        isInvalid: true,
        message: "Marathon API error: Invalid JSON (path: '/cpus' errors: error.min)",
      },
      { event: 'missing', isNotFound: true },
      { event: 'killed', left: 1, listed: true },
      {
        event: 'waiting',
        queued: '/go/huge',
        count: 1,
        affected: ['/go/huge'],
        steps: 2,
        isLocked: true,
      },
      { event: 'undone', isGone: true },
      { event: 'group', apps: ['/go-group/db', '/go-group/web'], left: 1 },
      { event: 'removed', has: false },
      { event: 'events' },
    ]);
  });
});
