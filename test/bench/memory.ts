import { readdir, readFile, readlink } from 'node:fs/promises';

/** Proportional set size of a process in MB: shared pages count in part, so that sums are honest. */
export const memoryOf = async (pid: number): Promise<number> => {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]);
  return kilobytes / 1024;
};

/**
 * Processes that run in a folder or below it: tasks, each with the shell that waits for it. They descend from nobody that is
 * known: what starts them does not stay.
 */
const processesIn = async (folder: string): Promise<number[]> => {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const place = await readlink(`/proc/${name}/cwd`).catch(() => '');
    if (place.startsWith(`${folder}/`)) found.push(Number(name));
  }
  return found;
};

/** What all tasks below a folder take, in MB; one that ends meanwhile takes nothing. */
export const memoryOfTasksIn = async (folder: string): Promise<number> => {
  let sum = 0;
  for (const pid of await processesIn(folder)) sum += await memoryOf(pid).catch(() => 0);
  return sum;
};
