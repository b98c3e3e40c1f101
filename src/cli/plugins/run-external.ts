import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { errorMessage } from '../../runtime/error-message.ts';
import { installationFolder } from '../../runtime/installation.ts';
import type { CliConfig } from '../cli-config.ts';
import { type CurrentCluster, currentCluster, currentClusterName } from '../clusters/current-cluster.ts';
import { plenumHome } from '../clusters/plenum-home.ts';
import { CliError } from '../errors/cli-error.ts';
import { CommandExit } from '../errors/command-exit.ts';
import { stopListeningForInterrupts } from '../interrupts.ts';
import { type ExternalCommand, findExternal } from './external-command.ts';
import { pluginsFolder } from './plugin-store.ts';

const SIGNAL_BASE = 128;

/** The program that a word stands for that is none of Plenum's own commands. */
export const externalCommand = (
  name: string,
  { terminal: { env } }: CliConfig,
): ExternalCommand | undefined => {
  const home = plenumHome(env);
  return findExternal(name, { home, cluster: currentClusterName({ home, env }), env });
};

/**
 * Runs a program as a command, with everything that was typed behind its name and with the cluster in its environment
 * (cli.md 13.4). Throws CommandExit with the exit code of the program.
 */
export const runExternal = async (
  command: ExternalCommand,
  args: readonly string[],
  config: CliConfig,
): Promise<never> => {
  const typed = command.isPlugin ? [command.name, ...args] : args;
  const variables = clusterVariables(command.name, config);
  const code = await run(command.program, typed, { ...config.terminal.env, ...variables });
  throw new CommandExit(code);
};

/** Ctrl-C reaches the program by itself, which decides what becomes of it; a request to end is passed on. */
const run = (program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> =>
  new Promise((resolve, reject) => {
    stopListeningForInterrupts();
    const child = spawn(program, [...args], { env, stdio: 'inherit' });
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('error', (error) => {
      reject(new CliError('failed', `${program} cannot be run: ${errorMessage(error)}`, { cause: error }));
    });
    child.on('close', (code, signal) =>
      resolve(code ?? SIGNAL_BASE + (signal ? constants.signals[signal] : 0)),
    );
  });

/** Nothing of a cluster when none is chosen: the program may need none. */
const clusterVariables = (command: string, { version, terminal: { env } }: CliConfig): NodeJS.ProcessEnv => {
  const home = plenumHome(env);
  const common = {
    DCOS_CLI_EXECUTABLE_PATH: join(installationFolder(), 'bin', 'plenum'),
    DCOS_CLI_VERSION: version,
    PLENUM_HOME: home,
  };
  let cluster: CurrentCluster;
  try {
    cluster = currentCluster({ home, env });
  } catch (error) {
    if (error instanceof CliError) return common;
    throw error;
  }
  const { name, url, token, ca, isInsecure, settings = {} } = cluster;
  return {
    ...common,
    PLENUM_CLUSTER: name,
    DCOS_URL: url,
    ...(token === undefined ? {} : { DCOS_ACS_TOKEN: token }),
    ...(url.startsWith('http:') || isInsecure ? { DCOS_TLS_INSECURE: '1' } : {}),
    ...(ca === undefined ? {} : { DCOS_TLS_CA_PATH: authorityFile(home, name, ca) }),
    ...settingVariables(command, settings),
  };
};

/** `kafka.foo` is DCOS_KAFKA_FOO to the command kafka. */
const settingVariables = (
  command: string,
  settings: Readonly<Record<string, string>>,
): Record<string, string> => {
  const section = `${command}.`;
  const own = Object.entries(settings).filter(([key]) => key.startsWith(section));
  return Object.fromEntries(
    own.map(([key, value]) => [`DCOS_${key.replace(/[.-]/g, '_').toUpperCase()}`, value]),
  );
};

const authorityFile = (home: string, cluster: string, ca: string): string => {
  const folder = pluginsFolder(home, cluster);
  const file = join(folder, '.authority.pem');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(file, ca, { mode: 0o644 });
  return file;
};
