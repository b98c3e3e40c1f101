import { execFile } from 'node:child_process';
import type { ExternalVolume, VolumeDriver } from './volume-driver.ts';

const MAX_OUTPUT_BYTES = 1024 * 1024;
const LONGEST_QUOTE = 400;

/** Volumes by the program dvdcli, as Mesos has them: what it prints for `mount` is the folder. */
export const dvdcliDriver = (program: string, timeoutMs: number): VolumeDriver => {
  const run = (command: 'mount' | 'unmount', { driver, name, options }: ExternalVolume): Promise<string> =>
    new Promise((resolve, reject) => {
      const words = [
        command,
        `--volumedriver=${driver}`,
        `--volumename=${name}`,
        ...(command === 'mount'
          ? Object.entries(options).map(([key, value]) => `--volumeopts=${key}=${value}`)
          : []),
      ];
      const limits = { timeout: timeoutMs, killSignal: 'SIGKILL' as const, maxBuffer: MAX_OUTPUT_BYTES };
      execFile(program, words, limits, (error, stdout, stderr) => {
        if (!error) return resolve(stdout.trim());
        const said = (stderr.trim() || stdout.trim()).replace(/\s+/g, ' ').slice(0, LONGEST_QUOTE);
        const why = error.killed ? `it was not done after ${timeoutMs / 1_000} s` : said || error.message;
        reject(new Error(`The driver '${driver}' cannot ${command} '${name}' by ${program}: ${why}`));
      });
    });
  return {
    mount: async (volume) => {
      const folder = await run('mount', volume);
      if (folder.startsWith('/') && !folder.includes('\n')) return folder;
      throw new Error(`The driver '${volume.driver}' did not say where it has mounted '${volume.name}'`);
    },
    unmount: async (volume) => {
      await run('unmount', volume);
    },
  };
};
