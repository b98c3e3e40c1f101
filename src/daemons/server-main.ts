import { homedir } from 'node:os';
import { join } from 'node:path';
import { MASTER_FLAGS } from '../master/flags/master-flags.ts';
import { MESOS_VERSION } from '../mesos/mesos-version.ts';
import { systemClock } from '../runtime/clock.ts';
import { installationFolder } from '../runtime/installation.ts';
import type { Log } from '../runtime/log.ts';
import { systemRandom } from '../runtime/random.ts';
import { oneRealm } from '../security/realms.ts';
import { openStore } from '../store/lmdb-store.ts';
import { memoryStore } from '../store/memory-store.ts';
import { type DaemonOptions, OptionError, readOptions } from './daemon-options.ts';
import { MARATHON_OPTIONS, marathonCredentialOf, marathonFlagsOf } from './marathon-flags.ts';
import { masterFlagsOf } from './master-flags.ts';
import { type RunningDaemon, runDaemon } from './run-daemon.ts';
import { readSecurity, SECURITY_OPTIONS, type Security } from './security.ts';
import { universeAccess } from './universe-access.ts';
import { plenumVersion } from './version.ts';

interface Running {
  readonly url: string;
  readonly ended?: Promise<string>;
  close(): Promise<void>;
}

interface StartParts {
  readonly options: DaemonOptions;
  readonly log: Log;
  readonly store: ReturnType<typeof openStore>;
  readonly security: Security;
}

interface Server {
  /** Beside those that all have. */
  readonly options: readonly string[];
  /** What it keeps can be had again: it has no store. */
  readonly isStateless?: boolean;
  start(parts: StartParts): Promise<Running>;
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
    start: async ({ options, log, store, security }) => {
      const { startMaster } = await import('../master/server.ts');
      const clusterName = options.optionalText('cluster-name');
      const flags = masterFlagsOf(options);
      return startMaster({
        ...common(options, log),
        logFile: options.optionalText('log-file'),
        version: MESOS_VERSION,
        plenumVersion: plenumVersion(),
        store,
        flags,
        access: security.masterAccess(),
        ...(clusterName === undefined ? {} : { clusterName }),
      });
    },
  },
  marathon: {
    options: ['master', ...MARATHON_OPTIONS],
    start: async ({ options, log, store, security }) => {
      const { startMarathon } = await import('../marathon/server.ts');
      const masterUrls = options.urls('master');
      const flags = marathonFlagsOf(options);
      const credential = marathonCredentialOf(options) ?? security.credential;
      security.introduce(...masterUrls);
      return startMarathon({
        ...common(options, log),
        store,
        masterUrls,
        access: security.access(oneRealm('marathon')),
        serviceSecrets: security.serviceSecrets(masterUrls),
        flags,
        secretsFolder: join(workFolder('marathon', options), 'secrets'),
        ...(credential ? { credential } : {}),
      });
    },
  },
  jobs: {
    options: ['master'],
    start: async ({ options, log, store, security }) => {
      const { startJobs } = await import('../jobs/server.ts');
      const masterUrls = options.urls('master');
      security.introduce(...masterUrls);
      return startJobs({
        ...common(options, log),
        store,
        masterUrls,
        access: security.access(oneRealm('metronome')),
        ...(security.credential ? { credential: security.credential } : {}),
      });
    },
  },
  packages: {
    options: ['master', 'marathon'],
    start: async ({ options, log, store, security }) => {
      const { startPackages } = await import('../packages/server.ts');
      security.introduce(options.url('master'), options.url('marathon'));
      return startPackages({
        ...common(options, log),
        access: security.access(oneRealm('packages')),
        store,
        mesosUrl: options.url('master'),
        marathonUrl: options.url('marathon'),
        cacheDir: join(workFolder('packages', options), 'cache'),
        bundledUniverse: join(installationFolder(), 'universe'),
      });
    },
  },
  universe: {
    options: ['repository', 'interval', 'url'],
    isStateless: true,
    start: async ({ options, log, security }) => {
      const { startUniverseServer } = await import('../universe-server/server.ts');
      const intervalMs = Number(options.optionalText('interval') ?? Number.NaN);
      return startUniverseServer({
        ...common(options, log),
        access: universeAccess(options, security.access(oneRealm('universe'))),
        repository: options.text('repository'),
        cacheDir: join(workFolder('universe', options), 'cache'),
        intervalMs: intervalMs > 0 ? intervalMs : undefined,
        publicUrl: options.optionalText('url')?.replace(/\/+$/, ''),
      });
    },
  },
};

const COMMON_OPTIONS = ['host', 'port', 'work-dir', 'log-file', ...SECURITY_OPTIONS];

/** The program server: `server master|marathon|jobs|packages|universe OPTIONS…`, one server alone in its process. */
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
  const folder = workFolder(name, options);
  // Only a master is a cluster; the others are guests of one.
  const home = name === 'master' ? join(folder, 'security') : undefined;
  const security = readSecurity(options, { folder: home, log });
  const store = server.isStateless ? memoryStore() : openStore(join(folder, 'store'));
  const running = await server.start({ options, log, store, security });
  return {
    addresses: { [name]: running.url },
    ...(running.ended === undefined ? {} : { ended: running.ended }),
    close: async () => {
      await running.close();
      await store.close();
    },
  };
};
