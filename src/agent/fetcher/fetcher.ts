import { writeSync } from 'node:fs';
import { chmod, chown, copyFile, cp, lstat, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CommandInfoURI } from '../../mesos/generated/mesos.ts';
import type { Clock } from '../../runtime/clock.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { UserIdentity } from '../processes/system-user.ts';
import { FileCache } from './cache.ts';
import { contentLength, downloadFile } from './download-file.ts';
import { extract, gunzip, isArchive } from './extract.ts';
import { copyInto, MavenResolver } from './maven.ts';
import { runTool } from './run-tool.ts';
import { type Download, parseUri, type Source } from './uri.ts';
import { verifyChecksum } from './verify-checksum.ts';

export interface FetchOptions {
  containerId: string;
  uris: readonly CommandInfoURI[];
  sandbox: string;
  user: UserIdentity | undefined;
  /** Open file that the report goes to. */
  stderr: number;
  signal: AbortSignal;
}

export interface FetcherOptions {
  /** Where the cache and scratch files are. */
  folder: string;
  clock: Clock;
  cacheBytes?: number;
  stallTimeoutMs?: number;
  /** Where relative paths begin (--frameworks_home). */
  frameworksHome?: string;
}

export interface FetcherCounters {
  succeeded: number;
  failed: number;
}

/** Brings what commands need into their sandboxes (mesos.md 6.3), and from the package registries that people use. */
export class Fetcher {
  readonly cache: FileCache;
  readonly counters: FetcherCounters = { succeeded: 0, failed: 0 };
  readonly #options: FetcherOptions;
  readonly #maven: MavenResolver;

  constructor(options: FetcherOptions) {
    this.#options = options;
    this.cache = new FileCache(join(options.folder, 'cache'), options.cacheBytes);
    this.#maven = new MavenResolver(join(options.folder, 'scratch'), options.clock);
  }

  /** Fetches one URI after the other. Rejects with the text of the task's last status. */
  async fetch(options: FetchOptions): Promise<void> {
    const { uris, stderr, containerId, sandbox, user } = options;
    try {
      for (const uri of uris) {
        const download = parseUri(uri, this.#options.frameworksHome);
        await this.#fetchOne(download, options).catch((error: unknown) => {
          throw new Error(`${download.shown}: ${errorMessage(error)}`);
        });
        writeSync(stderr, `Fetched ${download.shown} into ${download.output}\n`);
      }
      if (user) await chownTree(sandbox, user);
      this.counters.succeeded++;
    } catch (error) {
      this.counters.failed++;
      const reason = errorMessage(error);
      writeSync(stderr, `Failed to fetch ${reason}\n`);
      throw new Error(`Failed to fetch all URIs for container '${containerId}': ${reason}`);
    }
  }

  async #fetchOne(download: Download, options: FetchOptions): Promise<void> {
    options.signal.throwIfAborted();
    const target = join(options.sandbox, download.output);
    await mkdir(dirname(target), { recursive: true });
    const { source } = download;
    switch (source.type) {
      case 'http':
        return this.#fetchHttp(download, source.url, target, options);
      case 'file':
        return this.#fetchLocal(download, source.path, target, options);
      case 'maven':
        return this.#fetchMaven(download, source, target, options);
      case 'npm':
        return installNpm(source, target, options.signal);
      case 'mirror':
        return this.#fetchMirrored(download, source, target, options);
      case 'tool':
        await runTool(source.program, source.arguments(target), {
          signal: options.signal,
          hint: `install ${source.program} to fetch ${source.scheme}: URIs`,
        });
        return finish(download, target, options);
    }
  }

  async #fetchHttp(download: Download, url: string, target: string, options: FetchOptions): Promise<void> {
    const { clock, stallTimeoutMs } = this.#options;
    const { signal } = options;
    const common = { url, clock, ...(stallTimeoutMs === undefined ? {} : { stallTimeoutMs }) };
    const key = JSON.stringify([options.user?.uid ?? null, url, download.checksum?.digest]);
    const bytes = download.isCached ? await contentLength(url, signal) : undefined;
    // What does not fit, or does not say how large it is, goes past the cache.
    if (bytes === undefined || !this.cache.hasRoomFor(key, bytes)) {
      await downloadFile({ ...common, target, signal });
      return finish(download, target, options);
    }
    // A download that others share must not end because one of them is killed.
    const shared = new AbortController().signal;
    await this.cache.with(
      { key, bytes },
      async (path) => {
        await downloadFile({ ...common, target: path, signal: shared });
        if (download.checksum) await removeUnlessRight(path, download);
      },
      async (path) => {
        // As in Mesos, a cached archive is unpacked from the cache and does not lie in the sandbox itself.
        if (download.isExtracted && isArchive(download.output)) return finish(download, path, options);
        await copyFile(path, target);
        await finish(download, target, options);
      },
    );
  }

  async #fetchLocal(download: Download, path: string, target: string, options: FetchOptions): Promise<void> {
    if ((await stat(path)).isDirectory()) {
      await cp(path, target, { recursive: true });
      return;
    }
    await copyFile(path, target);
    await finish(download, target, options);
  }

  /** A folder comes as an archive, which nobody but this fetcher has to know. */
  async #fetchMirrored(
    download: Download,
    { url, of }: Extract<Source, { type: 'mirror' }>,
    target: string,
    options: FetchOptions,
  ): Promise<void> {
    const isFolder = of.type === 'npm' || of.isTransitive;
    if (!isFolder) return this.#fetchHttp(download, url, target, options);
    const archive = `${target}.${process.hrtime.bigint()}.tar.gz`;
    try {
      await this.#fetchHttp({ ...download, isExtracted: false, isCached: false }, url, archive, options);
      await mkdir(target, { recursive: true });
      await extract({ archive, name: archive, folder: target }, options.signal);
    } finally {
      await rm(archive, { force: true });
    }
  }

  async #fetchMaven(
    download: Download,
    source: Extract<Source, { type: 'maven' }>,
    target: string,
    options: FetchOptions,
  ): Promise<void> {
    const files = await this.#maven.resolve(source);
    try {
      if (source.isTransitive) return await copyInto(files, target);
      const [file] = files;
      if (file === undefined) throw new Error('mvn named no file');
      await copyFile(file, target);
    } catch (error) {
      this.#maven.forget(source);
      throw error;
    }
    await finish(download, target, options);
  }
}

/** Checks a file that has arrived, and makes it what was asked for: a program, the contents of an archive, or a file. */
const finish = async (download: Download, path: string, { sandbox, signal }: FetchOptions): Promise<void> => {
  if (download.checksum) await removeUnlessRight(path, download);
  if (download.isExecutable) await chmod(path, 0o755);
  if (!download.isExtracted) return;
  const folder = dirname(join(sandbox, download.output));
  const isUnpacked = await extract({ archive: path, name: download.output, folder }, signal);
  if (isUnpacked || !download.output.toLowerCase().endsWith('.gz')) return;
  await gunzip(path, join(sandbox, download.output.slice(0, -'.gz'.length)));
};

const removeUnlessRight = async (path: string, { checksum }: Download): Promise<void> => {
  if (!checksum) return;
  try {
    await verifyChecksum(path, checksum);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
};

/** Installs a package with what it depends on: TARGET/node_modules, its programs in TARGET/node_modules/.bin. */
const installNpm = async (
  { name, version }: Extract<Source, { type: 'npm' }>,
  target: string,
  signal: AbortSignal,
): Promise<void> => {
  await mkdir(target, { recursive: true });
  const flags = ['--no-audit', '--no-fund', '--no-update-notifier', '--omit=dev', '--loglevel=error'];
  const hint = 'install npm to fetch npm: URIs';
  await runTool('npm', ['install', ...flags, '--prefix', target, '--', `${name}@${version}`], {
    signal,
    hint,
  });
};

const chownTree = async (path: string, user: UserIdentity): Promise<void> => {
  const found = await lstat(path);
  // A link may lead to what is not the task's, such as a volume of the host.
  if (found.isSymbolicLink()) return;
  await chown(path, user.uid, user.gid);
  if (!found.isDirectory()) return;
  for (const name of await readdir(path)) await chownTree(join(path, name), user);
};
