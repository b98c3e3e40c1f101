import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fchownSync } from 'node:fs';
import { Socket } from 'node:net';
import type { TTYInfoWindowSize } from '../../mesos/generated/mesos.ts';
import { type Clock, pause } from '../../runtime/clock.ts';
import type { Exit } from '../core/exit.ts';
import type { ProcessIdentity } from '../core/state.ts';
import { openExitNotes, readExitNote, removeNotes } from '../processes/exit-notes.ts';
import { type HostPrograms, requireProgram } from '../processes/host-programs.ts';
import { keptApart } from '../processes/kept-apart.ts';
import type { ProcessKiller } from '../processes/process-killer.ts';
import { descendantsOf, identifyChild } from '../processes/process-table.ts';
import type { Attachable, ContainerInput } from './container-input.ts';
import { openPipes, type PipeEnds, type SessionPipes } from './named-pipes.ts';
import { OutputFan, type OutputSink } from './output-fan.ts';
import { type SessionOrder, sessionWords } from './session-words.ts';
import { setWindowSize, terminalOfProcess } from './window-size.ts';

export interface SessionOptions {
  /** For its pipes, while it starts; must not exist. */
  readonly folder: string;
  /** For the notes on how it ended. */
  readonly exitFile: string;
  readonly programs: HostPrograms;
  readonly killer: ProcessKiller;
  readonly clock: Clock;
}

/** File of a session's shell that its guard waits for the end of. */
const LIFELINE = 5;
/** Between two looks whether its command runs yet. */
const START_LOOK_MS = 2;
/** How long what is left of it is killed again and again before the shell that waits for it is killed, too. */
const SHELL_DEADLINE_MS = 1_000;
/** What the command left behind is killed, so its output ends soon; what does not is given up. */
const LEFT_OUTPUT_LOOK_MS = 1_000;

/** Starts the command of a session. Rejects, with a message for people, when it cannot be. */
export const startSession = async (order: SessionOrder, options: SessionOptions): Promise<Session> => {
  const { folder, exitFile, programs } = options;
  const { words, environment, user } = sessionWords(order, programs);
  const [program = '', ...args] = words;
  const pipes = await openPipes(folder, programs.mkfifo ?? 'mkfifo');
  // Its command may open them by name.
  if (user)
    for (const { theirs } of Object.values(pipes) as PipeEnds[]) fchownSync(theirs, user.uid, user.gid);
  const notes = openExitNotes(exitFile);
  const ends: (number | 'pipe')[] = [
    pipes.stdin.theirs,
    pipes.stdout.theirs,
    pipes.stderr.theirs,
    notes,
    notes,
    'pipe',
    ...(order.terminal === undefined ? [] : [pipes.stdin.mine, pipes.stdout.mine]),
  ];
  const child = keptApart(ends, (stdio) =>
    spawn(program, args, {
      cwd: order.entry.hasOwnRoot ? '/' : order.entry.sandbox,
      env: environment,
      detached: true,
      stdio,
    }),
  );
  closeSync(notes);
  for (const { theirs } of Object.values(pipes) as PipeEnds[]) closeSync(theirs);
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  failed.catch(() => undefined);
  const identity = child.pid === undefined ? undefined : identifyChild(child.pid);
  if (!identity) {
    for (const { mine } of Object.values(pipes) as PipeEnds[]) closeSync(mine);
    removeNotes(exitFile);
    await Promise.race([failed, new Promise((resolve) => setImmediate(resolve))]);
    throw new Error('The command ended before it was started');
  }
  return new Session(child, identity, pipes, order.terminal !== undefined, options);
};

/** A command inside another container, which ends with whoever listens to it, and with the agent. */
export class Session implements Attachable<OutputSink> {
  readonly identity: ProcessIdentity;
  /** How it ended, once all it printed was passed on. */
  readonly ended: Promise<Exit>;
  readonly #options: SessionOptions;
  readonly #hasTerminal: boolean;
  readonly #fan: OutputFan;
  readonly #stdin: Socket;
  /** What the guard waits for the end of. */
  readonly #lifeline: Socket | undefined;
  #terminal: string | undefined;
  /** Leaders of groups of their own below it, as they were when it was ended. */
  #leaders: readonly number[] = [];
  #hasInput = false;
  #isRunning = true;
  #stdinError: Error | undefined;
  #lastData = 0;

  constructor(
    child: ChildProcess,
    identity: ProcessIdentity,
    { stdin, stdout, stderr }: SessionPipes,
    hasTerminal: boolean,
    options: SessionOptions,
  ) {
    this.identity = identity;
    this.#options = options;
    this.#hasTerminal = hasTerminal;
    this.#lifeline = lifelineOf(child);
    this.#lifeline?.on('error', () => undefined);
    this.#stdin = new Socket({ fd: stdin.mine, readable: false, writable: true });
    this.#stdin.on('error', (error) => {
      this.#stdinError = error;
    });
    const sources = [
      ['STDOUT', readingSocket(stdout.mine)],
      ['STDERR', readingSocket(stderr.mine)],
    ] as const;
    for (const [, source] of sources) {
      source.on('data', () => {
        this.#lastData++;
      });
    }
    this.#fan = new OutputFan(sources, options.clock);
    this.ended = this.#follow(child);
  }

  attachOutput(sink: OutputSink): () => void {
    this.#fan.attach(sink);
    return () => this.#fan.detach(sink);
  }

  openInput(): ContainerInput | undefined {
    if (this.#hasInput) return undefined;
    this.#hasInput = true;
    return {
      write: (bytes) => this.#write(bytes),
      endStdin: () => {
        if (!this.#hasTerminal) this.#stdin.end();
      },
      resize: this.#hasTerminal ? (size) => this.#resize(size) : undefined,
      release: () => {
        this.#hasInput = false;
      },
      over: this.ended.then(() => undefined),
    };
  }

  /** Kills it with all that descends from it. */
  end(): void {
    const below = descendantsOf(this.identity.pid) ?? [];
    this.#leaders = below.flatMap(({ pid, group }) => (pid === group ? [pid] : []));
    this.#options.killer.kill(this.identity, SHELL_DEADLINE_MS);
    // Nobody takes what it would still say.
    this.#fan.close();
  }

  /** Tells those who listen that this was all. */
  endOutput(): void {
    this.#fan.end();
  }

  async #follow(child: ChildProcess): Promise<Exit> {
    await new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.#isRunning = false;
    const { killer, exitFile } = this.#options;
    this.#lifeline?.destroy();
    this.#stdin.destroy();
    for (const pid of [this.identity.pid, ...this.#leaders]) killer.sweep(pid);
    this.#giveUpOutput();
    await this.#fan.ended;
    const note = readExitNote(exitFile);
    removeNotes(exitFile);
    return note.type === 'ended' ? note.exit : { type: 'unknown' };
  }

  /** A process that got away from its session may hold the output open for ever. */
  #giveUpOutput(): void {
    const seen = this.#lastData;
    this.#options.clock.setTimer(LEFT_OUTPUT_LOOK_MS, () => {
      if (!this.#fan.isWaiting && seen === this.#lastData) this.#fan.close();
      else this.#giveUpOutput();
    });
  }

  #write(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#stdinError) return reject(this.#stdinError);
      if (this.#stdin.writableEnded || this.#stdin.destroyed)
        return reject(new Error('The standard input was closed'));
      this.#stdin.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** The first size is set on the way to the command; a later one must not be overtaken by it. */
  async #resize(size: TTYInfoWindowSize): Promise<void> {
    const { exitFile, clock } = this.#options;
    while (this.#isRunning && readExitNote(exitFile).type === 'none') await pause(clock, START_LOOK_MS);
    this.#terminal ??= descendantsOf(this.identity.pid)
      ?.map(({ pid }) => terminalOfProcess(pid))
      .find((terminal) => terminal !== undefined);
    if (this.#terminal === undefined) throw new Error('The terminal is gone');
    await setWindowSize(requireProgram(this.#options.programs, 'stty'), this.#terminal, size);
  }
}

const lifelineOf = ({ stdio }: ChildProcess): Socket | undefined => {
  const opened: unknown = [...stdio].at(LIFELINE);
  return opened instanceof Socket ? opened : undefined;
};

const readingSocket = (fd: number): Socket => new Socket({ fd, readable: true, writable: false });
