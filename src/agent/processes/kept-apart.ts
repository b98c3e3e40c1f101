import type { IOType } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';

type Stdio = IOType | number;

const CLOSE_ON_EXEC = 0o2_000_000;

/**
 * Starts a process which gets the files that `stdio` names, and none else. Some libraries open files so that children
 * inherit them, the store its data among them; in the child they are /dev/null. Where a system does not tell which files
 * these are, nothing is changed.
 */
export const keptApart = <Child>(stdio: readonly Stdio[], start: (stdio: Stdio[]) => Child): Child => {
  const inherited = new Set(inheritableFiles().filter((file) => file >= stdio.length));
  if (inherited.size === 0) return start([...stdio]);
  const nothing = openSync('/dev/null', 'r');
  try {
    // Beyond the first three, what is ignored is left as it is: closed, when it is not inherited.
    return start(
      Array.from(
        { length: Math.max(...inherited) + 1 },
        (_, file) => stdio[file] ?? (inherited.has(file) ? nothing : 'ignore'),
      ),
    );
  } finally {
    closeSync(nothing);
  }
};

const inheritableFiles = (): number[] => {
  try {
    return readdirSync('/proc/self/fd').map(Number).filter(isInheritable);
  } catch {
    return [];
  }
};

const isInheritable = (file: number): boolean => {
  try {
    const [, flags] = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${file}`, 'utf8')) ?? [];
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    // The one that reads the folder is closed by now.
    return false;
  }
};
