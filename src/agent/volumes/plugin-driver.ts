import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { errorMessage } from '../../runtime/error-message.ts';
import type { ExternalVolume, VolumeDriver } from './volume-driver.ts';

const MAX_ANSWER_BYTES = 1024 * 1024;
const LONGEST_QUOTE = 400;

/**
 * Volumes by Docker's protocol for volume plugins: JSON over a socket, DRIVER.sock or DRIVER/DRIVER.sock in a folder, or
 * where DRIVER.spec says. `id` is who mounts, for plugins that count: the same in the agent's next life.
 */
export const pluginDriver = ({
  folder,
  id,
  timeoutMs,
}: {
  folder: string;
  id: string;
  timeoutMs: number;
}): VolumeDriver => {
  const ask = async (
    { driver, name }: ExternalVolume,
    call: string,
    body: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, unknown>>> => {
    try {
      return await post(socketOf(folder, driver), { path: `/VolumeDriver.${call}`, body, timeoutMs });
    } catch (error) {
      throw new Error(
        `The driver '${driver}' cannot ${call.toLowerCase()} '${name}': ${errorMessage(error)}`,
      );
    }
  };
  return {
    mount: async (volume) => {
      const { name, options, driver } = volume;
      // One that is there already stays as it is, says the protocol.
      await ask(volume, 'Create', { Name: name, Opts: options });
      const { Mountpoint } = await ask(volume, 'Mount', { Name: name, ID: id });
      if (typeof Mountpoint === 'string' && Mountpoint.startsWith('/')) return Mountpoint;
      throw new Error(`The driver '${driver}' did not say where it has mounted '${name}'`);
    },
    unmount: async (volume) => {
      await ask(volume, 'Unmount', { Name: volume.name, ID: id });
    },
  };
};

const socketOf = (folder: string, driver: string): string => {
  if (!/^[\w.-]+$/.test(driver) || driver.startsWith('.')) throw new Error('that is no name of a driver');
  const sockets = [join(folder, `${driver}.sock`), join(folder, driver, `${driver}.sock`)];
  const found = sockets.find(existsSync);
  if (found !== undefined) return found;
  const spec = join(folder, `${driver}.spec`);
  const [, path] = existsSync(spec) ? (/^unix:\/\/(\/\S+)\s*$/.exec(readFileSync(spec, 'utf8')) ?? []) : [];
  if (path !== undefined) return path;
  throw new Error(`there is no ${driver}.sock in ${folder}`);
};

const post = (
  socketPath: string,
  { path, body, timeoutMs }: { path: string; body: unknown; timeoutMs: number },
): Promise<Readonly<Record<string, unknown>>> =>
  new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const timer = setTimeout(
      () => outgoing.destroy(new Error(`no answer after ${timeoutMs / 1_000} s`)),
      timeoutMs,
    );
    const outgoing = http.request({
      socketPath,
      method: 'POST',
      path,
      headers: {
        Host: 'plugin',
        'Content-Type': 'application/vnd.docker.plugins.v1.1+json',
        'Content-Length': Buffer.byteLength(text),
      },
      agent: false,
    });
    outgoing.on('error', reject).on('close', () => clearTimeout(timer));
    outgoing.on('response', (answer) => {
      let received = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        received += part;
        if (received.length > MAX_ANSWER_BYTES) outgoing.destroy(new Error('its answer is larger than 1 MB'));
      });
      answer.on('error', reject).on('end', () => {
        try {
          resolve(readAnswer(answer.statusCode ?? 0, received));
        } catch (error) {
          reject(error);
        }
      });
    });
    outgoing.end(text);
  });

/** `Err` says what went wrong, with whatever status. */
const readAnswer = (status: number, text: string): Readonly<Record<string, unknown>> => {
  let value: Readonly<Record<string, unknown>> | undefined;
  try {
    value = JSON.parse(text);
  } catch {
    // Told below.
  }
  if (typeof value?.Err === 'string' && value.Err !== '') throw new Error(shortened(value.Err));
  if (status === 200 && typeof value === 'object' && value !== null) return value;
  throw new Error(`it answered ${status}: ${shortened(text)}`);
};

const shortened = (text: string): string =>
  text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_QUOTE);
