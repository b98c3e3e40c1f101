import { spawnSync } from 'node:child_process';
import { waitFor } from './wait-for.ts';

/** A terminal with what it shows, in a tmux server of its own. */
export interface TmuxScreen {
  text(): string;
  /** Waits until it shows that. */
  shows(text: string | RegExp): Promise<void>;
  /** Texts, and keys by tmux' names, such as `Enter` or `C-c`. */
  type(...keys: string[]): void;
  resize(columns: number, rows: number): void;
  close(): void;
}

export const hasTmux = spawnSync('tmux', ['-V']).status === 0;

let opened = 0;

/** Runs a line of shell on a screen of 80 columns and 24 rows. What it is to show at its end must stay: `…; sleep 1000`. */
export const openTmuxScreen = (command: string, environment: NodeJS.ProcessEnv): TmuxScreen => {
  opened += 1;
  const socket = `plenum-${process.pid}-${opened}`;
  const tmux = (...args: string[]): string =>
    spawnSync('tmux', ['-L', socket, '-f', '/dev/null', ...args], { encoding: 'utf8', env: environment })
      .stdout;
  const text = (): string => tmux('capture-pane', '-p');
  tmux('new-session', '-d', '-x', '80', '-y', '24', command);
  return {
    text,
    shows: async (expected) => {
      const isShown = (): boolean =>
        typeof expected === 'string' ? text().includes(expected) : expected.test(text());
      await waitFor(`the screen to show ${expected}`, isShown, { timeoutMs: 60_000 });
    },
    type: (...keys) => void tmux('send-keys', ...keys),
    resize: (columns, rows) => void tmux('resize-window', '-x', String(columns), '-y', String(rows)),
    close: () => void tmux('kill-server'),
  };
};
