import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import type { MountPlan } from '../isolators/preparation-parts.ts';

/** Where a container finds it. */
const FOLDER = '/mnt/mesos/rights';
const LOADER = `${FOLDER}/loader`;

/**
 * The program setpriv for a container with a root folder of its own, whose image hardly has it: commands that enter the
 * container later as root must be able to lose rights once they are inside, and not before. The files are mounted one by
 * one, so that nothing else of the host can be reached by them, and cannot be written to. None where the machine does not
 * tell which files they are: then nothing can enter that container.
 */
export const setprivMounts = (setpriv: string): MountPlan[] => {
  const files = librariesOf(setpriv);
  const loader = files.find((path) => /^(ld-|ld64)/.test(basename(path)));
  if (loader === undefined) return [];
  return [
    mount(setpriv, `${FOLDER}/setpriv`),
    mount(loader, LOADER),
    ...files.filter((path) => path !== loader).map((path) => mount(path, `${FOLDER}/${basename(path)}`)),
  ];
};

/** How it is run inside. */
export const SETPRIV_INSIDE: readonly string[] = [LOADER, '--library-path', FOLDER, `${FOLDER}/setpriv`];

const mount = (source: string, target: string): MountPlan => ({
  source,
  target,
  type: 'bind',
  isReadOnly: true,
});

/** The files that the loader would load, itself among them. */
const librariesOf = (program: string): string[] => {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  return [...(stdout ?? '').matchAll(/(?:=> |^\s+)(\/\S+) \(/gm)].flatMap(([, path]) => path ?? []);
};
