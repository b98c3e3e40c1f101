import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { loadCommands } from '../cli/run-plenum.ts';
import { type RecordedRequest, startRecordingServer } from '../clients/recording-server.ts';
import { hasTmux, openTmuxScreen } from '../support/tmux-screen.ts';
import { waitFor } from '../support/wait-for.ts';
import { DOCUMENTS, endlessAnswers, WAITING_COMMANDS } from './waiting-commands.ts';

/** Ctrl-C at a terminal, while a command of the built executable waits: it ends with 130 and says what goes on. */

const LONG_MS = 120_000;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plenum-interrupts-'));
  for (const [name, document] of Object.entries(DOCUMENTS)) {
    writeFileSync(join(folder, name), JSON.stringify(document));
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Long lines are broken where the screen ends. */
const squeezed = (text: string): string => text.replace(/\s/g, '');

describe.skipIf(!hasTmux)('Ctrl-C', () => {
  it.each(WAITING_COMMANDS.map((one) => [one.line, one] as const))(
    'while %s waits',
    async (_line, { line, asks, told }) => {
      const server = await startRecordingServer();
      onTestFinished(() => server.close());
      Object.assign(
        server.answers,
        endlessAnswers(() => server.url),
      );
      const words = line.split(' ').map((word) => (word in DOCUMENTS ? join(folder, word) : word));
      const plenum = `${process.execPath} ${join(process.cwd(), 'bin', 'plenum')}`;
      const screen = openTmuxScreen(`${plenum} ${words.join(' ')}; echo "left with $?"; sleep 1000`, {
        PATH: process.env.PATH,
        TERM: 'xterm',
        PLENUM_HOME: join(folder, 'home'),
        PLENUM_CLUSTER: server.url,
      });
      onTestFinished(screen.close);
      const isAsked = ({ method, target }: RecordedRequest): boolean =>
        `${method} ${target.split('?')[0]}` === asks;
      await waitFor(
        `${line} to ask ${asks}`,
        () => server.requests.some(isAsked) || screen.text().includes('left with'),
        { timeoutMs: 60_000 },
      );
      expect(screen.text()).not.toContain('left with');
      screen.type('C-c');
      await screen.shows(/left with \d+/);
      expect(screen.text()).toContain('left with 130');
      expect(squeezed(screen.text())).toContain(squeezed(told));
    },
    LONG_MS,
  );
});

it('every command that waits or follows is among them', async () => {
  const waits = Object.entries(await loadCommands()).filter(
    ([, { flags = {} }]) => 'wait' in flags || 'follow' in flags,
  );
  const isTried = (id: string): boolean =>
    WAITING_COMMANDS.some(({ line }) => line.startsWith(`${id.replaceAll(':', ' ')} `));
  expect(waits.length).toBeGreaterThan(25);
  expect(waits.map(([id]) => id).filter((id) => !isTried(id))).toEqual([]);
});
