import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guideText } from '../../src/cli/guides.ts';
import { readZip } from '../support/read-zip.ts';

/** The pipeline of `plenum help ci`, run as it stands there. */

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plenum-ci-'));
  await mkdir(join(folder, 'bin'));
  await mkdir(join(folder, 'services'));
  await mkdir(join(folder, 'tmp'));
  await symlink(join(process.cwd(), 'bin', 'plenum'), join(folder, 'bin', 'plenum'));
});

afterEach(() => rm(folder, { recursive: true }));

const script = (): string => {
  const lines = guideText('ci').split('\n');
  const begin = lines.indexOf('  #!/bin/sh');
  const end = lines.indexOf('', begin);
  return lines.slice(begin, end).join('\n').replaceAll(/^ {2}/gm, '');
};

const run = (): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve, reject) => {
    const { PLENUM_HOME: _home, ...env } = process.env;
    const child = spawn('sh', ['-c', script()], {
      cwd: folder,
      env: { ...env, TMPDIR: join(folder, 'tmp'), PATH: `${join(folder, 'bin')}${delimiter}${env.PATH}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', reject).once('close', (code) => resolve({ code, output }));
  });

const web = (cmd: string): string =>
  `id: /web\ncmd: ${cmd}\ncpus: 0.1\nmem: 32\nlabels: { DCOS_SERVICE_NAME: web }\nhealthChecks: [{ protocol: MESOS_HTTP, path: / }]\n`;

const SERVER = `exec node -e 'require("http").createServer((q, r) => r.end("it works")).listen(process.env.PORT0)'`;

describe('the pipeline of the guide', () => {
  it('deploys, tests, keeps the diagnostics and leaves nothing', async () => {
    await writeFile(join(folder, 'services', 'web.yaml'), web(SERVER));
    const { code, output } = await run();
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('it works') });
    const files = await readZip(await readFile(join(folder, 'diagnostics.zip')));
    expect(JSON.parse(files.get('marathon/apps.json') ?? '')).toMatchObject({ apps: [{ id: '/web' }] });
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  }, 180_000);

  it('fails with the reason when a service is broken, and keeps the diagnostics', async () => {
    await writeFile(join(folder, 'services', 'web.yaml'), 'id: /web\ncpus: much\n');
    const { code, output } = await run();
    expect(code).toBeGreaterThan(0);
    expect(output).toContain('web.yaml:2');
    expect(await readdir(folder), output).toContain('diagnostics.zip');
    expect((await readZip(await readFile(join(folder, 'diagnostics.zip')))).has('mesos/state.json')).toBe(
      true,
    );
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  }, 180_000);
});
