import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { keptApart } from '../processes/kept-apart.ts';
import { isObject, type JsonObject } from './cni-config.ts';

/** One call of a plugin, in the words of the CNI specification. */
export interface CniCall {
  readonly command: 'ADD' | 'DEL';
  readonly containerId: string;
  /** File of the network namespace. */
  readonly namespace: string;
  readonly interfaceName: string;
  /** What it reads on its standard input. */
  readonly config: JsonObject & { readonly type: string };
}

const MAX_OUTPUT_BYTES = 1024 * 1024;
const LONGEST_QUOTE = 400;

/**
 * Runs a plugin that is a program. Gives what it printed, or an empty object for nothing. Rejects, for people, when it is
 * not there, fails, prints what is no JSON object, or is not done in time; it is killed then, with what it has started.
 */
export const runCniPlugin = (
  call: CniCall,
  { folders, timeoutMs }: { folders: readonly string[]; timeoutMs: number },
): Promise<JsonObject> =>
  new Promise((resolve, reject) => {
    const { type } = call.config;
    const fail = (what: string): void => reject(new Error(`The plugin '${type}' ${what}`));
    const program = folders.map((folder) => join(folder, type)).find(isExecutable);
    if (program === undefined) {
      const where = folders.length === 0 ? 'no --network_cni_plugins_dir is given' : folders.join(', ');
      return fail(`is not on this machine (${where})`);
    }
    const child = keptApart(['pipe', 'pipe', 'pipe'], (stdio) =>
      spawn(program, [], { env: environmentOf(call, folders), stdio, detached: true }),
    );
    const printed = { stdout: '', stderr: '' };
    const end = (): void => {
      clearTimeout(timer);
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Nothing of it is left.
      }
    };
    const timer = setTimeout(() => {
      end();
      fail(`was not done with ${call.command} after ${timeoutMs / 1_000} s`);
    }, timeoutMs);
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        printed[name] += text;
        if (printed[name].length <= MAX_OUTPUT_BYTES) return;
        end();
        fail('printed more than 1 MB');
      });
    }
    child.once('error', (error) => {
      end();
      fail(`cannot be run: ${error.message}`);
    });
    child.once('close', (code, signal) => {
      end();
      if (code === 0) {
        const value = printed.stdout.trim() === '' ? {} : parsed(printed.stdout);
        if (isObject(value)) return resolve(value);
        return fail(`printed what is no JSON object: ${shortened(printed.stdout)}`);
      }
      const how = code === null ? `was ended by ${signal}` : `exited with ${code}`;
      fail(`${how}: ${faultIn(printed)}`);
    });
    // One that ends without reading is told about by its exit code.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(JSON.stringify(call.config));
  });

const environmentOf = (call: CniCall, folders: readonly string[]): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  CNI_COMMAND: call.command,
  CNI_CONTAINERID: call.containerId,
  CNI_NETNS: call.namespace,
  CNI_IFNAME: call.interfaceName,
  CNI_PATH: folders.join(':'),
});

/** The specification's form of an error has `msg` and `details`. */
const faultIn = ({ stdout, stderr }: { stdout: string; stderr: string }): string => {
  const value = parsed(stdout);
  if (isObject(value) && typeof value.msg === 'string') {
    const { msg, details } = value;
    return shortened(typeof details === 'string' && details !== '' ? `${msg}: ${details}` : msg);
  }
  return shortened(stderr.trim() || stdout.trim() || 'it did not say why');
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What a stranger prints goes into messages as one line. */
const shortened = (text: string): string =>
  text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_QUOTE);

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
