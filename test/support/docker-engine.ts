import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from './wait-for.ts';

export interface DockerEngine {
  readonly socket: string;
  /** Makes an image out of a tar archive of its files. */
  importImage(name: string, tar: Buffer): Promise<void>;
  /** JSON of an answer. */
  ask(method: string, path: string): Promise<unknown>;
  close(): Promise<void>;
}

/** Whether a container engine can be started here: by root, where Debian's docker.io is installed. */
export const hasDockerEngine = (): boolean =>
  process.getuid?.() === 0 && spawnSync('dockerd', ['--version']).status === 0;

/** A container engine of the test's own, without networks of its own: it changes nothing of the machine's. */
export const startDockerEngine = async (): Promise<DockerEngine> => {
  const folder = mkdtempSync(join(tmpdir(), 'plenum-docker-'));
  const socket = join(folder, 'docker.sock');
  const engine = spawn(
    'dockerd',
    [
      ...[
        '--host',
        `unix://${socket}`,
        '--data-root',
        join(folder, 'data'),
        '--exec-root',
        join(folder, 'exec'),
      ],
      ...['--pidfile', join(folder, 'pid'), '--bridge=none', '--iptables=false', '--ip-masq=false'],
      ...['--storage-driver=vfs', '--log-level=error'],
    ],
    { stdio: 'ignore' },
  );
  const ask = (method: string, path: string, body?: Buffer): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const request = http.request(
        { socketPath: socket, method, path, headers: { Host: 'engine' } },
        (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => {
            text += chunk.toString('utf8');
          });
          response.on('end', () => {
            if ((response.statusCode ?? 500) >= 400) reject(new Error(text));
            else
              resolve(
                text.startsWith('{') || text.startsWith('[') ? JSON.parse(text.split('\n')[0] ?? '') : text,
              );
          });
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  await waitFor('the container engine', async () => (await ask('GET', '/_ping')) === 'OK', {
    timeoutMs: 60_000,
  });
  return {
    socket,
    ask,
    importImage: async (name, tar) => {
      const [repository = '', tag = 'latest'] = name.split(':');
      await ask('POST', `/images/create?fromSrc=-&repo=${encodeURIComponent(repository)}&tag=${tag}`, tar);
    },
    close: () => stop(engine, folder),
  };
};

const stop = async (engine: ChildProcess, folder: string): Promise<void> => {
  const exited = once(engine, 'exit');
  engine.kill('SIGTERM');
  await exited;
  // What it has mounted goes with it, but for what a crash has left.
  const mounts = execFileSync('cat', ['/proc/self/mounts'], { encoding: 'utf8' });
  for (const line of mounts.split('\n').reverse()) {
    const path = line.split(' ')[1] ?? '';
    if (path.startsWith(folder)) spawnSync('umount', ['--lazy', path]);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
};
