import type { CommandInfo } from '../../mesos/generated/mesos.ts';
import { isShellName } from './shell-words.ts';

/** A shell command, or a program and its arguments, of which the first is only the name that the program is told. */
export const commandLine = ({
  command,
  environment,
}: {
  command: CommandInfo;
  environment: Readonly<Record<string, string>>;
}): string[] => {
  const { shell = true, value, arguments: args = [] } = command;
  if (shell) return ['/bin/sh', '-c', value ?? ''];
  const program = [value ?? args[0] ?? '', ...args.slice(1)];
  // Shells drop variables whose names they could not write themselves; env hands them on.
  const unusual = Object.entries(environment).filter(([name]) => !isShellName(name));
  return unusual.length === 0
    ? program
    : ['env', ...unusual.map(([name, text]) => `${name}=${text}`), ...program];
};
