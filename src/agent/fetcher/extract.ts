import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { errorMessage } from '../../runtime/error-message.ts';
import { runTool } from './run-tool.ts';

type Unpack = (archive: string, folder: string, signal: AbortSignal) => Promise<void>;

/** Unpacks an archive into a folder, by the suffix of the name; false when it is none. */
export const extract = async (
  { archive, name, folder }: { archive: string; name: string; folder: string },
  signal: AbortSignal,
): Promise<boolean> => {
  const unpack = UNPACKERS.find(([suffixes]) =>
    suffixes.some((suffix) => name.toLowerCase().endsWith(suffix)),
  )?.[1];
  if (!unpack) return false;
  try {
    await unpack(archive, folder, signal);
  } catch (error) {
    throw new Error(`${name} cannot be unpacked: ${errorMessage(error)}`);
  }
  return true;
};

/** Whether a file of this name is an archive that is unpacked. */
export const isArchive = (name: string): boolean =>
  UNPACKERS.some(([suffixes]) => suffixes.some((suffix) => name.toLowerCase().endsWith(suffix)));

/** A plain .gz is one file; it is unpacked beside the archive, where the caller puts it. */
export const gunzip = async (archive: string, target: string): Promise<void> => {
  try {
    await pipeline(createReadStream(archive), createGunzip(), createWriteStream(target));
  } catch (error) {
    await rm(target, { force: true });
    throw new Error(`it cannot be unpacked: ${errorMessage(error)}`);
  }
};

const untar: Unpack = async (archive, folder) => {
  await pipeline(createReadStream(archive), await tarUnpacker(folder));
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
    await Promise.all([ended, pipeline(child.stdout, await tarUnpacker(folder))]);
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
