import { join } from 'node:path';
import { readMarathonFlags } from '../marathon/marathon-flags.ts';
import { MASTER_FLAGS } from '../master/flags/master-flags.ts';
import { startMaster } from '../master/server.ts';
import { MESOS_VERSION } from '../mesos/mesos-version.ts';
import { systemClock } from '../runtime/clock.ts';
import { installationFolder } from '../runtime/installation.ts';
import type { Log } from '../runtime/log.ts';
import { systemRandom } from '../runtime/random.ts';
import { reportReadiness } from '../runtime/readiness.ts';
import { gatewayChallenge, gatewayRealms, oneRealm } from '../security/realms.ts';
import { openStore } from '../store/lmdb-store.ts';
import { type DaemonOptions, readOptions } from './daemon-options.ts';
import { masterFlagsOf } from './master-flags.ts';
import { type RunningDaemon, runDaemon } from './run-daemon.ts';
import { readSecurity, SECURITY_OPTIONS } from './security.ts';
import { plenumVersion } from './version.ts';

const OPTIONS = [
  'name',
  'id',
  'host',
  'state-dir',
  'gateway-port',
  'master-port',
  'marathon-port',
  'packages-port',
  ...SECURITY_OPTIONS,
  ...MASTER_FLAGS,
  'log-file',
];

/** What apps can do in a cluster of one's own: everything, where the machine has what it takes. */
const ALL_FEATURES = 'external_volumes,secrets,gpu_resources';

/** The program control-plane: master, marathon, jobs, packages and gateway in one process, each on a port of its own. */
export const main = (args: readonly string[]): Promise<void> =>
  runDaemon(() => {
    const options = readOptions(OPTIONS, args);
    return {
      part: 'control-plane',
      logFile: options.optionalText('log-file'),
      start: (log) => startControlPlane(options, log),
    };
  });

/**
 * The master first, because all others need it and agents can register with it meanwhile; what the others load is loaded
 * only then. They share one store, each under a prefix of its own, and talk to each other over HTTP as everywhere.
 */
const startControlPlane = async (options: DaemonOptions, log: Log): Promise<RunningDaemon> => {
  const host = options.host('host');
  const stateFolder = options.text('state-dir');
  const security = readSecurity(options, { folder: join(stateFolder, 'security'), log });
  const store = openStore(join(stateFolder, 'store'));
  const common = {
    host,
    hostnames: options.texts('hostname'),
    clock: systemClock,
    random: systemRandom,
    version: plenumVersion(),
  };
  const partsStarted: { close(): Promise<void> }[] = [store];
  const started = <T extends { close(): Promise<void> }>(part: T): T => {
    partsStarted.unshift(part);
    return part;
  };

  const masterFlags = masterFlagsOf(options);
  const master = started(
    await startMaster({
      ...common,
      version: MESOS_VERSION,
      plenumVersion: common.version,
      port: options.port('master-port'),
      access: security.masterAccess(),
      store: store.within('master'),
      log: log.child({ server: 'master' }),
      logFile: options.optionalText('log-file'),
      clusterId: options.text('id'),
      clusterName: options.text('name'),
      flags: masterFlags,
    }),
  );
  security.introduce(master.url);
  reportReadiness({ type: 'listening', addresses: { master: master.url } });

  const [{ startMarathon }, { startJobs }, { startPackages }, { startGateway }] = await Promise.all([
    import('../marathon/server.ts'),
    import('../jobs/server.ts'),
    import('../packages/server.ts'),
    import('../gateway/server.ts'),
  ]);
  const marathon = started(
    await startMarathon({
      ...common,
      masterUrls: [master.url],
      port: options.port('marathon-port'),
      access: security.access(oneRealm('marathon')),
      serviceSecrets: security.serviceSecrets([master.url]),
      secretsFolder: join(stateFolder, 'secrets'),
      flags: readMarathonFlags({ enable_features: ALL_FEATURES }),
      store: store.within('marathon'),
      log: log.child({ server: 'marathon' }),
    }),
  );
  security.introduce(marathon.url);
  const jobs = started(
    await startJobs({
      ...common,
      masterUrls: [master.url],
      access: security.access(oneRealm('metronome')),
      store: store.within('jobs'),
      log: log.child({ server: 'jobs' }),
    }),
  );
  security.introduce(jobs.url);
  const packages = started(
    await startPackages({
      ...common,
      mesosUrl: master.url,
      marathonUrl: marathon.url,
      port: options.port('packages-port'),
      access: security.access(oneRealm('packages')),
      store: store.within('packages'),
      log: log.child({ server: 'packages' }),
      cacheDir: join(stateFolder, 'package-cache'),
      bundledUniverse: join(installationFolder(), 'universe'),
    }),
  );
  security.introduce(packages.url);
  const gateway = started(
    await startGateway({
      ...common,
      port: options.port('gateway-port'),
      access: security.access(gatewayRealms, gatewayChallenge),
      ...security.gateway,
      acls: masterFlags.acls,
      mesosUrl: master.url,
      marathonUrl: marathon.url,
      packagesUrl: packages.url,
      jobsUrl: jobs.url,
      logFile: options.optionalText('log-file'),
      diagnosticsFolder: join(stateFolder, 'diagnostics'),
      dashboardDir: join(installationFolder(), 'dist', 'dashboard'),
      clusterId: options.text('id'),
      clusterName: options.text('name'),
      log: log.child({ server: 'gateway' }),
    }),
  );
  return {
    ended: Promise.race([marathon.ended, jobs.ended]),
    addresses: { master: master.url, marathon: marathon.url, packages: packages.url, gateway: gateway.url },
    // In the reverse order of the start: whoever asks is gone before whoever answers.
    close: async () => {
      for (const part of partsStarted) await part.close();
    },
  };
};
