import type { Exchange } from '../../http/router.ts';
import { isActive } from '../core/instance.ts';
import type { RunSpecId } from '../definitions/path-id.ts';
import type { InstanceView } from '../engine.ts';
import { putRunSpecs, runSpecOf } from '../groups/root-group.ts';
import type { ApiContext } from './api-context.ts';
import { changeRoot, type RootChange } from './change-root.ts';
import { taskJson } from './json/task-json.ts';
import { deadlineOf, flag } from './request.ts';
import { sendDeployment, sendResult } from './send.ts';
import { sendPreview } from './send-preview.ts';
import { apiError } from './to-http-error.ts';

/** How tasks are killed (marathon.md 1.7): replaced, made fewer (scale), or replaced with all that they had (wipe). */
export interface KillOptions {
  readonly scale: boolean;
  readonly wipe: boolean;
  readonly force: boolean;
  /** Only told what would be killed. */
  readonly dryRun: boolean;
}

/** Throws HttpError 400 for a mix that makes no sense. */
export const killOptions = ({ query }: Exchange): KillOptions => {
  const options = {
    scale: flag(query, 'scale'),
    wipe: flag(query, 'wipe'),
    force: flag(query, 'force'),
    dryRun: flag(query, 'dryRun'),
  };
  if (options.scale && options.wipe) throw apiError(400, 'You cannot use scale and wipe at the same time.');
  return options;
};

export interface Kill {
  readonly instances: readonly InstanceView[];
  readonly options: KillOptions;
  /** The body that answers, given the tasks that were killed. */
  readonly show: (tasks: readonly object[]) => object;
}

/** Kills those of the instances that have a task, and tells which, or the deployment that makes them fewer. */
export const answerKill = async (
  context: ApiContext,
  { query, response }: Exchange,
  { instances, options, show }: Kill,
): Promise<void> => {
  const { wipe, scale, force, dryRun } = options;
  const concerned = instances.filter(
    ({ condition }) => isActive(condition) || (wipe && condition === 'UnreachableInactive'),
  );
  if (scale) {
    const change = { ...scaleDown(concerned, force), ...deadlineOf(query, context.config) };
    if (dryRun) return sendPreview(context, response, change);
    return sendDeployment(response, await changeRoot(context, change));
  }
  if (dryRun) return sendResult(response, show(concerned.map(taskJson)));
  const instanceIds = concerned.map(({ id }) => id);
  const killed = instanceIds.length > 0 ? await context.engine.killInstances({ instanceIds, wipe }) : [];
  return sendResult(response, show(killed.map(taskJson)));
};

const scaleDown = (instances: readonly InstanceView[], force: boolean): RootChange => {
  const toKill = new Map<RunSpecId, string[]>();
  for (const { appId, id } of instances) {
    const known = toKill.get(appId);
    if (known) known.push(id);
    else toKill.set(appId, [id]);
  }
  return {
    force,
    toKill,
    change: (root) =>
      putRunSpecs(
        root,
        [...toKill].flatMap(([id, ids]) => {
          const spec = runSpecOf(root, id);
          return spec ? [{ ...spec, instances: Math.max(0, spec.instances - ids.length) }] : [];
        }),
      ),
  };
};
