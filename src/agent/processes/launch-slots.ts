import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';

/** One named pipe, through which one waiting shell at a time gets its leave. */
export interface LaunchSlot {
  readonly path: string;
  /** Says the line; nobody has to be reading yet. */
  say(line: string): void;
  /** The shell has read its line, or is dead. */
  free(): void;
}

const LONGEST_LINE = 64;

/**
 * The named pipes of one launcher. The agent holds both ends of each open, so that nobody who opens one has to wait; when
 * the agent dies whoever reads finds the end.
 */
export class LaunchSlots {
  readonly #files: Map<string, number>;
  readonly #free: string[];
  readonly #waiting: ((slot: LaunchSlot) => void)[] = [];
  #isClosed = false;

  constructor(paths: readonly string[]) {
    const flags = constants.O_RDWR | constants.O_NONBLOCK;
    this.#files = new Map(paths.map((path) => [path, openSync(path, flags)]));
    this.#free = [...paths];
  }

  /** The next one that is free; there are so many that this hardly ever takes time. */
  take(): Promise<LaunchSlot> {
    const path = this.#free.pop();
    return path === undefined
      ? new Promise((resolve) => this.#waiting.push(resolve))
      : Promise.resolve(this.#slot(path));
  }

  /** Nothing is launched through these any more: those in use are closed as they come back. */
  close(): void {
    this.#isClosed = true;
    for (const path of this.#free.splice(0)) this.#closeFile(path);
  }

  #slot(path: string): LaunchSlot {
    let isFree = false;
    return {
      path,
      say: (line) => {
        const file = this.#files.get(path);
        if (file !== undefined) writeSync(file, `${line}\n`);
      },
      free: () => {
        if (isFree) return;
        isFree = true;
        this.#empty(path);
        const next = this.#waiting.shift();
        if (this.#isClosed) this.#closeFile(path);
        else if (next) next(this.#slot(path));
        else this.#free.push(path);
      },
    };
  }

  /** A line that a dead shell has not read would be taken by the next one. */
  #empty(path: string): void {
    const file = this.#files.get(path);
    try {
      if (file !== undefined) readSync(file, Buffer.alloc(LONGEST_LINE));
    } catch {
      // There is nothing, as it should be.
    }
  }

  #closeFile(path: string): void {
    const file = this.#files.get(path);
    this.#files.delete(path);
    if (file !== undefined) closeSync(file);
  }
}
