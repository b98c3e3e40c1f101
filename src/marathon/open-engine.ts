import type { Clock } from '../runtime/clock.ts';
import type { Store } from '../store/store.ts';
import type { Answer } from './core/effect.ts';
import type { EngineEvent } from './core/event.ts';
import { instanceIdOf } from './core/ids.ts';
import type { MarathonInput } from './core/input.ts';
import { appKey } from './core/keys.ts';
import type { MarathonCore } from './core/marathon-core.ts';
import { podView } from './core/pods/pod-view.ts';
import { planUpdate, undoing } from './core/root-changes.ts';
import type { MarathonSettings } from './core/settings.ts';
import { deploymentView, instanceView, queueView, taskCounts } from './core/views.ts';
import { asApp, asPod, type RunSpec } from './definitions/run-spec.ts';
import {
  type DeploymentPlan,
  type EngineFacts,
  type InstanceView,
  type MarathonEngine,
  UnknownDeployment,
} from './engine.ts';
import { runSpecOf } from './groups/root-group.ts';
import { rootAt } from './root-at.ts';

export interface OpenEngineOptions {
  readonly core: MarathonCore;
  readonly runner: { handle(input: MarathonInput): void };
  readonly store: Store;
  readonly clock: Clock;
  readonly settings: MarathonSettings;
  readonly facts: Pick<EngineFacts, 'version' | 'url' | 'leader' | 'masterUrls'>;
  readonly listeners: Set<(event: EngineEvent) => void>;
  /** Callers that wait for their answer, by the number of their request. */
  readonly requests: Map<number, (answer: Answer) => void>;
}

/** The engine as the API sees it: reads go to the state, changes through the core. */
export const openEngine = (options: OpenEngineOptions): MarathonEngine => {
  const { core, runner, store, clock, settings, facts, listeners, requests } = options;
  const { state } = core;
  let lastRequestId = 0;

  const ask = (input: (requestId: number) => MarathonInput): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const requestId = ++lastRequestId;
      requests.set(requestId, (answer) => {
        if (answer.type === 'done') resolve(answer.value);
        else reject(answer.error);
      });
      runner.handle(input(requestId));
    });
  const specAt = (id: string, version: string): RunSpec | undefined => {
    const present = runSpecOf(state.root, id);
    if (present?.version === version) return present;
    if (!state.appVersions.get(id)?.includes(version)) return undefined;
    return store.get(appKey(id, version)) as RunSpec | undefined;
  };

  return {
    get root() {
      return state.root;
    },
    get facts() {
      return {
        ...facts,
        isElected: state.master.wasEverConnected,
        isConnected: state.master.isConnected,
        frameworkId: state.frameworkId,
        frameworkName: settings.frameworkName,
        mesosRole: settings.mesosRole,
        principal: settings.principal,
        failoverTimeoutSeconds: settings.failoverTimeoutSeconds,
      };
    },
    updateRoot: async (update) =>
      (await ask((requestId) => ({ type: 'update-root', requestId, update }))) as DeploymentPlan,
    previewUpdate: (update) =>
      planUpdate(state, update, { nowMs: clock.now(), deploymentId: '' }).deployment.plan,
    appVersions: (appId) => state.appVersions.get(appId) ?? [],
    appAt: (appId, version) => asApp(specAt(appId, version)),
    podAt: (podId, version) => asPod(specAt(podId, version)),
    rootVersions: () => state.rootHistory.map(({ version }) => version),
    rootAt: (version) => rootAt(state, version, specAt),
    instances: (appId) => state.instances.ofApp(appId).map((instance) => instanceView(state, instance)),
    findInstance: (id) => {
      const instance = state.instances.get(instanceIdOf(id) ?? id);
      return instance && instanceView(state, instance);
    },
    counts: (appId) => taskCounts(state, appId),
    lastTaskFailure: (appId) => state.failures.get(appId),
    podView: (podId) => podView(state, podId),
    killInstances: async ({ instanceIds, wipe }) =>
      (await ask((requestId) => ({
        type: 'kill-instances',
        requestId,
        instanceIds,
        wipe,
      }))) as readonly InstanceView[],
    deployments: () => [...state.deployments.values()].map((deployment) => deploymentView(state, deployment)),
    endedDeployment: (id) => state.endedDeployments.get(id),
    endedDeployments: () => [...state.endedDeployments.values()],
    cancelDeployment: async (cancel) =>
      (await ask((requestId) => ({ type: 'cancel-deployment', requestId, ...cancel }))) as
        | DeploymentPlan
        | undefined,
    continueDeployment: async (continuation) =>
      (await ask((requestId) => ({
        type: 'continue-deployment',
        requestId,
        ...continuation,
      }))) as readonly string[],
    undoing: (id) => {
      const deployment = state.deployments.get(id);
      if (deployment === undefined) throw new UnknownDeployment(id);
      return undoing(deployment);
    },
    queue: () => queueView(state, clock.now()),
    resetDelay: async (appId) =>
      (await ask((requestId) => ({ type: 'reset-delay', requestId, appId }))) === true,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
