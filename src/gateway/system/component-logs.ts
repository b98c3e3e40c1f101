import { createAgentFilesClient } from '../../clients/agent-files-client.ts';
import { HttpError } from '../../http/http-error.ts';
import type { Handler, Router } from '../../http/router.ts';
import type { Permission } from '../permission.ts';
import { type AgentAccess, connectionToAgent } from './agent-connection.ts';
import { passingRefusals } from './agent-refusal.ts';
import { fileLog } from './file-log.ts';
import { LOCAL_FILES } from './local-files.ts';
import { answerLog, type LogReader, readLogQuery } from './log-answer.ts';
import { serverEntry } from './log-entry.ts';

export interface ComponentLogOptions extends AgentAccess {
  readonly host: string;
  readonly permission: Permission;
  /** The log of this process, where it is a file. */
  readonly logFile: string | undefined;
}

/** The servers of the control plane by the names that DC/OS has for their like. */
const UNITS: Readonly<Record<string, string>> = {
  'dcos-mesos-master': 'master',
  'dcos-marathon': 'marathon',
  'dcos-metronome': 'jobs',
  'dcos-cosmos': 'packages',
  'dcos-adminrouter': 'gateway',
};
/** Where an agent shows its own log, as in Mesos. */
const AGENT_LOG = '/slave/log';

/** Adds the logs of the control plane's servers and of agents, as DC/OS's log service gives them (cli.md 7.3, 17.5). */
export const addComponentLogs = (router: Router, options: ComponentLogOptions): void => {
  const { host, logFile, permission } = options;
  for (const path of ['/system/v1/leader/mesos/logs/v2/component', '/system/v1/logs/v2/component']) {
    for (const suffix of ['', '/:unit']) {
      router.on('GET', `${path}${suffix}`, async (exchange) => {
        permission.demand(exchange.request, 'access_mesos_logs');
        const query = readLogQuery(exchange);
        if (logFile === undefined) throw new HttpError(404, 'The control plane keeps its log in no file');
        await answerLog(exchange, query, ownLog(logFile, host, serverOf(exchange.params.unit)));
      });
    }
  }
  for (const suffix of ['', '/:unit']) {
    const path = `/system/v1/agent/:agent/logs/v2/component${suffix}`;
    const sendAgentLog: Handler = async (exchange) => {
      const query = readLogQuery(exchange);
      const agent = await connectionToAgent(options, exchange.params.agent ?? '', exchange.request);
      const files = createAgentFilesClient(agent);
      const source = { identifier: 'agent', hostname: agent.hostname };
      const reader = fileLog({ files, root: AGENT_LOG }, '', (line, offset) =>
        serverEntry(line, { offset, source }),
      );
      await answerLog(exchange, query, reader);
    };
    router.on('GET', path, passingRefusals(sendAgentLog));
  }
};

/** Throws HttpError 404 for a unit that there is not. */
const serverOf = (unit: string | undefined): string | undefined => {
  if (unit === undefined) return undefined;
  const server = UNITS[unit.replace(/\.service$/, '')];
  if (server === undefined)
    throw new HttpError(404, `There is no unit ${unit}: name one of ${Object.keys(UNITS).join(', ')}`);
  return server;
};

/** The control plane's own log, all of it or of one server. */
const ownLog = (file: string, host: string, server: string | undefined): LogReader => {
  const source = { identifier: 'control-plane', hostname: host };
  const reader = fileLog({ files: LOCAL_FILES, root: file }, '', (line, offset) => {
    const { server: writer, ...entry } = serverEntry(line, { offset, source }) ?? {};
    return 'fields' in entry && (server === undefined || writer === server) ? entry : undefined;
  });
  return { ...reader, isSparse: server !== undefined };
};
