import { afterAll, beforeAll, expect, it } from 'vitest';
import { MESOS_VERSION } from '../../src/mesos/mesos-version.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Capture, type JsonObject, type Rewriting, readCaptures, rewrite } from './captures.ts';
import { createCluster, type GoldenCluster } from './cluster.ts';
import { type Bindings, compare, type Mismatch } from './compare.ts';
import { compareAnswers, compareHeaders, send } from './exchange.ts';
import { isLeftOut, judge, unusedDifferences } from './judge.ts';
import { at, type EventStream, openEvents, type Scheduler, subscribe } from './scheduler.ts';
import { compareStreams, subjectOf } from './streams.ts';
import { takeOffer, takeOffers } from './take-offers.ts';

const STEP_TIMEOUT_MS = 10_000;

/** How schedulers subscribe whose own subscription was not captured. */
const SUBSCRIPTION = {
  to: 'master',
  method: 'POST',
  path: '/api/v1/scheduler',
  headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
  status: 200,
  answer: {},
} as const;

/** The captured walk, gone again: what is sent here stands in it, what comes back is held against it. */
export interface Walk {
  readonly cluster: GoldenCluster;
  /** Ids of the captured cluster by what they are here. */
  readonly bindings: Bindings;
  /** A capture as it should read here. */
  golden(name: string): Capture;
  /** Registers a test per capture: its request is sent, and its answer compared. */
  answers(...names: readonly (string | RegExp)[]): void;
  /** Registers a test of what has to be done or to happen between the captures. */
  step(title: string, run: () => Promise<void>): void;
  /** Registers a test that says something about what came so far, and lets the walk go on. */
  check(title: string, run: () => Promise<void>): void;
  /** Opens the captured stream of a scheduler. */
  subscribe(name: string, ignored?: Set<string>): Promise<Scheduler>;
  /** Subscribes a scheduler whose own subscription was not captured. */
  join(framework: JsonObject, options?: JoinOptions): Promise<Scheduler>;
  /** Opens a captured stream of events at the master or the agent. */
  open(name: string): Promise<EventStream>;
  /** Resolves once that many events were about a task, an operation or whatever else. */
  seen(stream: EventStream, subject: string, count: number): Promise<void>;
  /** Launches a task of which only the traces were captured, on the captured offer or on any. */
  launch(
    scheduler: Scheduler,
    task: JsonObject,
    offer?: { id?: string; refuseSeconds?: number },
  ): Promise<void>;
  /** Compares the events that came with the captured ones, those of each subject in their order. */
  compareEvents(stream: EventStream): void;
  /** Takes a captured offer for later, while it is there. */
  hold(scheduler: Scheduler, offerId: string): Promise<void>;
  /** What stands here for a captured offer that was taken. */
  offerTaken(offerId: string): string;
  /** The uuid of the last status of an operation, in base64. */
  operationUuid(scheduler: Scheduler, operationId: string): string;
  /** The tasks that a captured ACCEPT launches. */
  taskInfos(name: string): readonly JsonObject[];
  /** A text with the ids that its captured ones stand for. */
  translate(text: string): string;
  /** Has a captured port stand for another. */
  rewritePort(from: number, to: number): void;
  /** Changes how captures read here. */
  rewriteAlso(...texts: readonly (readonly [from: string, to: string])[]): void;
}

export interface JoinOptions {
  /** States whose updates it leaves unacknowledged. */
  readonly ignored?: Set<string>;
  readonly suppressedRoles?: readonly string[];
  /** The captured stream id of this subscription, where calls over it were captured. */
  readonly streamId?: string;
  /** Sent with the subscription. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface WalkOptions {
  readonly file: string;
  readonly cluster?: Parameters<typeof createCluster>[0];
  readonly texts?: Rewriting['texts'];
}

/** Registers the start of the cluster before the tests of this file, and its end after them. */
export const createWalk = ({ file, cluster: clusterOptions, texts = [] }: WalkOptions): Walk => {
  const captures = readCaptures(file);
  const bindings: Bindings = new Map();
  const schedulers = new Map<string, Scheduler>();
  const streams: EventStream[] = [];
  const replayed = new Set<string>();
  const offersTaken = new Map<string, string>();
  const rewritten: (readonly [string, string])[] = [...texts];
  const ports = new Map<number, number>();
  let cluster: GoldenCluster | undefined;
  let broken: string | undefined;

  beforeAll(async () => {
    cluster = await createCluster(clusterOptions);
  });
  afterAll(async () => {
    for (const stream of streams) stream.close();
    await cluster?.close();
    if (broken === undefined) {
      expect(unusedDifferences([...replayed]), 'differences that are none any more').toEqual([]);
    }
  });

  const running = (): GoldenCluster => {
    if (cluster === undefined) throw new Error('the cluster has not started');
    return cluster;
  };
  const rewriting = (): Rewriting => {
    const { masterUrl, agentUrl, workDir, user } = running();
    const [masterPort, agentPort] = [masterUrl, agentUrl].map((url) => Number(new URL(url).port)) as [
      number,
      number,
    ];
    return {
      texts: [
        ...rewritten,
        ['127.0.0.1:5050', `127.0.0.1:${masterPort}`],
        ['127.0.0.1:5051', `127.0.0.1:${agentPort}`],
        ['localhost:5050', `localhost:${masterPort}`],
        ['/var/mesos-real/agent', workDir],
        ['1.11.1', MESOS_VERSION],
      ],
      ports: new Map([...ports, [5050, masterPort], [5051, agentPort]]),
      user,
    };
  };
  const original = (name: string): Capture => {
    const capture = captures.get(name);
    if (capture === undefined) throw new Error(`nothing was captured as ${name}`);
    return capture;
  };
  const golden: Walk['golden'] = (name) => rewrite(original(name), rewriting());
  const urlOf = ({ to }: Capture): string => (to === 'master' ? running().masterUrl : running().agentUrl);

  const offersCaptured = [...captures.values()]
    .flatMap(({ events = [] }) => events)
    .flatMap((event) => [
      ...((event.offers as { offers?: readonly JsonObject[] } | undefined)?.offers ?? []),
      ...((event.inverse_offers as { inverse_offers?: readonly JsonObject[] } | undefined)?.inverse_offers ??
        []),
    ]);
  const captured = (id: string): JsonObject | undefined => {
    const now = rewriting();
    const offer = offersCaptured.find((one) => rewrite(at(one, 'id', 'value'), now) === id);
    return offer === undefined ? undefined : rewrite(offer, now);
  };
  const offersFor = (body: string, scheduler: Scheduler) =>
    takeOffers({ body, captured, scheduler, offersTaken, bindings });

  const translate: Walk['translate'] = (text) =>
    [...bindings].reduce((result, [theirs, mine]) => result.replaceAll(theirs, mine), text);

  /** The request of a capture with the ids that its parts have here; offers are taken for it. */
  const requestOf = async (name: string): Promise<{ capture: Capture; mismatches: Mismatch[] }> => {
    const capture = golden(name);
    const scheduler = schedulers.get(original(name).headers['Mesos-Stream-Id'] ?? '');
    const headers = Object.fromEntries(
      Object.entries(capture.headers).map(([key, value]) => [key, translate(value)]),
    );
    const { body, path } = capture;
    const request = { ...capture, headers, path: translate(path) };
    if (body === undefined) return { capture: request, mismatches: [] };
    const bound = translate(body);
    if (scheduler === undefined) return { capture: { ...request, body: bound }, mismatches: [] };
    const offers = await offersFor(bound, scheduler);
    return { capture: { ...request, body: offers.body }, mismatches: offers.mismatches };
  };

  const test = (title: string, run: () => Promise<void>): void => {
    it(title, async () => {
      if (broken !== undefined) throw new Error(`the walk ended before: ${broken}`);
      await run();
    });
  };

  const walk: Walk = {
    get cluster() {
      return running();
    },
    bindings,
    golden,
    answers: (...selected) => {
      const names = selected.flatMap((one) =>
        typeof one === 'string' ? [one] : [...captures.keys()].filter((name) => one.test(name)),
      );
      for (const name of names.filter((one) => !isLeftOut(one))) {
        replayed.add(name);
        test(`answers ${name}`, async () => {
          const { capture, mismatches } = await requestOf(name);
          const response = await send(capture, urlOf(capture));
          judge(name, [...mismatches, ...compareAnswers(capture, response, bindings)]);
        });
      }
    },
    step: (title, run) =>
      test(title, async () => {
        try {
          await run();
        } catch (error) {
          broken = title;
          throw error;
        }
      }),
    check: test,
    subscribe: async (name, ignored) => {
      replayed.add(name);
      const { capture } = await requestOf(name);
      const scheduler = await subscribe(capture, urlOf(capture), ignored);
      streams.push(scheduler);
      const theirs = capture.answer['mesos-stream-id'] ?? '';
      bindings.set(theirs, scheduler.streamId);
      schedulers.set(theirs, scheduler);
      return scheduler;
    },
    join: async (framework, { ignored, suppressedRoles = [], streamId, headers } = {}) => {
      const body = JSON.stringify({
        type: 'SUBSCRIBE',
        subscribe: {
          framework_info: { user: running().user, ...framework },
          suppressed_roles: suppressedRoles,
        },
      });
      const capture = {
        ...SUBSCRIPTION,
        name: `SUBSCRIBE of ${framework.name}`,
        headers: { ...SUBSCRIPTION.headers, ...headers },
        body,
      };
      const scheduler = await subscribe(capture, running().masterUrl, ignored);
      streams.push(scheduler);
      if (streamId !== undefined) {
        bindings.set(streamId, scheduler.streamId);
        schedulers.set(streamId, scheduler);
      }
      return scheduler;
    },
    open: async (name) => {
      replayed.add(name);
      const { capture } = await requestOf(name);
      const stream = await openEvents(capture, urlOf(capture));
      streams.push(stream);
      return stream;
    },
    seen: async (stream, subject, count) => {
      const some = () => stream.events.filter((event) => subjectOf(event) === subject);
      await waitFor(
        `${count} events of ${subject}, came ${JSON.stringify(some())}`,
        () => some().length >= count && isUpToDate(stream),
        { timeoutMs: STEP_TIMEOUT_MS, everyMs: 5 },
      );
    },
    launch: async (scheduler, task, { id: offerId, refuseSeconds = 0 } = {}) => {
      const wanted = offerId === undefined ? undefined : captured(rewrite(offerId, rewriting()));
      const { id, agent_id } = await takeOffer(scheduler, wanted, bindings);
      const status = await scheduler.call('ACCEPT', {
        offer_ids: [id],
        operations: [{ type: 'LAUNCH', launch: { task_infos: [{ ...task, agent_id }] } }],
        filters: { refuse_seconds: refuseSeconds },
      });
      expect(status).toBe(202);
    },
    hold: async (scheduler, offerId) => {
      const { mismatches } = await offersFor(rewrite(offerId, rewriting()), scheduler);
      judge(`offers of ${scheduler.capture.name}`, mismatches);
    },
    translate,
    offerTaken: (offerId) => offersTaken.get(rewrite(offerId, rewriting())) ?? '',
    operationUuid: (scheduler, operationId) => {
      const event = scheduler.events.find((one) => subjectOf(one) === operationId);
      return event === undefined ? '' : at(event, 'update_operation_status', 'status', 'uuid', 'value');
    },
    taskInfos: (name) => {
      const call = JSON.parse(golden(name).body ?? '{}') as {
        accept: { operations: { launch: { task_infos: JsonObject[] } }[] };
      };
      return call.accept.operations.flatMap(({ launch }) => launch.task_infos);
    },
    rewritePort: (from, to) => void ports.set(from, to),
    compareEvents: (stream) => {
      const capture = golden(stream.capture.name);
      judge(capture.name, [
        ...compare(capture.status, stream.status, bindings, 'status'),
        ...compareHeaders(capture, stream.headers, bindings),
        ...compareStreams(capture.events ?? [], stream.events, bindings),
      ]);
    },
    rewriteAlso: (...more) => void rewritten.push(...more),
  };
  return walk;
};

const isUpToDate = (stream: EventStream | Scheduler): boolean =>
  'isUpToDate' in stream ? stream.isUpToDate() : true;
