import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../test-agent.ts';

/** A folder that looks like cgroups of the second version; what the kernel would do is done by the test. */
export interface CgroupTree {
  readonly folder: string;
  /** The group of a container, which must be there. */
  groupOf(containerId: string): string;
  read(containerId: string, file: string): string;
  write(containerId: string, file: string, text: string): void;
}

export const makeCgroupTree = async (controllers = 'cpu io memory pids'): Promise<CgroupTree> => {
  const folder = await temporaryFolder();
  writeFileSync(join(folder, 'cgroup.controllers'), `${controllers}\n`);
  writeFileSync(join(folder, 'cgroup.subtree_control'), '');
  const groupOf = (containerId: string): string => {
    const root = join(folder, 'mesos');
    const agent = readdirSync(root, { withFileTypes: true }).find((entry) => entry.isDirectory());
    return join(root, agent?.name ?? '', containerId);
  };
  return {
    folder,
    groupOf,
    read: (containerId, file) => readFileSync(join(groupOf(containerId), file), 'utf8'),
    write: (containerId, file, text) => {
      if (!existsSync(groupOf(containerId))) mkdirSync(groupOf(containerId), { recursive: true });
      writeFileSync(join(groupOf(containerId), file), text);
    },
  };
};
