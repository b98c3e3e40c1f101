import { homedir } from 'node:os';
import { join } from 'node:path';
import { MASTER_FLAGS } from '../master/flags/master-flags.ts';
import { MESOS_VERSION } from '../mesos/mesos-version.ts';
import { systemClock } from '../runtime/clock.ts';
import { installationFolder } from '../runtime/installation.ts';
import type { Log } from '../runtime/log.ts';
import { systemRandom } from '../runtime/random.ts';
import { openStore } from '../store/lmdb-store.ts';
import { type DaemonOptions, OptionError, readOptions } from './daemon-options.ts';
import { masterFlagsOf } from './master-flags.ts';
import { type RunningDaemon, runDaemon } from './run-daemon.ts';
import { plenumVersion } from './version.ts';

interface Running {
  readonly url: string;
  readonly ended?: Promise<string>;
  close(): Promise<void>;
}

interface Server {
  /** Beside host, port, hostname and work-dir. */
  readonly options: readonly string[];
  start(options: DaemonOptions, log: Log, store: ReturnType<typeof openStore>): Promise<Running>;
}

const common = (options: DaemonOptions, log: Log) => ({
  host: options.host('host'),
  port: options.port('port'),
  hostnames: options.texts('hostname'),
  log,
  clock: systemClock,
  random: systemRandom,
  version: plenumVersion(),
});

/** Where a server keeps its files when nobody says so: PLENUM_HOME/NAME. */
const workFolder = (name: string, options: DaemonOptions): string =>
  options.optionalText('work-dir') ?? join(process.env.PLENUM_HOME ?? join(homedir(), '.plenum'), name);

/** Each server loads only what it needs itself. */
const SERVERS: Readonly<Record<string, Server>> = {
  master: {
    options: ['cluster-name', ...MASTER_FLAGS],
    start: async (options, log, store) => {
      const { startMaster } = await import('../master/server.ts');
      const clusterName = options.optionalText('cluster-name');
      const flags = masterFlagsOf(options);
      return startMaster({
        ...common(options, log),
        version: MESOS_VERSION,
        plenumVersion: plenumVersion(),
        store,
        flags,
        ...(clusterName === undefined ? {} : { clusterName }),
      });
    },
  },
  marathon: {
    options: ['master'],
    start: async (options, log, store) => {
      const { startMarathon } = await import('../marathon/server.ts');
      return startMarathon({ ...common(options, log), store, masterUrls: options.urls('master') });
    },
  },
  packages: {
    options: ['master', 'marathon'],
    start: async (options, log, store) => {
      const { startPackages } = await import('../packages/server.ts');
      return startPackages({
        ...common(options, log),
        store,
        mesosUrl: options.url('master'),
        marathonUrl: options.url('marathon'),
        cacheDir: join(workFolder('packages', options), 'cache'),
        bundledUniverse: join(installationFolder(), 'universe'),
      });
    },
  },
};

const COMMON_OPTIONS = ['host', 'port', 'hostname', 'work-dir', 'log-file'];

/** The program server: `server master|marathon|packages OPTIONS…`, one server alone in its process. */
export const main = ([name = '', ...args]: readonly string[]): Promise<void> =>
  runDaemon(() => {
    const server = SERVERS[name];
    if (server === undefined) {
      throw new OptionError(`There is no server ${name}: name one of ${Object.keys(SERVERS).join(', ')}`);
    }
    const options = readOptions([...COMMON_OPTIONS, ...server.options], args);
    return {
      part: name,
      logFile: options.optionalText('log-file'),
      start: (log) => startAlone({ name, server, options, log }),
    };
  });

const startAlone = async ({
  name,
  server,
  options,
  log,
}: {
  name: string;
  server: Server;
  options: DaemonOptions;
  log: Log;
}): Promise<RunningDaemon> => {
  const store = openStore(join(workFolder(name, options), 'store'));
  const running = await server.start(options, log, store);
  return {
    addresses: { [name]: running.url },
    ...(running.ended === undefined ? {} : { ended: running.ended }),
    close: async () => {
      await running.close();
      await store.close();
    },
  };
};
