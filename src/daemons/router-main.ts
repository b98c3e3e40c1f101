import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMesosClient } from '../clients/mesos-client.ts';
import type { PortRange } from '../router/made-up-ports.ts';
import { startRouter } from '../router/start-router.ts';
import { systemClock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { readSecretFile } from '../security/secret-file.ts';
import { type DaemonOptions, OptionError, readOptions } from './daemon-options.ts';
import { masterOfAgent } from './master-of-agent.ts';
import { type RunningDaemon, runDaemon } from './run-daemon.ts';

const OPTIONS = [
  'marathon',
  'token-file',
  'ca-file',
  'group',
  'bind',
  'http-port',
  'https-port',
  'app-id-port',
  'status-host',
  'port',
  'hostname',
  'ssl-certs',
  'health-check',
  'strict-mode',
  'allow-templates',
  'min-serv-port-ip-per-task',
  'max-serv-port-ip-per-task',
  'haproxy',
  'max-connections',
  'drain-seconds',
  'read-seconds',
  'reload-seconds',
  'log-file',
];

/** The program router: HAProxy in front of what Marathon runs. As a task it finds Marathon by itself. */
export const main = (args: readonly string[]): Promise<void> =>
  runDaemon(() => {
    const options = readOptions(OPTIONS, args);
    return {
      part: 'router',
      logFile: options.optionalText('log-file'),
      start: (log) => startDaemon(options, log),
    };
  });

const startDaemon = async (options: DaemonOptions, log: Log): Promise<RunningDaemon> => {
  const rules = {
    groups: options.texts('group').length > 0 ? options.texts('group') : ['external'],
    isHealthDemanded: options.optionalText('health-check') !== 'false',
    isStrict: options.flag('strict-mode'),
    areTemplatesAllowed: options.flag('allow-templates'),
    madeUpPorts: madeUpPortsOf(options),
  };
  const listen = {
    bindAddress: bindAddressOf(options),
    httpPort: options.port('http-port'),
    httpsPort: options.port('https-port'),
    appIdPort: options.optionalText('app-id-port') === undefined ? undefined : options.port('app-id-port'),
    certificates: options.texts('ssl-certs'),
    maxConnections: optionalNumberOf(options, 'max-connections'),
    drainSeconds: numberOf(options, 'drain-seconds', 3_600),
  };
  const urls = options.texts('marathon').length > 0 ? options.urls('marathon') : await marathonOfTask();
  const tokenFile = options.optionalText('token-file');
  const caFile = options.optionalText('ca-file');
  const token = tokenFile === undefined ? process.env.PLENUM_TOKEN : readSecretFile(tokenFile).trim();
  const tls = caFile === undefined ? undefined : { ca: readFileSync(caFile, 'utf8') };
  // Sockets take short paths, and a sandbox has none.
  const folder = mkdtempSync(join(tmpdir(), 'plenum-router-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const router = await startRouter({
    marathons: urls.map((url) => ({ url, token, ...(tls ? { tls } : {}) })),
    rules,
    listen,
    status: {
      host: options.optionalText('status-host') ?? '127.0.0.1',
      port: options.port('port'),
      hostnames: options.texts('hostname'),
    },
    executable: options.optionalText('haproxy') ?? 'haproxy',
    folder,
    readEveryMs: 1_000 * numberOf(options, 'read-seconds', 60),
    reloadEveryMs: 1_000 * numberOf(options, 'reload-seconds', 1),
    clock: systemClock,
    log,
    onEnded: (reason) => {
      log.error({ reason }, 'the router cannot go on');
      process.exit(1);
    },
  });
  return { addresses: { router: router.url }, close: router.close };
};

const bindAddressOf = (options: DaemonOptions): string => {
  const address = options.optionalText('bind') ?? '127.0.0.1';
  if (address !== '*' && isIP(address) === 0) {
    throw new OptionError(`--bind takes an IP address or *, not ${address}`);
  }
  return address;
};

const madeUpPortsOf = (options: DaemonOptions): PortRange => {
  const first = options.port('min-serv-port-ip-per-task');
  const last = options.port('max-serv-port-ip-per-task');
  if (first <= last) return { first, last };
  throw new OptionError(
    `--min-serv-port-ip-per-task (${first}) is above --max-serv-port-ip-per-task (${last})`,
  );
};

const numberOf = (options: DaemonOptions, name: string, usual: number): number =>
  optionalNumberOf(options, name) ?? usual;

const optionalNumberOf = (options: DaemonOptions, name: string): number | undefined => {
  const text = options.optionalText(name);
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new OptionError(`--${name} takes a whole number from 1 on, not ${text}`);
};

const MARATHON = 'marathon';

/** The Marathon of the cluster that runs this as a task: where its framework says that it can be seen. */
const marathonOfTask = async (): Promise<string[]> => {
  const [url = ''] = await masterOfAgent(process.env, '--marathon');
  const { frameworks } = await createMesosClient({ url }).getStateSummary();
  const urls = frameworks.filter(({ name }) => name === MARATHON).map(({ webui_url }) => webui_url);
  const known = urls.filter((one): one is string => one !== undefined && one !== '');
  if (known.length > 0) return known;
  throw new OptionError(`The master at ${url} knows no framework ${MARATHON}: name it by --marathon URL`);
};
