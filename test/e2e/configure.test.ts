import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RecordingServer, startRecordingServer } from '../clients/recording-server.ts';
import { createPlenumHome, type PlenumHome } from '../support/plenum.ts';
import { waitFor } from '../support/wait-for.ts';

/** The questions of `plenum package configure` on a terminal that `script` of util-linux makes. */

const isAvailable = spawnSync('script', ['--version']).status === 0;
const ENTER = '\r';
const DOWN = '\u001b[B';
const CTRL_C = '\u0003';

let home: PlenumHome;
let server: RecordingServer;

beforeAll(async () => {
  home = await createPlenumHome();
  const properties = {
    user: { type: 'string', description: 'Who it runs as' },
    count: { type: 'integer', minimum: 1, default: 3 },
  };
  const config = { type: 'object', required: ['user'], properties };
  server = await startRecordingServer({
    'POST /package/describe': { body: { package: { name: 'db', version: '1', description: '', config } } },
  });
});

afterAll(async () => {
  await server.close();
  await home.remove();
});

interface Session {
  readonly child: ChildProcess;
  /** Waits until a text is shown after what was shown before, then types. */
  answer: (shown: string | RegExp, ...keys: string[]) => Promise<void>;
}

const start = (file: string): Session => {
  const command = [process.execPath, join(process.cwd(), 'bin', 'plenum'), 'package', 'configure', 'db'];
  const child = spawn('script', ['-qec', [...command, '--output', file].join(' '), '/dev/null'], {
    env: { ...process.env, PLENUM_HOME: home.folder, PLENUM_CLUSTER: server.url, TERM: 'xterm', CI: '' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let screen = '';
  let seen = 0;
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    screen += text;
  });
  const rest = (): string => stripVTControlCharacters(screen.slice(seen));
  return {
    child,
    answer: async (shown, ...keys) => {
      await waitFor(`${shown} is shown`, () =>
        typeof shown === 'string' ? rest().includes(shown) : shown.test(rest()),
      );
      seen = screen.length;
      for (const key of keys) child.stdin?.write(key);
    },
  };
};

describe.skipIf(!isAvailable)('package configure on a terminal', () => {
  it('asks, checks what is typed, and writes what differs from the defaults', async () => {
    const file = join(home.folder, 'options.yaml');
    const { child, answer } = start(file);
    await answer('user (string)', 'me', ENTER);
    await answer('What is to be changed?', DOWN, DOWN, ENTER);
    await answer('count (integer, at least 1)', '\u007f', '0', ENTER);
    await answer('lower than the required minimum', '\u007f', '5', ENTER);
    await answer(/What is to be changed\?[\s\S]*count = 5/, ENTER);
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(await readFile(file, 'utf8')).toBe('user: me\ncount: 5\n');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('ends with 130 at Ctrl-C, and writes nothing', async () => {
    const file = join(home.folder, 'never.yaml');
    const { child, answer } = start(file);
    await answer('user (string)', CTRL_C);
    const [code] = await once(child, 'exit');
    expect({ code, isWritten: existsSync(file) }).toEqual({ code: 130, isWritten: false });
  });
});
