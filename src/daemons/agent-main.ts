import { homedir } from 'node:os';
import { join } from 'node:path';
import { startAgent } from '../agent/server.ts';
import type { Acls } from '../mesos/acls/acls.ts';
import { readAcls } from '../mesos/acls/read-acls.ts';
import { parseDomain } from '../mesos/domain-text.ts';
import { MESOS_VERSION } from '../mesos/mesos-version.ts';
import { systemClock } from '../runtime/clock.ts';
import { errorMessage } from '../runtime/error-message.ts';
import { installationFolder } from '../runtime/installation.ts';
import type { Log } from '../runtime/log.ts';
import { systemRandom } from '../runtime/random.ts';
import { aclsText } from './acls-option.ts';
import { AGENT_SECURITY_OPTIONS, secureAgent } from './agent-security.ts';
import { type DaemonOptions, OptionError, readOptions } from './daemon-options.ts';
import { EXECUTOR_OPTIONS, executorOptions } from './executor-options.ts';
import { IMAGE_OPTIONS, imageOptions } from './image-options.ts';
import { ISOLATION_OPTIONS, isolationOptions } from './isolation-options.ts';
import { type RunningDaemon, runDaemon } from './run-daemon.ts';
import { plenumVersion } from './version.ts';

const OPTIONS = [
  'name',
  'master',
  'cluster-id',
  'host',
  'port',
  'hostname',
  ...AGENT_SECURITY_OPTIONS,
  'acls',
  ...ISOLATION_OPTIONS,
  ...IMAGE_OPTIONS,
  'work-dir',
  'resources',
  'attributes',
  'domain',
  'resource_estimator',
  ...EXECUTOR_OPTIONS,
  'qos_controller',
  'log-file',
];

/** The program agent: one agent, as part of a local cluster or alone. */
export const main = (args: readonly string[]): Promise<void> =>
  runDaemon(() => {
    const options = readOptions(OPTIONS, args);
    return {
      part: options.optionalText('name') ?? 'agent',
      logFile: options.optionalText('log-file'),
      start: (log) => startAgentDaemon(options, log),
    };
  });

/** Ready once a master has taken the agent, because only then can anything run on it. */
const startAgentDaemon = async (options: DaemonOptions, log: Log): Promise<RunningDaemon> => {
  const workDir = options.optionalText('work-dir') ?? join(homedir(), '.plenum', 'agent');
  const { access } = await secureAgent(options, { folder: join(workDir, 'security'), log });
  const agent = await startAgent({
    masterUrls: options.urls('master'),
    host: options.host('host'),
    port: options.port('port'),
    hostnames: options.texts('hostname'),
    ...given('clusterId', options.optionalText('cluster-id')),
    ...given('hostname', options.optionalText('hostname')),
    workDir,
    ...given('logFile', options.optionalText('log-file')),
    access,
    acls: aclsOf(options),
    ...isolationOptions(options),
    ...imageOptions(options),
    ...given('resources', options.optionalText('resources')),
    ...given('attributes', options.optionalText('attributes')),
    ...given('domain', domainOf(options)),
    ...given('resourceEstimator', options.optionalText('resource_estimator')),
    ...executorOptions(options),
    ...given('qosController', options.optionalText('qos_controller')),
    executable: join(installationFolder(), 'bin', 'plenum'),
    version: MESOS_VERSION,
    plenumVersion: plenumVersion(),
    log,
    clock: systemClock,
    random: systemRandom,
  });
  const agentId = await Promise.race([agent.registered, agent.ended.then(refuse)]);
  return {
    addresses: { agent: agent.url },
    agentId,
    ended: agent.ended,
    close: () => agent.close(),
    closeWithTasks: () => agent.endTasks(),
    leave: () => agent.unregister(),
  };
};

const aclsOf = (options: DaemonOptions): Acls | undefined => {
  const value = options.optionalText('acls');
  return value === undefined ? undefined : readAcls(aclsText(value));
};

/** A master told it to stop for good before it was ready, because its id or its machine is marked as gone. */
const refuse = (reason: string): never => {
  throw new Error(`The master does not take this agent: ${reason}`);
};

/** Checked here, where it is still known which option it is. */
const domainOf = (options: DaemonOptions): string | undefined => {
  const text = options.optionalText('domain');
  try {
    if (text !== undefined) parseDomain(text);
    return text;
  } catch (error) {
    throw new OptionError(`--domain ${errorMessage(error)}`);
  }
};

const given = <Name extends string>(name: Name, value: string | undefined): { [Key in Name]?: string } =>
  value === undefined ? {} : ({ [name]: value } as { [Key in Name]: string });
