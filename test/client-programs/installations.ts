import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './start-program.ts';

/** A folder outside the repository that holds an installed client. */
export interface Installation {
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

/** One with programs to start. */
export interface InstalledPrograms extends Installation {
  /** The path of a program. */
  readonly program: (name: string) => string;
}

const INSTALL_MS = 240_000;

/** Nothing is left when the installation fails. */
const install = async (name: string, fill: (folder: string) => Promise<void>): Promise<Installation> => {
  const folder = await mkdtemp(join(tmpdir(), `plenum-${name}-`));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await fill(folder);
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder, remove };
};

const withPrograms = (installation: Installation): InstalledPrograms => ({
  ...installation,
  program: (name) => join(installation.folder, 'bin', name),
});

/** Builds commands of Go modules; what go.mod and go.sum beside the tests pin is what is built. */
export const installGo = async (
  go: string,
  sources: string,
  packages: readonly string[],
): Promise<InstalledPrograms> =>
  withPrograms(
    await install('go', async (folder) => {
      for (const file of ['go.mod', 'go.sum']) await copyFile(join(sources, file), join(folder, file));
      await runProgram(go, ['build', '-o', `${folder}/bin/`, ...packages], {
        cwd: folder,
        env: { GOWORK: 'off', GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local' },
        timeoutMs: INSTALL_MS,
      });
    }),
  );

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
): Promise<InstalledPrograms> =>
  withPrograms(
    await install(name, async (folder) => {
      const own = join(folder, 'bin', 'python');
      const pip = (args: readonly string[], env: Record<string, string> = {}) =>
        runProgram(own, ['-m', 'pip', 'install', '--quiet', ...args], {
          env: { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_WARN_CONFLICTS: '1', ...env },
          timeoutMs: INSTALL_MS,
        });
      await runProgram(python, ['-m', 'venv', folder], { timeoutMs: INSTALL_MS });
      if (packages.length > 0) await pip(packages);
      const modules = join(folder, 'while-building');
      await mkdir(modules);
      for (const [module, source] of Object.entries(whileBuilding)) {
        await writeFile(join(modules, `${module}.py`), source);
      }
      if (alone.length > 0) {
        await pip(['--no-deps', '--no-build-isolation', '--ignore-requires-python', ...alone], {
          PYTHONPATH: modules,
        });
      }
      if (atStart === undefined) return;
      const { stdout } = await runProgram(own, [
        '-c',
        'import sysconfig; print(sysconfig.get_path("purelib"))',
      ]);
      await writeFile(join(stdout.trim(), 'sitecustomize.py'), atStart);
    }),
  );

/** A folder with the jars that a pom.xml asks for in `lib`. */
export const installMaven = (name: string, sources: string): Promise<Installation> =>
  install(name, async (folder) => {
    await copyFile(join(sources, 'pom.xml'), join(folder, 'pom.xml'));
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${join(folder, 'lib')}`];
    await runProgram('mvn', ['--quiet', '--batch-mode', ...goal], { cwd: folder, timeoutMs: INSTALL_MS });
  });

/** A folder with npm packages in node_modules. */
export const installNpm = (name: string, packages: readonly string[]): Promise<Installation> =>
  install(name, async (folder) => {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
    await runProgram('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], {
      cwd: folder,
      timeoutMs: INSTALL_MS,
    });
  });
