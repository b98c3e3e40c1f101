import { constants, openSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { TTYInfoWindowSize } from '../../mesos/generated/mesos.ts';
import { type Clock, pause } from '../../runtime/clock.ts';
import type { ProcessIdentity } from '../core/state.ts';
import { type HostPrograms, requireProgram } from '../processes/host-programs.ts';
import { identify, isAlive } from '../processes/process-table.ts';
import type { Attachable, ContainerInput } from './container-input.ts';
import { followFile } from './follow-file.ts';
import type { OutputSink } from './output-fan.ts';
import { setWindowSize, terminalOfProcess } from './window-size.ts';

export interface TerminalContainerOptions {
  /** The shell that waits for the command. */
  readonly process: ProcessIdentity;
  readonly sandbox: string;
  /** The pipe that leads to the terminal. */
  readonly inputFile: string;
  readonly programs: HostPrograms;
  readonly clock: Clock;
}

const LOOK_EVERY_MS = 200;
/** Between a waiting shell and the program that holds its terminal there may be one that made namespaces. */
const MOST_STEPS = 4;

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
    this.over = this.#watch(holderOf(options.process.pid));
  }

  attachOutput(sink: OutputSink): () => void {
    const { sandbox, clock } = this.#options;
    return followFile(join(sandbox, 'stdout'), sink, { isOver: () => this.#isOver, clock });
  }

  openInput(): ContainerInput | undefined {
    if (this.#hasInput) return undefined;
    const { inputFile, programs, process } = this.#options;
    const pipe = new Socket({
      fd: openForWriting(inputFile),
      readable: false,
      writable: true,
    });
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
      resize: async (size: TTYInfoWindowSize) => {
        const terminal = terminalOfProcess(process.pid);
        if (terminal === undefined) throw new Error('The terminal is gone');
        await setWindowSize(requireProgram(programs, 'stty'), terminal, size);
      },
      release: () => {
        pipe.destroy();
        this.#hasInput = false;
      },
      over: this.over,
    };
  }

  async #watch(holder: ProcessIdentity | undefined): Promise<void> {
    const { process, clock } = this.#options;
    while (isAlive(process) || (holder && isAlive(holder))) await pause(clock, LOOK_EVERY_MS);
    this.#isOver = true;
  }
}

/** Fails, instead of waiting, when nobody reads. */
const openForWriting = (path: string): number => openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);

/** The process that holds the terminal of a waiting shell: the first above it that has another terminal, or none. */
const holderOf = (shell: number): ProcessIdentity | undefined => {
  const terminal = terminalOfProcess(shell);
  let pid = shell;
  for (let step = 0; step < MOST_STEPS && terminal !== undefined; step++) {
    const parent = parentOf(pid);
    if (parent === undefined) return undefined;
    if (terminalOfProcess(parent) !== terminal) return identify(parent);
    pid = parent;
  }
  return undefined;
};

const parentOf = (pid: number): number | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const parent = Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
    return parent > 1 ? parent : undefined;
  } catch {
    return undefined;
  }
};
