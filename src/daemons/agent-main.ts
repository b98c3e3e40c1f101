import { homedir } from 'node:os';
import { join } from 'node:path';
import type { RunningAgent } from '../agent/agent-options.ts';
import { startAgent } from '../agent/server.ts';
import { MESOS_VERSION } from '../mesos/mesos-version.ts';
import { systemClock } from '../runtime/clock.ts';
import { installationFolder } from '../runtime/installation.ts';
import type { Log } from '../runtime/log.ts';
import { systemRandom } from '../runtime/random.ts';
import { type DaemonOptions, readOptions } from './daemon-options.ts';
import { type RunningDaemon, runDaemon } from './run-daemon.ts';
import { plenumVersion } from './version.ts';

const OPTIONS = [
  'name',
  'master',
  'cluster-id',
  'host',
  'port',
  'hostname',
  'work-dir',
  'resources',
  'attributes',
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
  const agent = await startAgent({
    masterUrls: options.urls('master'),
    host: options.host('host'),
    port: options.port('port'),
    hostnames: options.texts('hostname'),
    ...given('clusterId', options.optionalText('cluster-id')),
    ...given('hostname', options.optionalText('hostname')),
    workDir: options.optionalText('work-dir') ?? join(homedir(), '.plenum', 'agent'),
    ...given('resources', options.optionalText('resources')),
    ...given('attributes', options.optionalText('attributes')),
    executable: join(installationFolder(), 'bin', 'plenum'),
    version: MESOS_VERSION,
    plenumVersion: plenumVersion(),
    log,
    clock: systemClock,
    random: systemRandom,
  });
  endWith(agent, log);
  const agentId = await agent.registered;
  return {
    addresses: { agent: agent.url },
    agentId,
    close: () => agent.close(),
    closeWithTasks: () => agent.endTasks(),
    leave: () => agent.unregister(),
  };
};

/** A master that told the agent to stop for good has ended this process's purpose. */
const endWith = (agent: RunningAgent, log: Log): void => {
  void agent.ended.then((reason) => {
    log.error({ reason }, 'a master told this agent to stop for good');
    process.exit(1);
  });
};

const given = <Name extends string>(name: Name, value: string | undefined): { [Key in Name]?: string } =>
  value === undefined ? {} : ({ [name]: value } as { [Key in Name]: string });
