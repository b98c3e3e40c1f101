import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { errorMessage } from '../../runtime/error-message.ts';
import { mergeFolder, refuseForeignNames } from './merge-folder.ts';
import { makeRoom } from './place.ts';
import { runTool } from './run-tool.ts';

type Unpack = (archive: string, folder: string, signal: AbortSignal) => Promise<void>;

/**
 * Unpacks an archive into a folder, by the suffix of the name; false when it is none. It is unpacked by itself first: so it
 * meets no links of others, leaves nothing behind when it is broken, and brings no file along that is somebody else's.
 */
export const extract = async (
  { archive, name, folder }: { archive: string; name: string; folder: string },
  signal: AbortSignal,
): Promise<boolean> => {
  const unpack = UNPACKERS.find(([suffixes]) =>
    suffixes.some((suffix) => name.toLowerCase().endsWith(suffix)),
  )?.[1];
  if (!unpack) return false;
  const unpacked = await mkdtemp(join(folder, '.unpacking-'));
  try {
    await unpack(archive, unpacked, signal);
    await refuseForeignNames(unpacked);
    await mergeFolder(unpacked, folder);
  } catch (error) {
    throw new Error(`${name} cannot be unpacked: ${errorMessage(signal.aborted ? signal.reason : error)}`);
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
  return true;
};

/** Whether a file of this name is an archive that is unpacked. */
export const isArchive = (name: string): boolean =>
  UNPACKERS.some(([suffixes]) => suffixes.some((suffix) => name.toLowerCase().endsWith(suffix)));

/** A plain .gz is one file; it is unpacked beside the archive, where the caller puts it. */
export const gunzip = async (archive: string, target: string, signal: AbortSignal): Promise<void> => {
  try {
    await makeRoom(target);
    const output = createWriteStream(target, { flags: 'wx' });
    await pipeline(createReadStream(archive), createGunzip(), output, { signal });
  } catch (error) {
    await rm(target, { force: true });
    throw new Error(`it cannot be unpacked: ${errorMessage(signal.aborted ? signal.reason : error)}`);
  }
};

const untar: Unpack = async (archive, folder, signal) => {
  await pipeline(createReadStream(archive), await tarUnpacker(folder), { signal });
};

/** Compressions that Node.js does not know come through a program of the system. */
const untarThrough =
  (program: string): Unpack =>
  async (archive, folder, signal) => {
    const child = spawn(program, ['-dc', archive], { stdio: ['ignore', 'pipe', 'ignore'], signal });
    const ended = new Promise<void>((resolve, reject) => {
      child.on('error', () => reject(new Error(`${program} is not on the PATH: install it`)));
      child.on('close', (code) =>
        code === 0 ? resolve() : reject(new Error(`${program} ended with status ${code}`)),
      );
    });
    await Promise.all([ended, pipeline(child.stdout, await tarUnpacker(folder), { signal })]);
  };

/** unzip leaves out entries that lead out of the folder, with a warning and status 1. */
const unzip: Unpack = async (archive, folder, signal) => {
  const hint = 'install unzip to unpack .zip archives';
  await runTool('unzip', ['-o', '-q', archive, '-d', folder], { signal, hint });
};

/**
 * The archive's files land in the folder or the extraction fails: entries that lead elsewhere, directly or through a
 * link, are an error. The library is loaded with the first archive, as most agents never see one.
 */
const tarUnpacker = async (folder: string): Promise<NodeJS.WritableStream> => {
  const { Unpack: TarUnpack } = await import('tar');
  const unpacker = new TarUnpack({
    cwd: folder,
    onwarn: (code, message) => {
      if (code === 'TAR_ENTRY_INFO' || code === 'TAR_ENTRY_UNSUPPORTED') return;
      unpacker.emit('error', new Error(String(message)));
    },
  });
  return unpacker as unknown as NodeJS.WritableStream;
};

const UNPACKERS: readonly [suffixes: readonly string[], unpack: Unpack][] = [
  [['.tar', '.tar.gz', '.tgz'], untar],
  [['.tar.bz2', '.tbz2', '.tbz'], untarThrough('bzip2')],
  [['.tar.xz', '.txz'], untarThrough('xz')],
  [['.zip'], unzip],
];
