import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createPlenumHome, type PlenumHome } from '../support/plenum.ts';
import { hasTmux, openTmuxScreen, type TmuxScreen } from '../support/tmux-screen.ts';

/** What a person sees: whole screens, progress, what Ctrl-C leaves under way, and pages. */

const LONG = 180_000;
const hasLess = spawnSync('less', ['--version']).status === 0;
let home: PlenumHome;

const open = (args: string): TmuxScreen => {
  const command = `${process.execPath} ${join(process.cwd(), 'bin', 'plenum')} ${args}`;
  const screen = openTmuxScreen(`${command}; echo "left with $?"; sleep 1000`, {
    PATH: process.env.PATH,
    TERM: 'xterm',
    PLENUM_HOME: home.folder,
  });
  onTestFinished(screen.close);
  return screen;
};

describe.skipIf(!hasTmux)('on a terminal', () => {
  beforeAll(async () => {
    home = await createPlenumHome();
    await home.up('--agents', '1');
  }, LONG);

  afterAll(() => home.remove(), LONG);

  it(
    'top takes the screen, and gives it back',
    async () => {
      const screen = open('top --interval 1s');
      await screen.shows(/CPU/i);
      expect(screen.text()).toContain('local');
      screen.type('q');
      await screen.shows(/^left with 0$/m);
      expect(screen.text()).not.toMatch(/CPU/i);
    },
    LONG,
  );

  it(
    'waiting says what for, and Ctrl-C what goes on',
    async () => {
      const file = join(home.folder, 'large.json');
      await writeFile(file, JSON.stringify({ id: '/large', cmd: 'sleep 1000', cpus: 100_000, mem: 32 }));
      const screen = open(`marathon app add ${file} --wait`);
      await screen.shows(/cpus/);
      screen.type('C-c');
      await screen.shows(/^left with 130$/m);
      expect(screen.text()).toContain('plenum marathon deployment watch');
      await home.must('marathon', 'app', 'remove', '/large', '--force');
    },
    LONG,
  );

  it.skipIf(!hasLess)(
    'what is longer than the screen comes in pages',
    async () => {
      const screen = open('reference');
      await screen.shows(/^:$/m);
      screen.type('q');
      await screen.shows(/^left with 0$/m);
    },
    LONG,
  );
});
