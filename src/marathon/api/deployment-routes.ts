import { eachOf } from '../../http/json-pieces.ts';
import { send } from '../../http/respond.ts';
import { resolvePath } from '../definitions/path-id.ts';
import { UnknownDeployment } from '../engine.ts';
import type { AddRoute, ApiContext } from './api-context.ts';
import { explainQueueItem } from './explain-offers.ts';
import { explainDeployment } from './explain-waiting.ts';
import { deploymentJson, endedDeploymentJson } from './json/deployment-json.ts';
import { queueItemJson } from './json/queue-json.ts';
import { deadlineOf, flag } from './request.ts';
import { sendDeployment, sendResult } from './send.ts';
import { sendLongResult } from './send-long-result.ts';
import { sendPreview } from './send-preview.ts';
import { notFound } from './to-http-error.ts';

/** Deployments that are under way, and what waits to be launched (marathon.md 1.9, 1.11). */
export const addDeploymentRoutes = (on: AddRoute, context: ApiContext): void => {
  const { engine } = context;
  on('GET', '/v2/deployments', ({ query, response }) =>
    sendLongResult(
      response,
      flag(query, 'ended')
        ? eachOf([...engine.endedDeployments()].reverse(), endedDeploymentJson)
        : eachOf(engine.deployments(), deploymentJson),
    ),
  );

  on('GET', '/v2/deployments/:id', ({ params, response }) => {
    const { id = '' } = params;
    const deployment = engine.deployments().find((candidate) => candidate.id === id);
    const ended = engine.endedDeployment(id);
    if (ended) return sendResult(response, endedDeploymentJson(ended));
    if (deployment === undefined) throw new UnknownDeployment(id);
    const why = explainDeployment(context, deployment);
    return sendResult(response, { ...deploymentJson(deployment), why });
  });

  on('DELETE', '/v2/deployments/:id', async ({ params, query, response }) => {
    const { id = '' } = params;
    if (flag(query, 'dryRun')) {
      const undoes = { id, outcome: 'rolled-back', reason: '' } as const;
      return sendPreview(context, response, { force: true, change: engine.undoing(id), undoes });
    }
    const plan = await engine.cancelDeployment({
      id,
      force: flag(query, 'force'),
      ...deadlineOf(query, context.config),
    });
    if (plan) await sendDeployment(response, plan);
    else send(response, 202);
  });

  // Beyond Marathon, as the upgrades are that it is for.
  on('POST', '/v2/deployments/:id/continue', async ({ params, query, response }) => {
    const { id = '' } = params;
    const continued = await engine.continueDeployment({
      id,
      all: flag(query, 'all'),
      force: flag(query, 'force'),
    });
    return sendResult(response, { deploymentId: id, continued });
  });

  on('GET', '/v2/queue', ({ query, response }) => {
    const withOffers = query.getAll('embed').includes('lastUnusedOffers');
    const facts = { nowMs: context.clock.now(), isConnected: engine.facts.isConnected };
    const queue = eachOf(engine.queue(), (item) => ({
      ...queueItemJson(item, { withOffers }),
      why: explainQueueItem(item, facts),
    }));
    return sendLongResult(response, { queue });
  });

  on('DELETE', '/v2/queue/*id/delay', async ({ params, response }) => {
    const id = resolvePath(params.id ?? '');
    if (!(await engine.resetDelay(id))) throw notFound(`Application ${id} not found in tasks queue.`);
    send(response, 204);
  });
};
