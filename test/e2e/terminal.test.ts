import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RecordingServer, startRecordingServer } from '../clients/recording-server.ts';
import { createPlenumHome, type PlenumHome } from '../support/plenum.ts';

/** How the executable behaves towards its terminal, pipes and signals. */

let home: PlenumHome;
let server: RecordingServer;

beforeAll(async () => {
  home = await createPlenumHome();
  server = await startRecordingServer({ 'GET /mesos/slaves': { body: { slaves: [] } } });
});

afterAll(async () => {
  await server.close();
  await home.remove();
});

const start = (args: string[], env: Record<string, string> = {}) =>
  spawn(process.execPath, [join(process.cwd(), 'bin', 'plenum'), ...args], {
    env: { PATH: process.env.PATH, PLENUM_HOME: home.folder, PLENUM_CLUSTER: server.url, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const run = (args: string[], env: Record<string, string> = {}) =>
  home.run(args, { env: { PLENUM_CLUSTER: server.url, ...env } });

describe('signals', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends a command that waits with 130', async (signal) => {
    const asked = new Promise<void>((resolve) => {
      server.answers['GET /mesos/frameworks'] = () => {
        resolve();
        return new Promise(() => undefined);
      };
    });
    const child = start(['service', 'list']);
    await asked;
    child.kill(signal);
    const [code] = await once(child, 'exit');
    expect(code).toBe(130);
  });
});

describe('a reader that goes away', () => {
  it('ends the command quietly', async () => {
    const slaves = Array.from({ length: 20_000 }, (_, index) => ({ id: `S${index}` }));
    server.answers['GET /mesos/slaves'] = { body: { slaves } };
    const child = start(['node', 'list', '--json']);
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const [code] = await once(child, 'close');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    server.answers['GET /mesos/slaves'] = { body: { slaves: [] } };
  });
});

describe('colours', () => {
  const isColored = async (env: Record<string, string>): Promise<boolean> =>
    (await run(['node', 'list'], env)).stdout.includes('\u001b[');

  it('are where they are asked for, and nowhere else in a pipe', async () => {
    expect(await isColored({})).toBe(false);
    expect(await isColored({ FORCE_COLOR: '1' })).toBe(true);
    expect(await isColored({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  });
});

describe('help', () => {
  it('of the program lists topics, commands and guides', async () => {
    const { code, stdout, stderr } = await run([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of ['quickstart', 'marathon', 'package', 'help exit-codes'])
      expect(stdout).toContain(word);
    expect((await run(['--help'])).stdout).toBe(stdout);
  });

  it('of a topic lists its commands, and ends with 0', async () => {
    const { code, stdout } = await run(['marathon', 'app']);
    expect(code).toBe(0);
    for (const word of ['Add, change and remove apps', 'marathon app scale']) expect(stdout).toContain(word);
  });

  it('of a command shows its flags, arguments and examples', async () => {
    const { stdout } = await run(['help', 'package', 'install']);
    for (const word of [
      'USAGE',
      '$ plenum package install NAME',
      '--dry-run',
      '--cluster=CLUSTER',
      'EXAMPLES',
    ]) {
      expect(stdout).toContain(word);
    }
  });

  it('has guides', async () => {
    expect((await run(['help', 'exit-codes'])).stdout).toContain('130');
    expect((await run(['help', 'environment'])).stdout).toContain('PLENUM_HOME');
    expect((await run(['help', 'nope'])).code).toBe(2);
  });
});
