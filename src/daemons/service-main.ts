import { existsSync, readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { isLoopback } from '../http/origin-guard.ts';
import { systemClock } from '../runtime/clock.ts';
import { errorCode, errorMessage } from '../runtime/error-message.ts';
import { installationFolder } from '../runtime/installation.ts';
import type { Log } from '../runtime/log.ts';
import { systemRandom } from '../runtime/random.ts';
import { readSpec } from '../sdk/service/read-spec.ts';
import type { ServiceSpec } from '../sdk/service/spec.ts';
import { startService } from '../sdk/service/start-service.ts';
import { oneRealm } from '../security/realms.ts';
import { openStore } from '../store/lmdb-store.ts';
import { type DaemonOptions, OptionError, readOptions } from './daemon-options.ts';
import { masterOfAgent } from './master-of-agent.ts';
import { type RunningDaemon, runDaemon } from './run-daemon.ts';
import { readSecurity, SECURITY_OPTIONS } from './security.ts';
import { accessOfService } from './service-access.ts';

const OPTIONS = ['master', 'host', 'port', 'state-dir', 'log-file', ...SECURITY_OPTIONS];
const LOOPBACK = '127.0.0.1';
const BUNDLED_NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/**
 * The program service: `service NAME|FILE OPTIONS…` runs the scheduler of a service that comes with Plenum, or of one
 * that is described in a file. As a task it finds out from its environment where the master is and on which port to
 * listen; variables in the description are taken from there too.
 */
export const main = ([description = '', ...args]: readonly string[]): Promise<void> =>
  runDaemon(() => {
    const options = readOptions(OPTIONS, args);
    const spec = readDescription(description);
    return {
      part: spec.name,
      logFile: options.optionalText('log-file'),
      start: (log) => startDaemon(spec, options, log),
    };
  });

/** Throws OptionError with everything that is wrong. */
const readDescription = (description: string): ServiceSpec => {
  const path = descriptionPath(description);
  try {
    return readSpec({
      name: path,
      text: readFileSync(path, 'utf8'),
      variables: process.env,
      defaultUser: userInfo().username,
    });
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw new OptionError(errorMessage(error));
    throw new OptionError(`There is no service description ${path}`);
  }
};

/** A name is one of universe/services/; everything that looks like a file is one. */
const descriptionPath = (description: string): string => {
  if (description === '' || description.startsWith('-')) {
    throw new OptionError('Name the service to run: service NAME, or service FILE.yml');
  }
  const bundled = join(installationFolder(), 'universe', 'services', `${description}.yml`);
  return BUNDLED_NAME.test(description) && existsSync(bundled) ? bundled : description;
};

const startDaemon = async (spec: ServiceSpec, options: DaemonOptions, log: Log): Promise<RunningDaemon> => {
  const security = readSecurity(options, { folder: undefined, log });
  const isMasterGiven = options.texts('master').length > 0;
  const { LIBPROCESS_IP: address = LOOPBACK } = process.env;
  const joined = isMasterGiven ? undefined : await accessOfService(spec.name, { host: address, log });
  const masterUrls = isMasterGiven
    ? options.urls('master')
    : (joined?.masterUrls ?? (await masterOfAgent(process.env, '--master')));
  if (!joined) security.introduce(...masterUrls);
  const store = openStore(stateFolder(spec, options));
  const service = await startService({
    spec,
    masterUrls,
    hosts: joined ? [address] : [...new Set([hostOf(options), LOOPBACK])],
    port: portOf(options),
    hostnames: options.texts('hostname'),
    access: joined?.access ?? security.access(oneRealm(spec.name)),
    ...(security.credential ? { credential: security.credential } : {}),
    store,
    clock: systemClock,
    random: systemRandom,
    log,
    onEnded: (reason) => {
      log.error({ reason }, 'the service cannot go on');
      process.exit(1);
    },
  });
  return {
    addresses: { [spec.name]: service.url },
    close: async () => {
      await service.close();
      await store.close();
    },
  };
};

/** The agent's address, where others look for its tasks; without TLS never one that other machines reach. */
const hostOf = (options: DaemonOptions): string => {
  if (options.optionalText('host') !== undefined) return options.host('host');
  const { LIBPROCESS_IP: address = '' } = process.env;
  return isLoopback(address) ? address : LOOPBACK;
};

/** The port that Marathon has found for the task, unless another one is asked for. */
const portOf = (options: DaemonOptions): number => {
  if (options.optionalText('port') !== undefined) return options.port('port');
  return Number(process.env.PORT0 ?? 0);
};

/**
 * Where the service keeps its memory. A sandbox is not there for the next run of the task: then what it has left in the
 * cluster is what it goes by.
 */
const stateFolder = ({ name }: ServiceSpec, options: DaemonOptions): string => {
  const { PLENUM_HOME: home, MESOS_SANDBOX: sandbox } = process.env;
  const own = join('services', name.replaceAll('/', '__'));
  const given = options.optionalText('state-dir');
  if (given !== undefined) return given;
  if (home !== undefined) return join(home, own);
  return sandbox === undefined ? join(homedir(), '.plenum', own) : join(sandbox, 'state');
};
