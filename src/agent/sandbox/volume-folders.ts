import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Removes the folders of volumes that were destroyed when the agent died before it could. */
export const removeForgottenVolumes = (workDir: string, kept: readonly string[]): void => {
  const known = new Set(kept);
  const roles = join(workDir, 'volumes', 'roles');
  for (const role of namesIn(roles)) {
    for (const id of namesIn(join(roles, role))) {
      const folder = join(roles, role, id);
      if (!known.has(folder)) rmSync(folder, { recursive: true, force: true });
    }
  }
};

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};
