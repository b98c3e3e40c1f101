import { type ChildProcess, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from '../../src/http/client.ts';
import { introducePeer } from '../../src/http/peers.ts';
import { openAuthority } from '../../src/security/authority.ts';
import { joinTokenPath } from '../../src/security/join-token.ts';
import { waitFor } from '../support/wait-for.ts';
import type { Machine, Network } from './namespaces.ts';

/** A cluster on several machines, of the built executable. */
export interface MachineCluster {
  readonly folder: string;
  readonly masterUrl: string;
  readonly gatewayUrl: string;
  readonly joinToken: string;
  readonly operatorToken: string;
  readonly caFile: string;
  /** Starts an agent on a machine; its files stay for the next start. `masterUrl`: as the agent knows it. */
  startAgent(machine: Machine, options?: { masterUrl?: string; joinToken?: string }): Agent;
  /** A GET or POST in an operator's name, answered with JSON; below the gateway unless told with a whole URL. */
  ask<T>(path: string, body?: unknown): Promise<T>;
  /** Runs the plenum executable here, against this cluster. */
  plenum(...args: string[]): Promise<{ code: number; output: string }>;
  /** Everything that any part has written to its log. */
  logs(): string;
  /** Everything that lies in files, for secrets to be looked for. */
  files(): string[];
  remove(): Promise<void>;
}

export interface Agent {
  readonly process: ChildProcess;
  readonly workFolder: string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number>;
  stop(): Promise<void>;
}

const executable = (name: string): string => join(process.cwd(), 'bin', name);

/** Pings are missed soon, so that a test need not wait for 75 seconds. */
const MASTER_FLAGS = ['--agent_ping_timeout', '2secs', '--max_agent_ping_timeouts', '3'];
/** How long after the last sign of life an agent is given up. */
export const UNREACHABLE_AFTER_MS = 6_000;

export const startMachineCluster = async (network: Network, host: Machine): Promise<MachineCluster> => {
  const folder = mkdtempSync(join(tmpdir(), 'plenum-network-'));
  const logFolder = join(folder, 'logs');
  const stateFolder = join(folder, 'control-plane');
  mkdirSync(logFolder);
  const environment = { PATH: process.env.PATH, HOME: folder, PLENUM_HOME: join(folder, 'home') };
  const started: ChildProcess[] = [];
  const start = (machine: Machine, part: string, command: readonly string[], env = {}): ChildProcess => {
    const log = openSync(join(logFolder, `${part}.log`), 'a');
    const [program = '', ...args] = [...machine.prefix, process.execPath, ...command];
    const child = spawn(program, args, { env: { ...environment, ...env }, stdio: ['ignore', log, log] });
    started.push(child);
    return child;
  };
  const masterUrl = `https://${host.address}:5050`;
  const gatewayUrl = `https://${host.address}:7400`;
  start(host, 'control-plane', [
    executable('plenum-daemon'),
    'control-plane',
    ...['--name', 'machines', '--id', '3f0c0a4e-7d0a-4b4e-9a51-0d4f5a2b1c11', '--host', host.address],
    ...['--hostname', network.testAddress, '--state-dir', stateFolder],
    ...[
      '--master-port',
      '5050',
      '--gateway-port',
      '7400',
      '--marathon-port',
      '8080',
      '--packages-port',
      '7070',
    ],
    ...MASTER_FLAGS,
  ]);
  const securityFolder = join(stateFolder, 'security');
  const joinToken = await waitFor('the join token', () =>
    readFileSync(joinTokenPath(securityFolder), 'utf8').trim(),
  );
  const authority = openAuthority(securityFolder, Date.now());
  const operatorToken = authority.tokenFor({
    sub: 'test',
    role: 'operator',
    nowMs: Date.now(),
    lifeMs: 3_600_000,
  });
  const introduce = (url: string): void =>
    introducePeer(url, { ca: authority.certificate, authorization: () => `token=${operatorToken}` });
  introduce(masterUrl);
  introduce(gatewayUrl);
  const ask: MachineCluster['ask'] = async (path, body) => {
    const { status, body: answer } = await request({
      method: body === undefined ? 'GET' : 'POST',
      url: path.startsWith('https:') ? path : gatewayUrl + path,
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (status >= 300) throw new Error(`${path} was answered ${status}: ${answer}`);
    return answer.length === 0 ? undefined : JSON.parse(answer.toString());
  };
  await waitFor('the gateway', () => ask('/metadata'), { timeoutMs: 60_000 });
  const tokenFile = join(folder, 'operator-token');
  writeFileSync(tokenFile, operatorToken, { mode: 0o600 });

  return {
    folder,
    masterUrl,
    gatewayUrl,
    joinToken,
    operatorToken,
    caFile: join(securityFolder, 'ca.pem'),
    ask,
    startAgent: (machine, options = {}) => {
      const workFolder = join(folder, machine.name);
      introduce(`https://${machine.address}:5051`);
      const child = start(
        machine,
        machine.name,
        [
          executable('plenum'),
          'agent',
          ...[
            '--master',
            options.masterUrl ?? masterUrl,
            '--host',
            machine.address,
            '--work-dir',
            workFolder,
          ],
          ...['--resources', 'cpus:4;mem:2048;disk:4096;ports:[21000-21999]'],
        ],
        { PLENUM_JOIN_TOKEN: options.joinToken ?? joinToken },
      );
      const ended = new Promise<number>((resolve) => child.on('exit', (code) => resolve(code ?? -1)));
      return {
        process: child,
        workFolder,
        ended,
        stop: async () => {
          child.kill('SIGTERM');
          await ended;
        },
      };
    },
    plenum: (...args) =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, [executable('plenum'), ...args], {
          env: { ...environment, PLENUM_HOME: join(folder, 'client') },
        });
        let output = '';
        for (const stream of [child.stdout, child.stderr]) {
          stream.on('data', (text) => {
            output += text;
          });
        }
        child.on('close', (code) => resolve({ code: code ?? -1, output }));
      }),
    logs: () =>
      readdirSync(logFolder)
        .map((file) => readFileSync(join(logFolder, file), 'utf8'))
        .join('\n'),
    files: () =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((file) => join(folder, file))
        .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile()),
    remove: async () => {
      for (const child of started) child.kill('SIGKILL');
      network.remove();
      await Promise.all(
        started.map(
          (child) =>
            child.exitCode !== null ||
            child.signalCode !== null ||
            new Promise((resolve) => child.on('exit', resolve)),
        ),
      );
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
