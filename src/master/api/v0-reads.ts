import { send } from '../../http/respond.ts';
import type { Exchange, Handler, Router } from '../../http/router.ts';
import { functionName } from '../../http/send-jsonp.ts';
import { demand, subjectOf } from './authorize.ts';
import { jsonBody } from './documents/make-document.ts';
import type { MakeDocument, SharedDocuments } from './documents/shared-documents.ts';
import { maintenanceSchedule, maintenanceStatus } from './maintenance.ts';
import type { MasterFacts } from './master-facts.ts';
import { addProcessReads, type ProcessReadOptions } from './process-reads.ts';
import { quotaStatus, rolesJson, weightInfos } from './roles-json.ts';
import { answerWith, sendLongRead } from './send-read.ts';
import { agentsJson, frameworksJson, stateJson } from './state-json.ts';
import { stateSummaryJson } from './state-summary-json.ts';
import { tasksJson } from './tasks-json.ts';
import { type Visibility, visibilityOf } from './visibility.ts';

export interface ReadOptions extends ProcessReadOptions {
  readonly documents: SharedDocuments;
}

/**
 * The v0 reads (mesos.md 3.9), with and without /master in front, and under the names ending in .json that older tools
 * ask for. As in Mesos most answer whatever the method is.
 */
export const addReads = (router: Router, options: ReadOptions): void => {
  const { state, facts, documents, acls } = options;
  const seenBy = ({ request }: Exchange): Visibility => visibilityOf(acls, subjectOf(request));
  const reads: Readonly<Record<string, (exchange: Exchange) => unknown>> = {
    roles: async (exchange) => rolesJson(state, await documents.usedBy(), seenBy(exchange).isRoleShown),
    flags: ({ request }) => {
      demand(acls, request, 'view_flags');
      return { flags: facts.flags };
    },
    'maintenance/status': (exchange) => maintenanceStatus(state, seenBy(exchange).isStatusShown),
  };
  for (const prefix of ['', '/master']) {
    for (const [name, read] of Object.entries(longReads(options))) {
      router.on('*', `${prefix}/${name}`, answerLong(options, name, read));
      router.on('*', `${prefix}/${name}.json`, answerLong(options, name, read));
    }
    for (const [name, read] of Object.entries(reads)) {
      router.on('*', `${prefix}/${name}`, answerWith(read));
      router.on('*', `${prefix}/${name}.json`, answerWith(read));
    }
    // These paths take writes, too.
    router.on(
      'GET',
      `${prefix}/weights`,
      answerWith((exchange) => {
        const { isRoleShown } = seenBy(exchange);
        return weightInfos(state).filter(({ role = '*' }) => isRoleShown(role));
      }),
    );
    router.on(
      'GET',
      `${prefix}/quota`,
      answerWith((exchange) => quotaStatus(state, seenBy(exchange).isQuotaShown)),
    );
    router.on(
      'GET',
      `${prefix}/maintenance/schedule`,
      answerWith((exchange) => maintenanceSchedule(state, seenBy(exchange).isScheduleShown)),
    );
    router.on('*', `${prefix}/health`, ({ response }) => send(response, 200));
    router.on('*', `${prefix}/redirect`, ({ response }) =>
      send(response, 307, '', { Location: `//${state.info.hostname}:${state.info.port}` }),
    );
  }
  addProcessReads(router, options);
};

/** Reads about all agents and tasks: the parts of the query that matter, and how the document is made. */
interface LongRead {
  readonly parameters: readonly string[];
  readonly make: (query: URLSearchParams, facts: MasterFacts) => MakeDocument;
}

const longReads = ({ state }: ReadOptions): Readonly<Record<string, LongRead>> => ({
  state: {
    parameters: [],
    make: (_query, facts) => (view, fragments) => jsonBody(stateJson(state, facts, view, fragments)),
  },
  'state-summary': {
    parameters: [],
    make: (_query, facts) =>
      function* (view, fragments) {
        return yield* jsonBody(yield* stateSummaryJson(state, facts, view, fragments));
      },
  },
  slaves: {
    parameters: ['slave_id'],
    make: (query) => (view, fragments) => jsonBody(agentsJson(view, fragments, query.get('slave_id'))),
  },
  frameworks: {
    parameters: ['framework_id'],
    make: (query) => (view, fragments) =>
      jsonBody(frameworksJson(view, fragments, query.get('framework_id'))),
  },
  tasks: {
    parameters: ['limit', 'offset', 'order', 'task_id', 'framework_id'],
    make: (query) =>
      function* (view, fragments) {
        return yield* jsonBody(yield* tasksJson(view, tasksQuery(query), fragments));
      },
  },
});

const answerLong =
  ({ documents, facts, acls }: ReadOptions, name: string, { parameters, make }: LongRead): Handler =>
  async (exchange) => {
    const { query } = exchange;
    functionName(query);
    const visibility = visibilityOf(acls, subjectOf(exchange.request));
    const asked = parameters.map((parameter) => query.get(parameter));
    const document = make(query, visibility.facts(facts));
    const held = await documents.read(JSON.stringify([name, visibility.key, ...asked]), (view, fragments) =>
      document(visibility.view(view), fragments),
    );
    try {
      await sendLongRead(exchange, held.body, held.signal);
    } finally {
      held.release();
    }
  };

const DEFAULT_TASKS = 100;

/** What is no number counts as not given, as in Mesos. */
const tasksQuery = (query: URLSearchParams) => {
  const number = (name: string, fallback: number): number => {
    const value = Number(query.get(name) ?? '');
    return query.get(name) !== '' && query.has(name) && Number.isInteger(value) ? value : fallback;
  };
  const limit = number('limit', DEFAULT_TASKS);
  return {
    limit: limit < 0 ? Number.POSITIVE_INFINITY : limit,
    offset: Math.max(0, number('offset', 0)),
    isAscending: query.get('order') === 'asc',
    taskId: query.get('task_id'),
    frameworkId: query.get('framework_id'),
  };
};
