import { execFile } from 'node:child_process';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { CliError } from '../errors/cli-error.ts';
import { parsePluginManifest } from './plugin-manifest.ts';
import {
  findPlugin,
  isPluginName,
  PLUGIN_FILE,
  type Plugin,
  type PluginCommand,
  PROGRAMS_FOLDER,
  pluginsFolder,
  stagingFolder,
} from './plugin-store.ts';
import { unpackZip } from './unpack-zip.ts';

export interface PluginFile {
  /** An archive or a program, told apart by its content. */
  readonly file: string;
  /** What it is called where it comes from. */
  readonly fileName: string;
  /** The name of the plugin, where it is known. */
  readonly name?: string | undefined;
  readonly package?: Plugin['package'];
  /** Whether one of that name is replaced. */
  readonly isUpdate: boolean;
}

const INFO_LIMIT_MS = 5_000;
const ZIP_MARK = 0x504b0304;
const PROGRAM = /^(?:dcos|plenum)-([A-Za-z0-9][A-Za-z0-9._-]*?)(?:\.exe)?$/;

/**
 * Installs a plugin for a cluster (cli.md 13.8): unpacked beside its place, and put there whole. Throws CliError when it
 * brings no command, or is there already.
 */
export const installPlugin = async (home: string, cluster: string, plugin: PluginFile): Promise<Plugin> => {
  const staging = stagingFolder(home, cluster);
  try {
    const programs = join(staging, PROGRAMS_FOLDER);
    await mkdir(programs);
    const fallback =
      plugin.name ??
      basename(plugin.fileName)
        .replace(/\.(zip|exe)$/, '')
        .replace(PROGRAM, '$1');
    if (await isZip(plugin.file)) await unpackZip(plugin.file, programs);
    else await placeProgram(plugin.file, programs, fallback);
    const manifest = await readManifest(programs);
    const name = manifest?.name ?? fallback;
    if (!isPluginName(name)) throw new CliError('failed', `"${name}" cannot name a plugin`);
    if (!plugin.isUpdate && findPlugin(home, cluster, name)) {
      throw new CliError('conflict', `'${name}' is already installed`, { hint: '--update replaces it' });
    }
    const commands = await commandsOf(programs, manifest?.commands ?? []);
    if (commands.length === 0) throw new CliError('failed', `${name} has no commands`);
    const facts = { name, commands, ...(plugin.package ? { package: plugin.package } : {}) };
    await writeFile(join(staging, PLUGIN_FILE), `${JSON.stringify(facts, undefined, 2)}\n`);
    const folder = join(pluginsFolder(home, cluster), name);
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder);
    return { ...facts, folder };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
};

const isZip = async (file: string): Promise<boolean> => {
  const handle = await open(file).catch((error: unknown) => {
    throw new CliError('not-found', `There is no file ${file}`, { cause: error });
  });
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.readUInt32BE(0) === ZIP_MARK;
  } finally {
    await handle.close();
  }
};

const placeProgram = async (file: string, programs: string, name: string): Promise<void> => {
  if (!isPluginName(name)) throw new CliError('failed', `"${name}" cannot name a plugin`);
  await mkdir(join(programs, 'bin'));
  const program = join(programs, 'bin', `dcos-${name}`);
  await copyFile(file, program);
  await chmod(program, 0o751);
};

const readManifest = async (programs: string) => {
  const text = await readFile(join(programs, 'plugin.toml'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parsePluginManifest(text);
};

/** Those of the manifest, else every program `bin/dcos-NAME`. */
const commandsOf = async (programs: string, told: readonly PluginCommand[]): Promise<PluginCommand[]> => {
  const found = told.length > 0 ? told : await findPrograms(programs);
  const commands: PluginCommand[] = [];
  for (const { name, path, description } of found) {
    if (!isPluginName(name)) throw new CliError('failed', `"${name}" cannot name a command`);
    const program = await checkProgram(programs, path);
    commands.push({ name, path, description: description || (await askDescription(program, name)) });
  }
  return commands;
};

const findPrograms = async (programs: string): Promise<PluginCommand[]> => {
  const folders = process.platform === 'win32' ? ['bin', 'Scripts'] : ['bin'];
  const lists = folders.map(async (folder) => {
    const names = await readdir(join(programs, folder)).catch(() => []);
    return names.sort().flatMap((file): PluginCommand[] => {
      const [, name] = PROGRAM.exec(file) ?? [];
      return name === undefined ? [] : [{ name, path: `${folder}/${file}`, description: '' }];
    });
  });
  return (await Promise.all(lists)).flat();
};

/** A program of the plugin's own, made executable. */
const checkProgram = async (programs: string, path: string): Promise<string> => {
  const program = join(programs, path);
  const real = await realpath(program).catch(() => '');
  const isOwn = real.startsWith((await realpath(programs)) + sep) && (await lstat(real)).isFile();
  if (!isOwn) throw new CliError('failed', `The plugin has no program ${path}`);
  await chmod(program, 0o751);
  return program;
};

/** As the DC/OS command line asks for it; a program that does not answer soon has no description. */
const askDescription = (program: string, command: string): Promise<string> =>
  new Promise((resolve) => {
    const options = { timeout: INFO_LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 } as const;
    const child = execFile(program, [command, '--info'], options, (error, stdout) => {
      const [line = ''] = stdout.split('\n');
      resolve(
        error
          ? ''
          : line
              .replace(/\p{Cc}+/gu, ' ')
              .trim()
              .slice(0, 200),
      );
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end();
  });
