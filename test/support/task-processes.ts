import { readdirSync, readFileSync } from 'node:fs';

/**
 * The processes of this machine that tasks run as, by the ids of the tasks: those that carry MESOS_TASK_ID and whose command
 * line begins with `program`. A number that a task itself says may mean nothing outside of its container.
 */
export const taskProcesses = (program: string): Map<string, number[]> => {
  const found = new Map<string, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || !readText(`/proc/${name}/cmdline`).startsWith(`${program}\0`)) continue;
    const [, id] = /(?:^|\0)MESOS_TASK_ID=([^\0]*)/.exec(readText(`/proc/${name}/environ`)) ?? [];
    if (id !== undefined) found.set(id, [...(found.get(id) ?? []), Number(name)]);
  }
  return found;
};

const readText = (file: string): string => {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    // It has ended.
    return '';
  }
};
