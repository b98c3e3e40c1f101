import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../../runtime/clock.ts';
import type { Log } from '../../runtime/log.ts';
import type { ProcessIdentity } from '../core/state.ts';
import { readComplaint, readExitNote } from './exit-notes.ts';
import { type HostPrograms, requireProgram } from './host-programs.ts';
import { keptApart } from './kept-apart.ts';
import { type LaunchSlot, LaunchSlots } from './launch-slots.ts';
import { LAUNCHER_VARIABLES, launchText } from './launch-text.ts';
import type { LaunchedProcess, LaunchOrder } from './launcher.ts';
import { descendantsOf, identify, isAlive } from './process-table.ts';
import { quote, quoteAll } from './shell-words.ts';

export interface LauncherProcessOptions {
  /** For its pipes. */
  folder: string;
  programs: HostPrograms;
  clock: Clock;
  log: Log;
}

/** The launcher ended before the launch was under way: another one may try. */
export class LauncherDied extends Error {
  constructor() {
    super('The launcher ended');
  }
}

/** A launch from its order until its command runs. */
interface Launch {
  readonly order: LaunchOrder;
  readonly slot: LaunchSlot;
  /** The waiting shell, while it sets things up. */
  forked?: number;
  /** The same, once it waits. */
  shell?: ProcessIdentity;
  readonly resolve: (launched: LaunchedProcess) => void;
  readonly reject: (error: Error) => void;
}

/** As many launches at a time as have got no leave yet; the others wait for their turn. */
const SLOTS = 32;
/** How often launches are looked at of which nothing was heard. */
const LOOK_EVERY_MS = 100;
const LONGEST_SETUP_MS = 60_000;

/**
 * One shell that launches. It is told shell commands on its standard input. On its standard output it, and the waiting
 * shells that it starts, say what has become of each launch: `forked TOKEN PID`, `waiting TOKEN` when the command of a
 * new root folder is loaded, `ready TOKEN PID` when the shell waits for leave, `taken TOKEN` when it has its leave,
 * `ended TOKEN`; and `hidden TOKEN STATUS` of an old root folder.
 */
export class LauncherProcess {
  readonly #child: ChildProcess;
  readonly #programs: HostPrograms;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #launches = new Map<string, Launch>();
  readonly #ends = new Map<string, () => void>();
  readonly #slots: Promise<LaunchSlots>;
  #tokens = 0;
  #isUsable = true;
  #isLooking = false;

  constructor({ folder, programs, clock, log }: LauncherProcessOptions) {
    this.#programs = programs;
    this.#clock = clock;
    this.#log = log;
    this.#child = keptApart(['pipe', 'pipe', 'pipe'], (stdio) =>
      spawn('/bin/sh', [], { cwd: '/', env: {}, detached: true, stdio }),
    );
    this.#child.unref();
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) {
      stream?.on('error', () => undefined);
      if (stream instanceof Socket) stream.unref();
    }
    this.#child.stderr?.on('data', (text) => {
      this.#log.warn({ text: String(text).trim() }, 'the launcher complains');
      this.#look();
    });
    this.#child.once('error', () => this.#die());
    this.#child.once('exit', () => this.#die());
    this.#slots = this.#open(Array.from({ length: SLOTS }, (_, index) => join(folder, String(index))));
    this.#slots.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether it can be told launches. */
  get isUsable(): boolean {
    return this.#isUsable;
  }

  async launch(order: LaunchOrder): Promise<LaunchedProcess> {
    const slot = await (await this.#slots).take();
    try {
      if (!this.#isUsable) throw new LauncherDied();
      const token = String(++this.#tokens);
      const text = launchText(order, { token, pipe: slot.path, programs: this.#programs });
      return await new Promise((resolve, reject) => {
        this.#launches.set(token, { order, slot, resolve, reject });
        this.#child.stdin?.write(text);
        this.#clock.setTimer(LONGEST_SETUP_MS, () => this.#giveUp(token));
        this.#look();
      });
    } catch (error) {
      slot.free();
      throw error;
    }
  }

  /** It is told nothing any more, and ends; launches that are under way go on. */
  retire(): void {
    this.#isUsable = false;
    this.#child.stdin?.end();
    void this.#slots.then((slots) => slots.close()).catch(() => undefined);
  }

  /** The agent stops: what has no leave yet never gets it. */
  abandonAll(): void {
    for (const { slot, shell, forked } of this.#launches.values()) {
      if (shell) kill(shell.pid);
      else if (forked !== undefined) kill(forked);
      slot.free();
    }
    this.#launches.clear();
    this.retire();
  }

  #open(pipes: readonly string[]): Promise<LaunchSlots> {
    const mkfifo = requireProgram(this.#programs, 'mkfifo');
    const variables = Object.entries(LAUNCHER_VARIABLES).map(([name, script]) => `${name}=${quote(script)}`);
    this.#child.stdin?.write(
      `${variables.join('\n')}\n${quoteAll([mkfifo, '-m', '600', ...pipes])} && echo up\n`,
    );
    return new Promise((resolve, reject) => {
      this.#child.once('exit', () => reject(new LauncherDied()));
      this.#child.once('error', () => reject(new LauncherDied()));
      let rest = '';
      this.#child.stdout?.on('data', (data) => {
        const lines = `${rest}${data}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          if (line === 'up') resolve(new LaunchSlots(pipes));
          else this.#hear(line);
        }
      });
    });
  }

  #hear(line: string): void {
    const [what, token = '', number] = line.split(' ');
    const launch = this.#launches.get(token);
    switch (what) {
      case 'forked':
        if (launch) launch.forked = Number(number);
        break;
      case 'waiting':
        // The first of two lines: everything that is to run in the new root folder is loaded.
        launch?.slot.say(token);
        break;
      case 'ready':
        this.#ready(token, Number(number));
        break;
      case 'hidden':
        if (number === '0') this.#wait(token);
        else this.#fail(token, 'The old root folder cannot be taken out of sight');
        break;
      case 'taken':
        this.#launches.delete(token);
        launch?.slot.free();
        break;
      case 'ended':
        this.#ends.get(token)?.();
        this.#ends.delete(token);
        this.#fail(token);
        break;
    }
  }

  /** A shell waits. One with a root folder of its own has what it came from taken out of its sight first, from outside. */
  #ready(token: string, pid: number): void {
    const launch = this.#launches.get(token);
    const shell = identify(pid);
    // A shell that nobody waits for any more was given up by now.
    if (!launch) {
      kill(pid);
      return;
    }
    if (!shell) {
      this.#fail(token);
      return;
    }
    launch.shell = shell;
    if (launch.order.isolation?.rootfs === undefined) {
      this.#wait(token);
      return;
    }
    // To enter a namespace leads to what was mounted last on its root: the old root, with the host's programs.
    const [nsenter, umount] = [
      requireProgram(this.#programs, 'nsenter'),
      requireProgram(this.#programs, 'umount'),
    ];
    const hide = quoteAll([nsenter, `--mount=/proc/${pid}/ns/mnt`, '--', umount, '-l', '/']);
    this.#child.stdin?.write(`${hide} </dev/null >/dev/null; echo "hidden ${token} $?"\n`);
  }

  #wait(token: string): void {
    const launch = this.#launches.get(token);
    if (!launch?.shell) return;
    const { shell, slot } = launch;
    const ended = new Promise<void>((resolve) => this.#ends.set(token, resolve));
    launch.resolve({
      identity: shell,
      release: () => slot.say(token),
      abandon: () => {
        kill(shell.pid);
        this.#launches.delete(token);
        slot.free();
      },
      ended,
    });
  }

  /** A launch that ended before its command ran; whoever waits for it hears why. */
  #fail(token: string, message?: string): void {
    const launch = this.#launches.get(token);
    if (!launch) return;
    this.#launches.delete(token);
    launch.slot.free();
    const { shell, forked } = launch;
    const below = forked === undefined ? [] : (descendantsOf(forked) ?? []);
    for (const pid of [shell?.pid, ...below.map((row) => row.pid), forked]) if (pid !== undefined) kill(pid);
    launch.reject(new Error(message ?? reasonNoted(launch) ?? 'Killed before its command ran'));
  }

  #giveUp(token: string): void {
    if (this.#launches.get(token)?.shell === undefined) this.#fail(token, 'Its start took too long');
  }

  /** Finds launches whose process has ended without a word, as long as there are any under way. */
  #look(): void {
    if (this.#isLooking || this.#launches.size === 0) return;
    this.#isLooking = true;
    this.#clock.setTimer(LOOK_EVERY_MS, () => {
      this.#isLooking = false;
      for (const [token, launch] of this.#launches) if (isGone(launch)) this.#hear(`ended ${token}`);
      this.#look();
    });
  }

  #die(): void {
    if (this.#isUsable) this.retire();
    for (const [token, launch] of this.#launches) {
      // What was forked goes on by itself; of the others nobody will hear.
      if (launch.forked !== undefined || launch.shell) continue;
      this.#launches.delete(token);
      launch.slot.free();
      launch.reject(new LauncherDied());
    }
  }
}

const isGone = ({ shell, forked, order }: Launch): boolean => {
  if (shell) return !isAlive(shell);
  return forked === undefined ? readComplaint(order.exitFile) !== undefined : identify(forked) === undefined;
};

const reasonNoted = ({ shell, forked, order }: Launch): string | undefined => {
  const note = readExitNote(order.exitFile);
  if (note.type === 'failed') return note.message;
  return shell === undefined && forked === undefined ? readComplaint(order.exitFile) : undefined;
};

/** Never the first process of the machine, which is what a shell may take itself for. */
const kill = (pid: number): void => {
  if (pid <= 1) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
};
