import { spawn } from 'node:child_process';
import { findHostPrograms, requireProgram } from '../processes/host-programs.ts';
import { keptApart } from '../processes/kept-apart.ts';
import { namespacesUnlike } from '../processes/namespaces.ts';
import { PROBE_PROGRAM } from './probe-program.ts';

/** What to look for on the loopback address; with a scheme by HTTP, else whether somebody listens. */
export interface LoopbackProbe {
  readonly scheme?: string;
  readonly host: string;
  readonly port: number;
  readonly path?: string;
}

/** A program that does not end by itself gets so much longer. */
const SPARE_MS = 5_000;
const LONGEST_ANSWER = 16;

/** Whether a container's loopback address is another than the agent's. */
export const hasOwnNetwork = (pid: number): boolean => namespacesUnlike(pid).includes('net');

/** Probes from inside of the network namespace of a process; gives what the program of the probe printed. */
export const probeInside = (pid: number, probe: LoopbackProbe, timeoutMs: number): Promise<string> =>
  new Promise((resolve) => {
    const nsenter = requireProgram(findHostPrograms(), 'nsenter');
    const words = [
      `--target=${pid}`,
      '--net',
      '--',
      process.execPath,
      '-e',
      PROBE_PROGRAM,
      JSON.stringify({ ...probe, timeoutMs }),
    ];
    const child = keptApart(['ignore', 'pipe', 'ignore'], (stdio) =>
      spawn(nsenter, words, { cwd: '/', env: {}, stdio }),
    );
    const timer =
      timeoutMs === 0 ? undefined : setTimeout(() => child.kill('SIGKILL'), timeoutMs + SPARE_MS).unref();
    let printed = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(0, LONGEST_ANSWER);
    });
    const end = (): void => {
      clearTimeout(timer);
      resolve(printed);
    };
    child.once('error', end);
    child.once('close', end);
  });
