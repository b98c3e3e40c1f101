import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import type { ProcessIdentity } from '../core/state.ts';

/** One process of the machine. */
export interface ProcessRow {
  pid: number;
  parent: number;
  group: number;
  session: number;
  /** CPU time in seconds that it used for itself, and that the system used for it. */
  userSeconds: number;
  systemSeconds: number;
  residentBytes: number;
  threads: number;
}

const IS_LINUX = process.platform === 'linux';
/** USER_HZ and the page size are fixed on every Linux that Node.js runs on, but for a few with larger pages. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

/** The identity of a process that runs, or undefined when none does under that number. */
export const identify = (pid: number): ProcessIdentity | undefined => {
  const began = IS_LINUX ? beganOnLinux(pid) : beganElsewhere(pid);
  return began === undefined ? undefined : { pid, began };
};

/** The identity of a child of this process, which may have ended already: until its end is taken note of, it has its number. */
export const identifyChild = (pid: number): ProcessIdentity | undefined => {
  const began = IS_LINUX ? statFields(pid)?.[19] : undefined;
  return began === undefined ? identify(pid) : { pid, began: `${bootId()}/${began}` };
};

export const isAlive = ({ pid, began }: ProcessIdentity): boolean => identify(pid)?.began === began;

/** Whether the machine was started anew since that process began. Only Linux tells. */
export const isFromEarlierBoot = ({ began }: ProcessIdentity): boolean =>
  IS_LINUX && !began.startsWith(`${bootId()}/`);

/** Every process of the machine. */
export const readProcessTable = (): ProcessRow[] => (IS_LINUX ? rowsOnLinux() : rowsElsewhere());

/**
 * The processes of a session leader's tree without the leader: its session, and whatever descends from that, sessions of
 * their own included.
 */
export const treeOf = (leader: number, table: readonly ProcessRow[]): ProcessRow[] => {
  const members = new Map<number, ProcessRow>();
  const children = new Map<number, ProcessRow[]>();
  for (const row of table) {
    const siblings = children.get(row.parent);
    if (siblings) siblings.push(row);
    else children.set(row.parent, [row]);
    if (row.session === leader || row.group === leader) members.set(row.pid, row);
  }
  const pending = [leader, ...members.keys()];
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
    for (const child of children.get(pid) ?? []) {
      if (members.has(child.pid)) continue;
      members.set(child.pid, child);
      pending.push(child.pid);
    }
  }
  members.delete(leader);
  return [...members.values()];
};

/**
 * Whatever descends from a process, found by walking down from it: far cheaper than a look at all processes, but blind for
 * what has lost its parent. Undefined where the system does not list children.
 */
export const descendantsOf = (root: number): { pid: number; group: number }[] | undefined => {
  if (!IS_LINUX) return undefined;
  const found = new Map<number, number>();
  const pending = [root];
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
    const children = childrenOnLinux(pid);
    if (children === undefined) return undefined;
    for (const child of children) {
      const fields = found.has(child) ? undefined : statFields(child);
      if (!fields || hasEnded(fields)) continue;
      found.set(child, Number(fields[2]));
      pending.push(child);
    }
  }
  return [...found].map(([pid, group]) => ({ pid, group }));
};

/** Children are listed by the thread that has forked them. A process that has ended has none. */
const childrenOnLinux = (pid: number): number[] | undefined => {
  const folder = `/proc/${pid}/task`;
  let threads: string[];
  try {
    threads = readdirSync(folder);
  } catch {
    return [];
  }
  const children: number[] = [];
  for (const thread of threads) {
    try {
      const text = readFileSync(`${folder}/${thread}/children`, 'latin1');
      for (const child of text.split(' ')) if (child !== '') children.push(Number(child));
    } catch {
      // The thread has ended meanwhile, or this kernel was built without the lists.
      if (!hasListsOfChildren()) return undefined;
    }
  }
  return children;
};

const hasListsOfChildren = (): boolean => existsSync(`/proc/self/task/${process.pid}/children`);

let knownBootId: string | undefined;

const bootId = (): string => {
  knownBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return knownBootId;
};

/** Longer than any /proc/PID/stat: 52 numbers and a name of 64 bytes at most. */
const statBuffer = Buffer.allocUnsafe(2_048);

/**
 * Fields of /proc/PID/stat from the third on: the name before them may hold blanks and brackets. Read into the same
 * buffer every time: there may be thousands to read, and readFileSync takes twice as long.
 */
const statFields = (pid: number | string): string[] | undefined => {
  let file: number | undefined;
  try {
    file = openSync(`/proc/${pid}/stat`, 'r');
    const text = statBuffer.toString('latin1', 0, readSync(file, statBuffer));
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
};

const hasEnded = ([state]: readonly string[]): boolean => state === 'Z' || state === 'X';

/** Ticks since the machine started are unique only together with that start. A zombie has ended. */
const beganOnLinux = (pid: number): string | undefined => {
  const fields = statFields(pid);
  if (!fields || hasEnded(fields)) return undefined;
  return `${bootId()}/${fields[19]}`;
};

const rowsOnLinux = (): ProcessRow[] =>
  readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const fields = statFields(name);
    if (!fields || hasEnded(fields)) return [];
    const at = (index: number): number => Number(fields[index] ?? 0);
    return [
      {
        pid: Number(name),
        parent: at(1),
        group: at(2),
        session: at(3),
        userSeconds: at(11) / TICKS_PER_SECOND,
        systemSeconds: at(12) / TICKS_PER_SECOND,
        threads: at(17),
        residentBytes: at(21) * PAGE_BYTES,
      },
    ];
  });

const ps = (...args: string[]): string[] => {
  const { stdout } = spawnSync('ps', args, { encoding: 'utf8' });
  return (stdout ?? '').split('\n').filter((line) => line.trim() !== '');
};

const beganElsewhere = (pid: number): string | undefined => {
  const [line] = ps('-o', 'state=,lstart=', '-p', String(pid));
  return line === undefined || /^\s*Z/.test(line) ? undefined : line.trim().replace(/^\S+\s+/, '');
};

/** Where ps shows no session numbers, the group stands for the session. */
const rowsElsewhere = (): ProcessRow[] =>
  ps('-axo', 'pid=,ppid=,pgid=,rss=').map((line) => {
    const [pid = 0, parent = 0, group = 0, kibibytes = 0] = line.trim().split(/\s+/).map(Number);
    const residentBytes = kibibytes * 1024;
    const times = { userSeconds: 0, systemSeconds: 0, threads: 1 };
    return { pid, parent, group, session: group, residentBytes, ...times };
  });
