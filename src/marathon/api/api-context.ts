import type { Exchange, Method } from '../../http/router.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { MarathonSettings } from '../core/settings.ts';
import type { DefinitionSettings } from '../definitions/definition-settings.ts';
import type { MarathonEngine } from '../engine.ts';
import type { MesosCounters } from '../mesos-counters.ts';
import type { EventHub } from './event-hub.ts';
import type { HttpMetrics } from './metrics/http-metrics.ts';

/** What every part of the API works with. */
export interface ApiContext {
  readonly engine: MarathonEngine;
  readonly settings: DefinitionSettings;
  /** What the engine was started with, as far as it differs from the defaults. */
  readonly config: Partial<MarathonSettings>;
  readonly clock: Clock;
  readonly events: EventHub;
  readonly counters: MesosCounters;
  readonly http: HttpMetrics;
}

/** Adds a route whose handler may throw whatever `toHttpError` knows. */
export type AddRoute = (
  method: Method,
  pattern: string,
  handler: (exchange: Exchange) => void | Promise<void>,
) => void;
