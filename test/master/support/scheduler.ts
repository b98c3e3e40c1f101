import { type HttpResponse, openStream, request } from '../../../src/http/client.ts';
import type {
  FrameworkInfo,
  Offer,
  OfferOperation,
  TaskInfo,
  TaskStatus,
} from '../../../src/mesos/generated/mesos.ts';
import type { Event } from '../../../src/mesos/generated/scheduler.ts';
import { readRecords } from '../../../src/mesos/recordio.ts';
import { waitFor } from '../../support/wait-for.ts';

type EventOf<Type extends Event['type']> = Extract<Event, { type: Type }>;

/** A scheduler as a master sees it: it does what the test says, and acknowledges. */
export interface TestScheduler {
  readonly frameworkId: string;
  readonly streamId: string;
  /** Every event, in the order of arrival. */
  readonly events: Event[];
  /** Acknowledge updates by itself. On unless switched off. */
  acknowledges: boolean;
  call(type: string, body?: object): Promise<HttpResponse>;
  accept(
    offers: readonly Offer[],
    operations: readonly object[],
    refuseSeconds?: number,
  ): Promise<HttpResponse>;
  /** Accepts the offer for these tasks. */
  launch(offer: Offer, ...tasks: TaskInfo[]): Promise<HttpResponse>;
  /** Resolves with the first event of the type, from the given position on, that the test is about. */
  until<Type extends Event['type']>(
    type: Type,
    isMeant?: (event: EventOf<Type>) => boolean,
    from?: number,
  ): Promise<EventOf<Type>>;
  untilOffer(isMeant?: (offer: Offer) => boolean, from?: number): Promise<Offer>;
  untilStatus(taskId: string, state: TaskStatus['state'], from?: number): Promise<TaskStatus>;
  states(taskId: string): string[];
  /** Whether the stream has ended. */
  isClosed(): boolean;
  /** Breaks the connection. */
  close(): void;
}

export const FRAMEWORK: FrameworkInfo = {
  name: 'test',
  user: '',
  roles: ['eng'],
  checkpoint: true,
  failover_timeout: 3600,
  capabilities: [
    { type: 'MULTI_ROLE' },
    { type: 'RESERVATION_REFINEMENT' },
    { type: 'PARTITION_AWARE' },
    { type: 'TASK_KILLING_STATE' },
  ],
};

const JSON_HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json' };

/** The answer to a SUBSCRIBE: a scheduler once SUBSCRIBED has come, or what came instead. */
export const subscribe = async (
  masterUrl: string,
  info: FrameworkInfo = FRAMEWORK,
  more: object = {},
): Promise<TestScheduler> => {
  const stream = await openStream({
    method: 'POST',
    url: `${masterUrl}/api/v1/scheduler`,
    headers: JSON_HEADERS,
    body: JSON.stringify({
      type: 'SUBSCRIBE',
      ...(info.id === undefined ? {} : { framework_id: info.id }),
      subscribe: { framework_info: info, ...more },
    }),
  });
  const events: Event[] = [];
  let isClosed = false;
  let frameworkId = '';
  const streamId = String(stream.headers['mesos-stream-id']);

  const call: TestScheduler['call'] = (type, body) =>
    request({
      method: 'POST',
      url: `${masterUrl}/api/v1/scheduler`,
      headers: { ...JSON_HEADERS, 'Mesos-Stream-Id': streamId },
      body: JSON.stringify({
        type,
        framework_id: { value: frameworkId },
        ...(body === undefined ? {} : { [type.toLowerCase()]: body }),
      }),
    });
  const read = async (): Promise<void> => {
    for await (const record of readRecords(stream.body, 1e8)) {
      const event = JSON.parse(record.toString('utf8')) as Event;
      if (event.type === 'SUBSCRIBED') frameworkId = event.subscribed.framework_id.value;
      events.push(event);
      const status = event.type === 'UPDATE' ? event.update.status : undefined;
      if (!scheduler.acknowledges || status?.uuid === undefined) continue;
      const { agent_id, task_id, uuid } = status;
      void call('ACKNOWLEDGE', { agent_id, task_id, uuid }).catch(() => undefined);
    }
  };

  const scheduler: TestScheduler = {
    get frameworkId() {
      return frameworkId;
    },
    streamId,
    events,
    acknowledges: true,
    call,
    accept: (offers, operations, refuseSeconds = 0) =>
      call('ACCEPT', {
        offer_ids: offers.map(({ id }) => id),
        operations,
        filters: { refuse_seconds: refuseSeconds },
      }),
    launch: (offer, ...tasks) =>
      scheduler.accept(
        [offer],
        [
          {
            type: 'LAUNCH',
            launch: { task_infos: tasks.map((task) => ({ ...task, agent_id: offer.agent_id })) },
          },
        ],
      ),
    until: (type, isMeant = () => true, from = 0) =>
      waitFor(`${type}, came ${events.map((event) => event.type)}`, () =>
        events
          .slice(from)
          .filter((event): event is EventOf<typeof type> => event.type === type)
          .find(isMeant),
      ),
    untilOffer: async (isMeant = () => true, from = 0) => {
      const found = await scheduler.until(
        'OFFERS',
        ({ offers }) => (offers.offers ?? []).some(isMeant),
        from,
      );
      const offer = found.offers.offers?.find(isMeant);
      if (!offer) throw new Error('there is no such offer');
      return offer;
    },
    untilStatus: async (taskId, state, from = 0) => {
      const found = await scheduler.until(
        'UPDATE',
        ({ update: { status } }) => status.task_id.value === taskId && status.state === state,
        from,
      );
      return found.update.status;
    },
    states: (taskId) =>
      events.flatMap((event) =>
        event.type === 'UPDATE' && event.update.status.task_id.value === taskId
          ? [event.update.status.state]
          : [],
      ),
    isClosed: () => isClosed,
    close: () => stream.close(),
  };
  void read()
    .catch(() => undefined)
    .finally(() => {
      isClosed = true;
    });
  await waitFor('the first event', () => events.length > 0);
  return scheduler;
};

/** A task that runs a shell command in the role of the test framework. */
export const shellTask = (id: string, command: string, more: Partial<TaskInfo> = {}): TaskInfo => ({
  name: id,
  task_id: { value: id },
  agent_id: { value: '' },
  resources: [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 }, allocation_info: { role: 'eng' } },
    { name: 'mem', type: 'SCALAR', scalar: { value: 32 }, allocation_info: { role: 'eng' } },
  ],
  command: { value: command },
  ...more,
});

export const launchOf = (...tasks: TaskInfo[]): OfferOperation => ({
  type: 'LAUNCH',
  launch: { task_infos: tasks },
});
