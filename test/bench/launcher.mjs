/**
 * How many commands a second the agent's launchers start, by the size of the process that wants them started:
 * node test/bench/launcher.mjs. Each size is a process of its own that holds so much memory.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const SIZES_MB = [60, 250, 450];
const LAUNCHES = 300;

const measure = async (bundle, kind, sizeMB) => {
  const { DirectLauncher, ShellLauncher, findHostPrograms, silentLog, systemClock } = await import(bundle);
  // Launchers keep no process alive.
  const alive = setInterval(() => undefined, 1000);
  const held = [];
  while (process.memoryUsage().rss < sizeMB * 1e6) held.push(Buffer.alloc(4e6, 1));
  const folder = mkdtempSync(join(tmpdir(), 'plenum-launcher-'));
  const launcher =
    kind === 'posix'
      ? new DirectLauncher()
      : new ShellLauncher({
          folder: join(folder, 'pipes'),
          programs: findHostPrograms(),
          clock: systemClock,
          log: silentLog,
        });
  const run = async (index) => {
    const launched = await launcher.launch({
      command: ['/bin/true'],
      environment: { PATH: '/usr/bin:/bin' },
      sandbox: folder,
      exitFile: join(folder, `exit-${index}`),
      stdout: join(folder, 'stdout'),
      stderr: join(folder, 'stderr'),
      user: undefined,
    });
    launched.release();
    await launched.ended;
  };
  await run('first');
  const startedMs = performance.now();
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < LAUNCHES; index = next++) await run(index);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  const seconds = (performance.now() - startedMs) / 1000;
  launcher.close();
  rmSync(folder, { recursive: true, force: true });
  clearInterval(alive);
  console.log(
    `${kind}\t${Math.round(process.memoryUsage().rss / 1e6)} MB\t${Math.round(LAUNCHES / seconds)} launches/s`,
  );
  // Held until here.
  process.exit(held.length === 0 && sizeMB > 100 ? 1 : 0);
};

const [, , bundle, kind, size] = process.argv;
if (bundle) await measure(bundle, kind, Number(size));
else {
  const folder = mkdtempSync(join(tmpdir(), 'plenum-launcher-'));
  const outfile = join(folder, 'launchers.mjs');
  const sources = [
    'agent/processes/direct-launcher',
    'agent/processes/shell-launcher',
    'agent/processes/host-programs',
    'runtime/log',
    'runtime/clock',
  ];
  const root = fileURLToPath(new URL('../../src/', import.meta.url));
  await build({
    stdin: { contents: sources.map((name) => `export * from './${name}.ts';`).join('\n'), resolveDir: root },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  const { NODE_EXTRA_CA_CERTS: _slow, ...env } = process.env;
  for (const sizeMB of SIZES_MB) {
    for (const launcher of ['posix', 'linux']) {
      const args = [fileURLToPath(import.meta.url), pathToFileURL(outfile).href, launcher, String(sizeMB)];
      spawnSync(process.execPath, args, { stdio: 'inherit', env });
    }
  }
  rmSync(folder, { recursive: true, force: true });
}
