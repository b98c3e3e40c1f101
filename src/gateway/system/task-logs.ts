import { createAgentFilesClient } from '../../clients/agent-files-client.ts';
import { createMesosClient } from '../../clients/mesos-client.ts';
import type { MesosTask } from '../../clients/mesos-types.ts';
import { findSandbox } from '../../clients/task-files/sandbox.ts';
import { HttpError } from '../../http/http-error.ts';
import type { Handler, Router } from '../../http/router.ts';
import type { Clock } from '../../runtime/clock.ts';
import { type AgentAccess, connectionToAgent } from './agent-connection.ts';
import { passingRefusals } from './agent-refusal.ts';
import { fileLog } from './file-log.ts';
import { answerLog, readLogQuery } from './log-answer.ts';
import { printedEntry } from './log-entry.ts';

export interface TaskLogOptions extends AgentAccess {
  readonly mesosUrl: string;
  readonly clock: Clock;
}

/** Adds what tasks print, as DC/OS's log service gives it (cli.md 6.2, 17.5). */
export const addTaskLogs = (router: Router, { mesosUrl, clock, ...access }: TaskLogOptions): void => {
  const mesos = createMesosClient({ url: mesosUrl });
  const sendTaskLog: Handler = async (exchange) => {
    const { task: id = '', file = 'stdout' } = exchange.params;
    const query = readLogQuery(exchange);
    const task = (await mesos.getTasks({ taskId: id })).find((known) => known.id === id);
    if (!task) throw new HttpError(404, `No task ${id} is known`);
    const agent = await connectionToAgent(access, task.slave_id, exchange.request);
    const sandbox = await findSandbox(task, createAgentFilesClient(agent));
    if (!sandbox) throw new HttpError(404, `The sandbox of ${id} is gone`);
    const source = { identifier: nameOf(task), hostname: agent.hostname };
    const reader = fileLog(sandbox, file, (line, offset) =>
      printedEntry(line, { offset, nowMs: clock.now(), source }),
    );
    await answerLog(exchange, query, reader);
  };
  router.on('GET', '/system/v1/logs/v2/task/:task/file/*file', passingRefusals(sendTaskLog));
};

const nameOf = ({ name, id }: MesosTask): string => name || id;
