import { request } from '../../../src/http/client.ts';
import type { FrameworkInfo } from '../../../src/mesos/generated/mesos.ts';
import { startTestAgent, startTestMaster } from '../../master/support/cluster.ts';
import { FRAMEWORK, shellTask, subscribe, type TestScheduler } from '../../master/support/scheduler.ts';
import { waitFor } from '../../support/wait-for.ts';
import { errorLog } from './shoot.ts';
import type { Ids } from './template.ts';

export interface FuzzCluster {
  readonly masterUrl: string;
  /** The agent whose ids the calls name. */
  readonly agentUrl: string;
  /** What stands in a call's ids. */
  readonly ids: Ids;
  /** The framework that the hostile calls come from; it comes back when a call has ended it. */
  hostile(): Promise<TestScheduler>;
  /** The lines that the servers logged as errors. */
  readonly errors: readonly unknown[];
  /** Throws unless both servers answer and a new framework is offered what is reserved for it. */
  checkOthers(): Promise<void>;
}

const HONEST: FrameworkInfo = { ...FRAMEWORK, name: 'honest', roles: ['honest'] };

/** A master with two agents: one for the hostile calls, and one with resources for a framework that has no part in it. */
export const startFuzzCluster = async (): Promise<FuzzCluster> => {
  const { log, errors } = errorLog();
  const { url: masterUrl } = await startTestMaster({ log, flags: { allocationIntervalMs: 100 } });
  const { agent } = await startTestAgent(masterUrl, {
    log,
    isolation: 'posix/cpu,posix/mem,filesystem/posix',
  });
  await startTestAgent(masterUrl, {
    log,
    resources: 'cpus(honest):4;mem(honest):1024;ports:[];disk:0;gpus:0',
  });

  let scheduler = await subscribe(masterUrl);
  let coming: Promise<void> | undefined;
  const comeBack = async (): Promise<void> => {
    scheduler = await subscribe(masterUrl);
    coming = undefined;
  };
  let count = 0;
  const named = (prefix: string) => () => `${prefix}-${count++ % 500}`;
  const offerIds = (): string[] =>
    scheduler.events
      .slice(-20)
      .flatMap((event) =>
        event.type === 'OFFERS' ? (event.offers.offers ?? []).map(({ id }) => id.value) : [],
      );

  return {
    masterUrl,
    agentUrl: agent.url,
    errors,
    ids: {
      FrameworkID: () => scheduler.frameworkId,
      AgentID: () => agent.agentId ?? '',
      OfferID: () => offerIds().at(-1) ?? 'no-offer',
      TaskID: named('task'),
      ContainerID: named('container'),
      ExecutorID: () => 'executor',
      OperationID: named('operation'),
    },
    hostile: async () => {
      if (scheduler.isClosed()) {
        coming ??= comeBack();
        await coming;
      }
      return scheduler;
    },
    checkOthers: async () => {
      for (const url of [masterUrl, agent.url]) {
        const { status } = await request({ url: `${url}/health` });
        if (status !== 200) throw new Error(`${url} is not healthy: ${status}`);
      }
      const honest = await subscribe(masterUrl, HONEST);
      await honest.untilOffer(({ resources = [] }) =>
        resources.some(({ name, scalar }) => name === 'cpus' && scalar?.value === 4),
      );
      await honest.call('TEARDOWN');
      await waitFor('the honest framework to have gone', () => honest.isClosed());
    },
  };
};

/** Has the hostile framework run an executor of its own, which never subscribes by itself. */
export const launchExecutor = async ({ hostile }: FuzzCluster): Promise<void> => {
  const scheduler = await hostile();
  const offer = await scheduler.untilOffer();
  const { command: _none, ...task } = shellTask('of-executor', '');
  await scheduler.launch(offer, {
    ...task,
    executor: {
      type: 'CUSTOM',
      executor_id: { value: 'executor' },
      framework_id: { value: scheduler.frameworkId },
      command: { value: 'exec sleep 1000' },
    },
  });
};
