import { createWriteStream, writeSync } from 'node:fs';
import { chmod, copyFile, cp, lchown, lstat, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { CommandInfoURI } from '../../mesos/generated/mesos.ts';
import type { Clock } from '../../runtime/clock.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { UserIdentity } from '../processes/system-user.ts';
import { FileCache } from './cache.ts';
import { whileDiskLasts } from './disk-watch.ts';
import { contentLength, downloadFile } from './download-file.ts';
import { extract, gunzip, isArchive } from './extract.ts';
import { copyInto, MavenResolver } from './maven.ts';
import { type Place, placeIn } from './place.ts';
import { isReadableEntry, readRightsOf } from './read-rights.ts';
import { runTool } from './run-tool.ts';
import { type Download, parseUri, type Source } from './uri.ts';
import { verifyChecksum } from './verify-checksum.ts';

export interface FetchOptions {
  containerId: string;
  uris: readonly CommandInfoURI[];
  sandbox: string;
  /** Paths in the sandbox that are links to volumes. */
  volumes?: readonly string[];
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
  /** What is left of the disk for others; default: 256 MiB, and 5 % of a small disk. */
  leastFreeBytes?: number;
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
    const { clock, frameworksHome, leastFreeBytes } = this.#options;
    const disk = { folder: sandbox, signal: options.signal, clock, leastFreeBytes };
    try {
      for (const uri of uris) {
        const download = parseUri(uri, frameworksHome);
        await whileDiskLasts(disk, (signal) => this.#fetchOne(download, { ...options, signal })).catch(
          (error: unknown) => {
            throw new Error(`${download.shown}: ${errorMessage(error)}`);
          },
        );
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
    const place = await placeIn(options.sandbox, download.output, options.volumes);
    const { source } = download;
    switch (source.type) {
      case 'http':
        return this.#fetchHttp(download, source.url, place, options);
      case 'file':
        return this.#fetchLocal(download, source.path, place, options);
      case 'maven':
        return this.#fetchMaven(download, source, place, options);
      case 'npm':
        return installNpm(source, place.file, options);
      case 'mirror':
        return this.#fetchMirrored(download, source, place, options);
      case 'tool':
        await runTool(source.program, source.arguments(place.file), {
          signal: options.signal,
          hint: `install ${source.program} to fetch ${source.scheme}: URIs`,
        });
        return finish(download, place.file, place, options);
    }
  }

  async #fetchHttp(download: Download, url: string, place: Place, options: FetchOptions): Promise<void> {
    const target = place.file;
    const { clock, stallTimeoutMs } = this.#options;
    const { signal } = options;
    const common = { url, clock, ...(stallTimeoutMs === undefined ? {} : { stallTimeoutMs }) };
    const key = JSON.stringify([options.user?.uid ?? null, url, download.checksum?.digest]);
    const bytes = download.isCached ? await contentLength(url, signal) : undefined;
    // What does not fit, or does not say how large it is, goes past the cache.
    if (bytes === undefined || !this.cache.hasRoomFor(key, bytes)) {
      await downloadFile({ ...common, target, signal });
      return finish(download, target, place, options);
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
        if (download.isExtracted && isArchive(download.output)) return finish(download, path, place, options);
        await copyFile(path, target);
        await finish(download, target, place, options);
      },
    );
  }

  async #fetchLocal(download: Download, path: string, place: Place, options: FetchOptions): Promise<void> {
    const { signal } = options;
    const rights = readRightsOf(options.user);
    if ((await stat(path)).isDirectory()) {
      await cp(path, place.file, { recursive: true, filter: isReadableEntry(rights) });
      return;
    }
    const source = await rights.open(path);
    try {
      const { mode } = await source.stat();
      const output = createWriteStream(place.file, { flags: 'wx', mode: mode & 0o777 });
      await pipeline(source.createReadStream({ autoClose: false }), output, { signal });
    } finally {
      await source.close();
    }
    await finish(download, place.file, place, options);
  }

  /** A folder comes as an archive, which nobody but this fetcher has to know. */
  async #fetchMirrored(
    download: Download,
    { url, of }: Extract<Source, { type: 'mirror' }>,
    place: Place,
    options: FetchOptions,
  ): Promise<void> {
    const isFolder = of.type === 'npm' || of.isTransitive;
    if (!isFolder) return this.#fetchHttp(download, url, place, options);
    const target = place.file;
    const archive = `${target}.${process.hrtime.bigint()}.tar.gz`;
    try {
      const plain = { ...download, isExtracted: false, isCached: false };
      await this.#fetchHttp(plain, url, { ...place, file: archive }, options);
      await mkdir(target, { recursive: true });
      await extract({ archive, name: archive, folder: target }, options.signal);
    } finally {
      await rm(archive, { force: true });
    }
  }

  async #fetchMaven(
    download: Download,
    source: Extract<Source, { type: 'maven' }>,
    place: Place,
    options: FetchOptions,
  ): Promise<void> {
    const target = place.file;
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
    await finish(download, target, place, options);
  }
}

/** Checks a file that has arrived, and makes it what was asked for: a program, the contents of an archive, or a file. */
const finish = async (
  download: Download,
  path: string,
  { folder }: Place,
  { signal }: FetchOptions,
): Promise<void> => {
  if (download.checksum) await removeUnlessRight(path, download);
  if (download.isExecutable) await chmod(path, 0o755);
  if (!download.isExtracted) return;
  const isUnpacked = await extract({ archive: path, name: download.output, folder }, signal);
  if (isUnpacked || !download.output.toLowerCase().endsWith('.gz')) return;
  await gunzip(path, join(folder, basename(download.output).slice(0, -'.gz'.length)), signal);
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
  { user, signal }: FetchOptions,
): Promise<void> => {
  await mkdir(target, { recursive: true });
  const flags = ['--no-audit', '--no-fund', '--no-update-notifier', '--omit=dev', '--loglevel=error'];
  // Scripts of packages would run with the agent's rights, which are more than the task's.
  if (user && user.uid !== process.getuid?.()) flags.push('--ignore-scripts');
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
  await lchown(path, user.uid, user.gid);
  if (!found.isDirectory()) return;
  for (const name of await readdir(path)) await chownTree(join(path, name), user);
};
