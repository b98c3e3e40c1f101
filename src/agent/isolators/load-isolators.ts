import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { errorMessage } from '../../runtime/error-message.ts';
import { BUILT_IN_ISOLATORS } from './built-in.ts';
import type { Isolator, IsolatorContext, IsolatorFactory } from './isolator.ts';

/** Mesos' short words for several isolators (mesos.md 6.4). */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  process: ['posix/cpu', 'posix/mem'],
  cgroups: ['cgroups/cpu', 'cgroups/mem'],
  'posix/disk': ['disk/du'],
};

/** Isolators that are of no use without another one. */
const NEEDS: Readonly<Record<string, string>> = {
  'namespaces/pid': 'filesystem/linux',
  'docker/runtime': 'filesystem/linux',
  'docker/volume': 'filesystem/linux',
  'network/cni': 'filesystem/linux',
};

/**
 * The names of a list such as `cgroups/cpu,disk/du,./my-isolator.mjs`, aliases resolved, each once. One for the file
 * system is added when none is named. Throws, for people, when two exclude each other or one lacks another.
 */
export const readIsolation = (text: string): string[] => {
  const words = text.split(',').map((word) => word.trim());
  const names = [...new Set(words.filter((word) => word !== '').flatMap((word) => ALIASES[word] ?? [word]))];
  const fileSystems = names.filter((name) => name.startsWith('filesystem/'));
  if (fileSystems.length > 1) throw new Error(`--isolation: ${fileSystems.join(' and ')} exclude each other`);
  const whole = fileSystems.length === 0 ? [...names, 'filesystem/posix'] : names;
  for (const name of whole) {
    const needed = NEEDS[name];
    if (needed !== undefined && !whole.includes(needed)) {
      throw new Error(`--isolation: ${name} needs ${needed}`);
    }
    if (!isModule(name) && !(name in BUILT_IN_ISOLATORS)) {
      throw new Error(
        `--isolation: there is no isolator '${name}'; there are ${Object.keys(BUILT_IN_ISOLATORS).join(', ')}, and modules by their path, such as ./isolator.mjs`,
      );
    }
  }
  return whole;
};

/** Makes the isolators. Rejects, for people, with the name of the first that cannot work here. */
export const loadIsolators = async (
  names: readonly string[],
  context: Omit<IsolatorContext, 'isolation'>,
): Promise<Isolator[]> => {
  const isolators: Isolator[] = [];
  for (const name of names) {
    try {
      const factory = BUILT_IN_ISOLATORS[name] ?? (await importFactory(name));
      isolators.push(await factory({ ...context, isolation: names }));
    } catch (error) {
      for (const isolator of isolators) isolator.close?.();
      throw new Error(`--isolation: ${name}: ${errorMessage(error)}`);
    }
  }
  return isolators;
};

const isModule = (name: string): boolean => /\.[cm]?js$/.test(name);

const importFactory = async (path: string): Promise<IsolatorFactory> => {
  const module: { default?: unknown } = await import(pathToFileURL(resolve(path)).href);
  if (typeof module.default !== 'function') {
    throw new Error('its default export has to be a function that makes an isolator');
  }
  return module.default as IsolatorFactory;
};
