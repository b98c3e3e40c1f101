import type { CommandInfo } from '../../mesos/generated/mesos.ts';
import { parameterEffects, splitAt } from '../docker/docker-parameters.ts';
import type { ContainerConfig, IsolatorFactory, Preparation } from './isolator.ts';
import type { ImageConfig } from './preparation-parts.ts';

/**
 * Starts what an image says, where it says (mesos.md 6.4, docker/runtime). Its variables are applied along with all
 * others, below the command's own.
 */
export const dockerRuntime: IsolatorFactory = ({ flags }) => ({
  name: 'docker/runtime',
  prepare: async (config) => {
    if (!config.image || flags.docker_ignore_runtime === 'true') return undefined;
    return config.container?.docker ? asEngine(config, config.image) : asMesos(config.command, config.image);
  },
});

const asMesos = (command: CommandInfo, image: ImageConfig): Preparation => {
  const words = commandOfImage(command, image);
  return {
    ...(words ? { commandLine: words } : {}),
    ...(image.workingDir === undefined ? {} : { workingDirectory: image.workingDir }),
  };
};

/**
 * What is run, out of a command and an image's Entrypoint and Cmd; undefined leaves the command alone. Throws, with Mesos'
 * words, when there is nothing to run.
 */
export const commandOfImage = (command: CommandInfo, image: ImageConfig): string[] | undefined => {
  const { shell = true, value, arguments: args = [] } = command;
  const { entrypoint, cmd } = image;
  if (value !== undefined) return undefined;
  if (shell) throw new Error('Shell specified but no command value provided');
  const start = entrypoint.length > 0 ? entrypoint : cmd.slice(0, 1);
  const usual = entrypoint.length > 0 ? cmd : cmd.slice(1);
  if (start.length === 0) throw new Error('No executable is found');
  return [...start, ...(args.length > 0 ? args : usual)];
};

/** As `docker run` does it: whatever the command says comes after the image's entrypoint, in place of its Cmd. */
const asEngine = ({ command, container }: ContainerConfig, image: ImageConfig): Preparation => {
  const { config, environment } = parameterEffects(container?.docker?.parameters ?? []);
  const { shell = true, value, arguments: args = [] } = command;
  const { Entrypoint, WorkingDir, Hostname } = config;
  const workingDirectory = textOf(WorkingDir) ?? image.workingDir;
  const hostname = textOf(Hostname);
  const entrypoint = Array.isArray(Entrypoint) ? Entrypoint.map(String) : image.entrypoint;
  const words = [...(value === undefined ? [] : [value]), ...args];
  const isOwnEntrypoint = Array.isArray(Entrypoint);
  const usual = isOwnEntrypoint ? [] : image.cmd;
  const whole = [...entrypoint, ...(words.length > 0 ? words : usual)];
  if (!(shell && value !== undefined) && whole.length === 0) throw new Error('No executable is found');
  return {
    commandLine: shell && value !== undefined ? ['/bin/sh', '-c', value] : whole,
    environment: Object.fromEntries(environment.map((text) => splitAt(text, '='))),
    ...(workingDirectory === undefined ? {} : { workingDirectory }),
    ...(hostname === undefined ? {} : { hostname }),
  };
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
