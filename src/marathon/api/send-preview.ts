import type { ServerResponse } from 'node:http';
import { affectedSpecs } from '../core/planner.ts';
import type { RootUpdate } from '../engine.ts';
import type { ApiContext } from './api-context.ts';
import { previewChange } from './change-root.ts';
import { diffRoots } from './definition-diff.ts';
import { stepsJson } from './json/deployment-json.ts';
import { sendResult } from './send.ts';

/**
 * Answers `?dryRun=true`: the steps that a change would take, what it changes of which app or pod, and the deployments that hold
 * these, so that it would be refused (or, with force, would end them). Nothing is changed. Throws what the change throws.
 */
export const sendPreview = (
  context: ApiContext,
  response: ServerResponse,
  update: RootUpdate,
): Promise<void> => {
  const { root } = context.engine;
  const { plan, after } = previewChange(context, update);
  const affected = new Set(affectedSpecs(plan.steps));
  const lockedBy = context.engine
    .deployments()
    .filter(({ id }) => id !== update.undoes?.id)
    .filter((deployment) =>
      [...deployment.affectedApps, ...deployment.affectedPods].some((id) => affected.has(id)),
    )
    .map(({ id }) => id);
  return sendResult(response, {
    steps: stepsJson(plan),
    diff: diffRoots(root, after),
    ...(lockedBy.length > 0 && { lockedBy }),
  });
};
