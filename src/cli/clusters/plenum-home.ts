import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The folder of all of Plenum's files: PLENUM_HOME, else ~/.plenum. */
export const plenumHome = (env: Readonly<NodeJS.ProcessEnv>): string =>
  env.PLENUM_HOME ? resolve(env.PLENUM_HOME) : join(homedir(), '.plenum');
