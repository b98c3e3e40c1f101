import type { FrameworkInfo } from '../../mesos/generated/mesos.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import { connectScheduler } from '../connect-scheduler.ts';
import { lineInputOf } from '../line-input.ts';
import {
  isRemoval,
  type SchedulerCall,
  type SchedulerConnection,
  type SchedulerConnectionOptions,
} from '../scheduler-connection.ts';
import type { ServiceInput } from './effect.ts';
import type { ServiceSpec } from './spec.ts';

export type SchedulerParts = Pick<
  SchedulerConnectionOptions,
  'masterUrls' | 'credential' | 'clock' | 'random' | 'log'
> & {
  readonly spec: ServiceSpec;
  /** The master refuses the service for good. */
  readonly onEnded: (reason: string) => void;
};

export interface SchedulerStart {
  /** Of the service's API. */
  readonly url: string;
  /** Ids that the framework may have had, the likeliest first. */
  readonly candidates: readonly string[];
  readonly handle: (input: ServiceInput) => void;
}

/** The service's line to the master, under the first of its former ids that the master still takes, or a new one. */
export class ServiceScheduler {
  readonly #options: SchedulerParts;
  #connection: SchedulerConnection | undefined;
  #handle: (input: ServiceInput) => void = () => undefined;

  constructor(options: SchedulerParts) {
    this.#options = options;
  }

  start({ url, candidates, handle }: SchedulerStart): void {
    const { spec, log, masterUrls, clock, random, credential, onEnded } = this.#options;
    this.#handle = handle;
    const [id, ...others] = candidates;
    this.#connection = connectScheduler({
      masterUrls,
      frameworkInfo: frameworkInfo(spec, url, id),
      ...(credential && { credential }),
      clock,
      random,
      log,
      onEvent: (event) => {
        const input = lineInputOf(event);
        if (input) handle(input);
      },
      onDisconnected: () => handle({ type: 'disconnected' }),
      onRefused: (message) => {
        handle({ type: 'disconnected' });
        if (id === undefined || !isRemoval(message)) {
          onEnded(`The master refuses ${spec.name}: ${message}`);
          return;
        }
        log.warn({ frameworkId: id, message }, 'the framework is gone, going on as a new one');
        this.start({ url, candidates: others, handle });
      },
    });
  }

  call(call: SchedulerCall): void {
    const sent = this.#connection?.call(call) ?? Promise.reject(new Error('not connected yet'));
    sent.catch((error: unknown) => {
      this.#options.log.warn({ call: call.type, error: errorMessage(error) }, 'a call failed');
      this.#handle({ type: 'call-failed', call });
    });
  }

  async close(): Promise<void> {
    await this.#connection?.close();
  }
}

const frameworkInfo = (spec: ServiceSpec, url: string, id: string | undefined): FrameworkInfo => ({
  user: spec.user,
  name: spec.name,
  ...(id !== undefined && { id: { value: id } }),
  failover_timeout: spec.failoverTimeoutSeconds,
  checkpoint: true,
  roles: [spec.role],
  ...(spec.principal !== undefined && { principal: spec.principal }),
  hostname: new URL(url).hostname,
  webui_url: url,
  capabilities: [
    { type: 'MULTI_ROLE' },
    { type: 'RESERVATION_REFINEMENT' },
    { type: 'PARTITION_AWARE' },
    { type: 'TASK_KILLING_STATE' },
  ],
});
