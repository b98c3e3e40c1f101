import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MavenResolver } from '../../../src/agent/fetcher/maven.ts';
import { parseUri } from '../../../src/agent/fetcher/uri.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { errorMessage } from '../../../src/runtime/error-message.ts';

/** Whether a program of this machine runs. */
export const hasProgram = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;

/**
 * Whether this machine can run a package of a JVM service: it has the programs, and Maven gives what the package fetches.
 * Says what is missing otherwise. What it has fetched lies in Maven's local repository for the test.
 */
export const canRunJava = async (name: string): Promise<boolean> => {
  if (!hasProgram('java', '-version')) return isMissing(name, 'there is no java');
  if (!hasProgram('mvn', '--version')) return isMissing(name, 'there is no mvn');
  const folder = await mkdtemp(join(tmpdir(), 'plenum-artifacts-'));
  const resolver = new MavenResolver(folder, systemClock);
  try {
    for (const uri of await assetUris(name)) {
      const { source } = parseUri({ value: uri });
      if (source.type === 'maven') await resolver.resolve(source);
    }
    return true;
  } catch (error) {
    return isMissing(name, errorMessage(error).slice(0, 300));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Whether this machine can run a package of a service in Python: it can make an environment, and pip gives it the requirement. */
export const canRunPython = async (name: string, requirement: string): Promise<boolean> => {
  const folder = await mkdtemp(join(tmpdir(), 'plenum-python-'));
  try {
    if (!hasProgram('python3', '-m', 'venv', folder)) {
      return isMissing(name, 'there is no python3 with venv and pip');
    }
    const download = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, requirement];
    return (
      hasProgram(join(folder, 'bin', 'python3'), ...download) ||
      isMissing(name, `pip does not get ${requirement}`)
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const isMissing = (name: string, reason: string): false => {
  console.warn(`${name} is not tested: ${reason}`);
  return false;
};

const assetUris = async (name: string): Promise<string[]> => {
  const letter = name.charAt(0).toUpperCase();
  const file = join('universe', 'repo', 'packages', letter, name, '0', 'resource.json');
  const { assets }: { assets: { uris: Record<string, string> } } = JSON.parse(await readFile(file, 'utf8'));
  return Object.values(assets.uris);
};
