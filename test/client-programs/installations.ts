import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './start-program.ts';

/** A folder outside the repository that holds an installed client. */
export interface Installation {
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

const INSTALL_MS = 240_000;

const createInstallation = async (name: string): Promise<Installation> => {
  const folder = await mkdtemp(join(tmpdir(), `plenum-${name}-`));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
};

/** Builds commands of Go modules; what go.mod and go.sum beside the tests pin is what is built. */
export const installGo = async (
  go: string,
  sources: string,
  packages: readonly string[],
): Promise<Installation & { readonly program: (name: string) => string }> => {
  const installation = await createInstallation('go');
  const { folder } = installation;
  for (const file of ['go.mod', 'go.sum']) await copyFile(join(sources, file), join(folder, file));
  await runProgram(go, ['build', '-o', `${folder}/bin/`, ...packages], {
    cwd: folder,
    env: { GOWORK: 'off', GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local' },
    timeoutMs: INSTALL_MS,
  });
  return { ...installation, program: (name) => join(folder, 'bin', name) };
};

/** What pip is to do, one call after the other. */
export interface PythonPackages {
  /** With all that they need. */
  readonly packages?: readonly string[];
  /** Alone: what they declare to need is no more to be had, or not needed. */
  readonly alone?: readonly string[];
  /** Modules that stand in for those of an older Python while packages are built: name to source. */
  readonly whileBuilding?: Readonly<Record<string, string>>;
  /** Run at each start of this Python. */
  readonly atStart?: string;
}

/** A virtual environment with pinned packages. */
export const installPython = async (
  python: string,
  name: string,
  { packages = [], alone = [], whileBuilding = {}, atStart }: PythonPackages,
): Promise<Installation & { readonly program: (name: string) => string }> => {
  const installation = await createInstallation(name);
  const { folder } = installation;
  const program = (command: string): string => join(folder, 'bin', command);
  await runProgram(python, ['-m', 'venv', folder], { timeoutMs: INSTALL_MS });
  const pip = (args: readonly string[], env: Record<string, string> = {}) =>
    runProgram(program('python'), ['-m', 'pip', 'install', '--quiet', ...args], {
      env: { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_WARN_CONFLICTS: '1', ...env },
      timeoutMs: INSTALL_MS,
    });
  if (packages.length > 0) await pip(packages);
  if (alone.length > 0) {
    const modules = join(folder, 'while-building');
    await mkdir(modules);
    for (const [module, source] of Object.entries(whileBuilding)) {
      await writeFile(join(modules, `${module}.py`), source);
    }
    await pip(['--no-deps', '--no-build-isolation', '--ignore-requires-python', ...alone], {
      PYTHONPATH: modules,
    });
  }
  if (atStart !== undefined) {
    const { stdout } = await runProgram(program('python'), [
      '-c',
      'import sysconfig; print(sysconfig.get_path("purelib"))',
    ]);
    await writeFile(join(stdout.trim(), 'sitecustomize.py'), atStart);
  }
  return { ...installation, program };
};

/** A folder with the jars that a pom.xml asks for in `lib`. */
export const installMaven = async (name: string, sources: string): Promise<Installation> => {
  const installation = await createInstallation(name);
  const { folder } = installation;
  await copyFile(join(sources, 'pom.xml'), join(folder, 'pom.xml'));
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${join(folder, 'lib')}`];
  await runProgram('mvn', ['--quiet', '--batch-mode', ...goal], { cwd: folder, timeoutMs: INSTALL_MS });
  return installation;
};

/** A folder with npm packages in node_modules. */
export const installNpm = async (name: string, packages: readonly string[]): Promise<Installation> => {
  const installation = await createInstallation(name);
  const { folder } = installation;
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
  await runProgram('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], {
    cwd: folder,
    timeoutMs: INSTALL_MS,
  });
  return installation;
};
