import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { TTYInfoWindowSize } from '../../mesos/generated/mesos.ts';
import { type Clock, pause } from '../../runtime/clock.ts';
import { TERMINAL_INPUT } from '../containerizers/terminal-command.ts';
import type { ProcessIdentity } from '../core/state.ts';
import { type HostPrograms, requireProgram } from '../processes/host-programs.ts';
import { descendantsOf, isAlive } from '../processes/process-table.ts';
import type { Attachable, ContainerInput } from './container-input.ts';
import { followFile } from './follow-file.ts';
import type { OutputSink } from './output-fan.ts';
import { setWindowSize, terminalOfProcess } from './window-size.ts';

export interface TerminalContainerOptions {
  /** The shell that waits for the command. */
  readonly process: ProcessIdentity;
  readonly sandbox: string;
  readonly programs: HostPrograms;
  readonly clock: Clock;
}

const LOOK_EVERY_MS = 200;
const { O_WRONLY, O_NONBLOCK, O_NOFOLLOW } = constants;

/**
 * A container whose command was started in a terminal. The terminal is held by a process that needs no agent: it writes what
 * the command prints to the sandbox's stdout, which is what those who are attached follow, and reads a named pipe.
 */
export class TerminalContainer implements Attachable<OutputSink> {
  /** Resolves when the command has ended and all it printed is in the file. */
  readonly over: Promise<void>;
  readonly #options: TerminalContainerOptions;
  #hasInput = false;
  #isOver = false;

  constructor(options: TerminalContainerOptions) {
    this.#options = options;
    this.over = this.#watch();
  }

  attachOutput(sink: OutputSink): () => void {
    const { sandbox, clock } = this.#options;
    return followFile(join(sandbox, 'stdout'), sink, { isOver: () => this.#isOver, clock });
  }

  openInput(): ContainerInput | undefined {
    if (this.#hasInput) return undefined;
    const fd = openPipe(join(this.#options.sandbox, TERMINAL_INPUT));
    const pipe = new Socket({ fd, readable: false, writable: true });
    let failure: Error | undefined;
    pipe.on('error', (error) => {
      failure = error;
    });
    this.#hasInput = true;
    return {
      write: (bytes) =>
        new Promise((resolve, reject) => {
          if (failure) reject(failure);
          else pipe.write(bytes, (error) => (error ? reject(error) : resolve()));
        }),
      endStdin: () => undefined,
      resize: (size) => this.#resize(size),
      release: () => {
        pipe.destroy();
        this.#hasInput = false;
      },
      over: this.over,
    };
  }

  async #resize(size: TTYInfoWindowSize): Promise<void> {
    const { process, programs } = this.#options;
    const [found] = (descendantsOf(process.pid) ?? []).flatMap(({ pid }) => {
      const terminal = terminalOfProcess(pid);
      return terminal === undefined ? [] : [{ pid, terminal }];
    });
    if (!found) throw new Error('The terminal is gone');
    // With a root folder of its own it has terminals of its own.
    const path = join(`/proc/${found.pid}/root`, found.terminal);
    await setWindowSize(requireProgram(programs, 'stty'), path, size);
  }

  async #watch(): Promise<void> {
    const { process, clock } = this.#options;
    while (isAlive(process)) await pause(clock, LOOK_EVERY_MS);
    this.#isOver = true;
  }
}

/**
 * The sandbox is the task's own, so what lies there may be anything: a link is not followed, and only a pipe is written to.
 * Fails, instead of waiting, when nobody reads.
 */
const openPipe = (path: string): number => {
  const file = openSync(path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW);
  if (fstatSync(file).isFIFO()) return file;
  closeSync(file);
  throw new Error(`${path} is no pipe`);
};
