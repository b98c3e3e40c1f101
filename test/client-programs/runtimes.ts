import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The oldest versions that the clients' pinned releases are built with here. */
const OLDEST_GO = [1, 19];
const OLDEST_PYTHON = [3, 9];
/** Runs a program from its source, and knows its `switch`. */
const OLDEST_JAVA = [17, 0];

/** The `go` command, or nothing, which is said. */
export const findGo = (): string | undefined => {
  const found = ['go', '/usr/local/go/bin/go'].find((command) =>
    isRecent(versionOf(command, 'version'), OLDEST_GO),
  );
  return found ?? missing(`Go ${OLDEST_GO.join('.')} or newer`);
};

/** A Python 3 that makes environments with pip in them, or nothing, which is said. */
export const findPython = (): string | undefined => {
  const candidates = ['python3', '/usr/bin/python3', ...pythonsOnPath(), ...pythonsOfPyenv()];
  const found = candidates.find(
    (command) => isRecent(versionOf(command, '--version'), OLDEST_PYTHON) && makesEnvironments(command),
  );
  return found ?? missing(`Python ${OLDEST_PYTHON.join('.')} or newer with venv`);
};

/** The `java` command, when `mvn` is there too, or nothing, which is said. */
export const findJava = (): string | undefined => {
  const isThere =
    isRecent(versionOf('java', '--version'), OLDEST_JAVA) && isRecent(versionOf('mvn', '--version'), [3, 0]);
  return isThere ? 'java' : missing(`Java ${OLDEST_JAVA[0]} or newer with Maven`);
};

const versionOf = (command: string, argument: string): readonly number[] => {
  const { stdout, status } = spawnSync(command, [argument], { encoding: 'utf8', timeout: 20_000 });
  const [, major, minor] = (status === 0 && /(\d+)\.(\d+)/.exec(stdout)) || [];
  return [Number(major ?? 0), Number(minor ?? 0)];
};

const isRecent = ([major = 0, minor = 0]: readonly number[], [wanted = 0, least = 0]: readonly number[]) =>
  major > wanted || (major === wanted && minor >= least);

const makesEnvironments = (command: string): boolean =>
  spawnSync(command, ['-c', 'import venv, ensurepip'], { timeout: 20_000 }).status === 0;

const pythonsOnPath = (): string[] =>
  (process.env.PATH ?? '').split(delimiter).flatMap((folder) =>
    namesIn(folder)
      .filter((name) => /^python3\.\d+$/.test(name))
      .map((name) => join(folder, name)),
  );

const pythonsOfPyenv = (): string[] => {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  return namesIn(versions).map((name) => join(versions, name, 'bin', 'python'));
};

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/** Vitest does not tell why a test was skipped. */
const missing = (what: string): undefined => {
  process.stderr.write(`skipped: ${what} is not installed\n`);
  return undefined;
};
