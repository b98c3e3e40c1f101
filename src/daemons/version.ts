import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installationFolder } from '../runtime/installation.ts';

/** Plenum's own version. */
export const plenumVersion = (): string => {
  const { version } = JSON.parse(readFileSync(join(installationFolder(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
};
