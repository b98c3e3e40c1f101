import { send } from '../../http/respond.ts';
import type { Router } from '../../http/router.ts';
import type { ErrorRenderer } from '../../http/server.ts';
import type { Acls } from '../../mesos/acls/acls.ts';
import { errorText } from '../../mesos/v0/error-text.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Log } from '../../runtime/log.ts';
import { machineLoad } from '../../runtime/machine-load.ts';
import { sharedSlices } from '../../runtime/slices.ts';
import { Verbosity } from '../../runtime/verbosity.ts';
import type { Allocator } from '../allocator/allocator.ts';
import type { AskMaster } from '../core/input.ts';
import type { MasterState } from '../core/state.ts';
import { Preparation } from './documents/preparation.ts';
import { SharedDocuments } from './documents/shared-documents.ts';
import { addFilesRoutes } from './files-routes.ts';
import type { MasterFacts } from './master-facts.ts';
import { collectMetrics } from './metrics.ts';
import { addOperatorRoutes } from './operator-api.ts';
import { OperatorStreams } from './operator-streams.ts';
import { OwnLog } from './own-log.ts';
import { prepareState } from './state-json.ts';
import { addReads } from './v0-reads.ts';
import { addWrites } from './v0-writes.ts';

export type { MasterFacts } from './master-facts.ts';
export type { OperatorStreams } from './operator-streams.ts';

export interface MasterApiOptions {
  readonly state: MasterState;
  readonly allocator: Pick<Allocator, 'roles' | 'totals' | 'activeFilters'>;
  readonly ask: AskMaster;
  /** Who may do what (mesos.md 6, `--acls`); undefined: everybody everything. */
  readonly acls: Acls | undefined;
  readonly facts: MasterFacts;
  readonly clock: Clock;
  readonly log: Log;
  /** What is measured beside the state: metrics by name. */
  readonly timings: () => Record<string, number>;
  /** Heartbeats that schedulers were sent, by framework; undefined: metrics of single frameworks are not wanted. */
  readonly heartbeats: ReadonlyMap<string, number> | undefined;
  /** The file that the master's log goes to, where it is one. */
  readonly logFile?: string | undefined;
  /** Operator event streams beyond this many end the oldest; 1000 unless told. */
  readonly maxStreams?: number;
}

/**
 * Adds every path of the master that operators use (mesos.md 3): the v1 operator API and the v0 endpoints. Whoever carries
 * out the core's effects hands its observations to what is returned, and closes it in the end.
 */
export const addMasterRoutes = (router: Router, options: MasterApiOptions): OperatorStreams => {
  const { state, allocator, clock, log, maxStreams } = options;
  const documents = new SharedDocuments({ state, clock });
  const preparation = new Preparation({
    clock,
    steps: () => documents.ahead((views, fragments) => prepareState(state, views, fragments)),
  });
  const streams = new OperatorStreams({
    documents,
    preparation,
    clock,
    ...(maxStreams === undefined ? {} : { maxStreams }),
  });
  const metrics = async (): Promise<Record<string, number>> =>
    sharedSlices.run(
      collectMetrics({
        state,
        usedBy: await documents.usedBy(),
        allocator,
        nowMs: clock.now(),
        subscribers: streams.count,
        cacheHits: documents.sharedReads,
        heartbeats: options.heartbeats,
        timings: options.timings(),
        load: machineLoad(),
      }),
    );
  const ownLog = new OwnLog(options.logFile);
  const all = { ...options, documents, streams, metrics, ownLog, verbosity: new Verbosity(clock, log) };
  addOperatorRoutes(router, all);
  addReads(router, all);
  addWrites(router, all);
  addFilesRoutes(router, all);
  return streams;
};

/** Errors as Mesos words them. */
export const renderMasterError: ErrorRenderer = ({ status, message, headers }, request, response) =>
  send(response, status, errorText({ status, message, allowed: headers.Allow }, request.method ?? ''), {
    'Content-Type': 'text/plain; charset=utf-8',
    ...headers,
  });
