import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installationFolder } from '../runtime/installation.ts';
import { stopListeningForInterrupts } from './interrupts.ts';

/** Programs of bin/plenum-daemon, which are bundles of their own so that the command line stays small. */
export type Program = 'agent' | 'router' | 'server' | 'service';

interface Loader {
  run(program: Program, args: readonly string[]): void;
  load(name: string): unknown;
}

/**
 * Becomes another program within this process, as `exec` would do it: the same process id, standard streams and signals.
 * It ends when it thinks fit, with an exit code of its own.
 */
export const becomeProgram = (program: Program, args: readonly string[]): void => {
  stopListeningForInterrupts();
  loader().run(program, args);
};

/** What the simulator exports: a bundle of its own, too, and loaded by the one command that wants it. */
export const loadSimulator = <Simulator>(): Simulator => loader().load('simulation') as Simulator;

const loader = (): Loader => {
  const require = createRequire(import.meta.url);
  return require(join(installationFolder(), 'bin', 'loader.cjs')) as Loader;
};

type FlagValue = string | number | boolean | readonly string[] | undefined;

/** Flags as arguments, in the form that programs read: `--name value`, repeated for each value of several. A switch is `true` or `false`. */
export const programArguments = (flags: Readonly<Record<string, FlagValue>>): string[] =>
  Object.entries(flags).flatMap(([name, value]) => {
    const values = Array.isArray(value) ? value : [value];
    return values.flatMap((one) => (one === undefined ? [] : [`--${name}`, String(one)]));
  });
