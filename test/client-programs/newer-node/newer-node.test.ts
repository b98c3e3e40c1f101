import { writeFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../../../src/http/client.ts';
import { type ClientCluster, startClientCluster } from '../client-cluster.ts';
import { installNpm } from '../installations.ts';
import { runProgram } from '../start-program.ts';

/** Plenum on a current line of Node.js; all other tests run on whichever the machine has. */

const LINE = 24;

describe(`the executable on Node.js ${LINE}`, () => {
  let cluster: ClientCluster;
  const toClose: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    // What npm's package `node` installs by a script: the binary of this platform.
    const name = `node-${platform()}-${arch()}`;
    const installed = await installNpm('node', [`${name}@${LINE}`]);
    toClose.push(installed.remove);
    const node = join(installed.folder, 'node_modules', name, 'bin', 'node');
    const { stdout } = await runProgram(node, ['--version']);
    expect(stdout).toMatch(new RegExp(`^v${LINE}\\.`));
    cluster = await startClientCluster(node);
    toClose.push(cluster.close);
  });
  afterAll(async () => {
    for (const close of toClose.reverse()) await close();
  });

  it('starts a cluster, deploys an app, shows its output, and stops', async () => {
    const { home, addresses } = cluster;
    const file = join(home.folder, 'app.json');
    const app = { id: '/greeting', cmd: 'echo hello; exec sleep 1000', cpus: 0.1, mem: 32, instances: 2 };
    await writeFile(file, JSON.stringify(app));
    await home.must('marathon', 'app', 'add', file, '--wait', '--timeout', '60');
    expect(await home.json('marathon', 'app', 'show', '/greeting')).toMatchObject({ tasksRunning: 2 });
    expect(await home.must('task', 'log', 'greeting')).toContain('hello');
    expect(await home.json<object[]>('package', 'search')).toBeDefined();
    const { body } = await request({ url: `${addresses.gateway}/` });
    expect(body.toString()).toContain('<!doctype html>');

    await home.must('down');
    expect(await home.must('up', '--json')).toContain('"state": "up"');
    await home.must('down');
  });
});
