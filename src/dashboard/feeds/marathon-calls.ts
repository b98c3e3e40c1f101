import type {
  AppDetail,
  DefinitionPreview,
  Deployment,
  EndedDeployment,
  QueueItem,
} from '../model/marathon.ts';
import type { Pod } from '../model/pod-service.ts';
import { MARATHON, pathOfId } from './marathon-path.ts';
import { ask } from './request.ts';

const EMBEDS = ['app.tasks', 'app.counts', 'app.deployments', 'app.lastTaskFailure'];

export const getApp = async (id: string): Promise<AppDetail> => {
  const embeds = EMBEDS.map((embed) => `embed=${embed}`).join('&');
  return (await ask<{ app: AppDetail }>(`${MARATHON}/apps/${pathOfId(id)}?${embeds}`)).app;
};

export const createApp = (definition: unknown): Promise<unknown> =>
  ask(`${MARATHON}/apps`, { method: 'POST', body: definition });

export const previewNewApp = (definition: unknown): Promise<DefinitionPreview> =>
  ask(`${MARATHON}/apps?dryRun=true`, { method: 'POST', body: definition });

export const changeApp = (id: string, change: unknown): Promise<unknown> =>
  ask(`${MARATHON}/apps/${pathOfId(id)}`, { method: 'PUT', body: change });

export const restartApp = (id: string): Promise<unknown> =>
  ask(`${MARATHON}/apps/${pathOfId(id)}/restart`, { method: 'POST', body: {} });

export const deleteApp = (id: string): Promise<unknown> =>
  ask(`${MARATHON}/apps/${pathOfId(id)}`, { method: 'DELETE' });

export const killTasks = (ids: readonly string[]): Promise<unknown> =>
  ask(`${MARATHON}/tasks/delete`, { method: 'POST', body: { ids } });

export const getPod = (id: string): Promise<Pod> => ask(`${MARATHON}/pods/${pathOfId(id)}::status`);

export const scalePod = async (id: string, instances: number): Promise<unknown> => {
  const path = `${MARATHON}/pods/${pathOfId(id)}`;
  const spec = await ask<Readonly<Record<string, unknown>>>(path);
  return ask(path, { method: 'PUT', body: { ...spec, scaling: { kind: 'fixed', instances } } });
};

export const deletePod = (id: string): Promise<unknown> =>
  ask(`${MARATHON}/pods/${pathOfId(id)}`, { method: 'DELETE' });

export const killPodInstance = (id: string, instance: string): Promise<unknown> =>
  ask(`${MARATHON}/pods/${pathOfId(id)}::instances/${encodeURIComponent(instance)}`, { method: 'DELETE' });

/** Those under way, each with what holds it up. */
export const getDeployments = async (): Promise<readonly Deployment[]> => {
  const listed = await ask<Deployment[]>(`${MARATHON}/deployments`);
  return Promise.all(
    // One that ends meanwhile is shown as it was listed.
    listed.map((deployment) => ask<Deployment>(deploymentPath(deployment.id)).catch(() => deployment)),
  );
};

/** The latest that are over; none where Marathon does not remember. */
export const getEndedDeployments = async (): Promise<readonly EndedDeployment[]> => {
  const ended = await ask<EndedDeployment[]>(`${MARATHON}/deployments?ended=true`);
  return ended.filter(({ outcome }) => outcome !== undefined);
};

/** `all` leaves out the later pauses, too. */
export const continueDeployment = (id: string, { all = false } = {}): Promise<unknown> =>
  ask(`${deploymentPath(id)}/continue${all ? '?all=true' : ''}`, { method: 'POST' });

/** Undoes what a deployment has done; with `force` it is given up as it stands. */
export const undoDeployment = (id: string, { force = false } = {}): Promise<unknown> =>
  ask(`${deploymentPath(id)}${force ? '?force=true' : ''}`, { method: 'DELETE' });

export const getQueueItem = async (id: string): Promise<QueueItem | undefined> => {
  const { queue } = await ask<{ queue: QueueItem[] }>(`${MARATHON}/queue`);
  return queue.find(({ app, pod }) => (app ?? pod)?.id === id);
};

export const resetDelay = (id: string): Promise<unknown> =>
  ask(`${MARATHON}/queue/${pathOfId(id)}/delay`, { method: 'DELETE' });

const deploymentPath = (id: string): string => `${MARATHON}/deployments/${encodeURIComponent(id)}`;
