import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createPlenumHome, type PlenumHome } from '../support/plenum.ts';
import { hasTmux, openTmuxScreen } from '../support/tmux-screen.ts';
import { waitFor } from '../support/wait-for.ts';

/** Commands inside of tasks, from the built executable through the gateway to an agent. */

const LONG = 180_000;
let home: PlenumHome;

beforeAll(async () => {
  home = await createPlenumHome();
  await home.up('--agents', '1');
  const app = join(home.folder, 'app.json');
  await writeFile(app, JSON.stringify({ id: '/web', cmd: 'echo up; sleep 10000', cpus: 0.1, mem: 64 }));
  await home.must('marathon', 'app', 'add', app, '--wait');
}, LONG);

afterAll(() => home.remove(), LONG);

const environment = () => ({ PATH: process.env.PATH, TERM: 'xterm', PLENUM_HOME: home.folder });
const executable = join(process.cwd(), 'bin', 'plenum');

describe('task exec', () => {
  it(
    'prints what the command prints, and exits as it does',
    async () => {
      const { code, stdout, stderr } = await home.run([
        'task',
        'exec',
        'web',
        'sh',
        '-c',
        'echo "$MESOS_TASK_ID"; echo problem >&2; exit 42',
      ]);
      expect(stdout).toMatch(/^web\.instance-\S+\n$/);
      expect({ code, stderr }).toEqual({ code: 42, stderr: 'problem\n' });
      expect((await home.run(['task', 'exec', 'web', 'sh', '-c', 'kill -9 $$'])).code).toBe(137);
    },
    LONG,
  );

  it(
    'leaves flags behind the task to the command',
    async () => {
      const { code, stdout } = await home.run(['task', 'exec', 'web', 'echo', '-n', '--user', '-t']);
      expect({ code, stdout }).toEqual({ code: 0, stdout: '--user -t' });
    },
    LONG,
  );

  it(
    'has a command without --interactive read nothing',
    async () => {
      expect(await home.run(['task', 'exec', 'web', 'cat'], { input: 'unheard' })).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      });
    },
    LONG,
  );

  it(
    'passes megabytes both ways, byte for byte',
    async () => {
      const bytes = randomBytes(50_000_000);
      const child = spawn(process.execPath, [executable, 'task', 'exec', '--interactive', 'web', 'cat'], {
        env: environment(),
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const chunks: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
      child.stdin.end(bytes);
      const [code] = await once(child, 'close');
      expect(code).toBe(0);
      expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
    },
    LONG,
  );

  it(
    'says of what is missing what it is',
    async () => {
      const missing = await home.run(['task', 'exec', 'nobody', 'true']);
      expect(missing.code).toBe(3);
      expect(missing.stderr).toContain('There is no task whose id contains "nobody"');
      const noTerminal = await home.run(['task', 'exec', '-i', '-t', 'web', 'sh']);
      expect(noTerminal.code).toBe(2);
      expect(noTerminal.stderr).toContain('Standard input is not a terminal');
      expect((await home.run(['task', 'exec', 'web'])).code).toBe(2);
      const detached = await home.run(['task', 'attach', 'web']);
      expect(detached.stderr).toContain('I/O switchboard server was disabled for this container');
    },
    LONG,
  );
});

describe.skipIf(!hasTmux)('task exec in a terminal', () => {
  it(
    'is one for the command: its size, Ctrl-C, its exit, and keys to leave it',
    async () => {
      const exec = `${process.execPath} ${executable} task exec -it web sh`;
      const screen = openTmuxScreen(
        `${exec}; echo "left with $?"; stty size; ${exec}; echo "then with $?"; sleep 1000`,
        environment(),
      );
      onTestFinished(screen.close);
      await screen.shows(/^[#$]/m);
      screen.type('stty size', 'Enter');
      await screen.shows('24 80');
      screen.resize(100, 30);
      await waitFor(
        'the new size',
        async () => {
          screen.type('clear; stty size', 'Enter');
          return /^30 100$/m.test(screen.text());
        },
        { timeoutMs: 60_000, everyMs: 500 },
      );
      screen.type('echo wai""ts; sleep 10000', 'Enter');
      await screen.shows(/^waits$/m);
      screen.type('C-c');
      screen.type('exit 5', 'Enter');
      await screen.shows('left with 5');
      await screen.shows(/left with 5\n30 100\n[#$]/);
      screen.type('C-p', 'C-q');
      await screen.shows('then with 0');
    },
    LONG,
  );
});
