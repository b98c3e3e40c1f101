import type { AppDefinition } from '../definitions/app.ts';
import { portsOf } from '../definitions/app-facts.ts';
import type { ReadinessCheck } from '../definitions/health.ts';
import { appDefinitionOf } from './definition-of.ts';
import type { ProbePurpose, ProbeResult } from './effect.ts';
import type { Instance } from './instance.ts';
import { addressOfPort, httpTarget } from './probe-target.ts';
import type { Turn } from './turn.ts';

/** What a check that did not reach anything is shown as (marathon.md 3.4). */
const NO_ANSWER_STATUS = 504;

/**
 * Polls an instance that a deployment waits for until it says that it is ready (marathon.md 3.4). Outside a deployment
 * nobody waits, so what is started then counts as ready.
 */
export const startReadiness = (turn: Turn, instanceId: string): void => {
  const waiting = findWaiting(turn, instanceId);
  if (waiting === undefined) return;
  if (turn.state.locks.has(waiting.instance.appId)) turn.setTimer(`readiness:${instanceId}`, 0);
  else turn.putInstance({ ...waiting.instance, isReady: true });
};

export const pollReadiness = (turn: Turn, instanceId: string): void => {
  const waiting = findWaiting(turn, instanceId);
  if (waiting === undefined) return;
  const { instance, app, check, taskId } = waiting;
  if (!turn.state.locks.has(app.id)) {
    turn.putInstance({ ...instance, isReady: true });
    return;
  }
  const index = portsOf(app).findIndex(({ name }) => name === check.portName);
  const address = addressOfPort(app, instance, index);
  const scheme = check.protocol === 'HTTPS' ? 'https' : 'http';
  if (address === undefined) {
    turn.setTimer(`readiness:${instanceId}`, check.intervalSeconds * 1000);
    return;
  }
  turn.effects.push({
    type: 'probe',
    probe: {
      target: httpTarget({ scheme, address, path: check.path, keepsBody: check.preserveLastResponse }),
      timeoutMs: check.timeoutSeconds * 1000,
      purpose: { type: 'readiness', taskId, instanceId },
    },
  });
};

export const receiveReadinessProbe = (
  turn: Turn,
  { instanceId, taskId }: ProbePurpose,
  result: ProbeResult,
): void => {
  const waiting = findWaiting(turn, instanceId);
  if (waiting === undefined || waiting.taskId !== taskId) return;
  const { instance, check } = waiting;
  const isReady = result.type === 'http' && check.httpStatusCodesForReady.includes(result.status);
  const lastResponse =
    result.type === 'http'
      ? { status: result.status, contentType: result.contentType, body: result.body }
      : {
          status: NO_ANSWER_STATUS,
          contentType: 'text/plain',
          body: result.type === 'failed' ? result.message : '',
        };
  turn.state.readiness.set(instanceId, {
    name: check.name,
    taskId,
    ready: isReady,
    ...(check.preserveLastResponse ? { lastResponse } : {}),
  });
  if (isReady) turn.putInstance({ ...instance, isReady: true });
  else turn.setTimer(`readiness:${instanceId}`, check.intervalSeconds * 1000);
};

const findWaiting = (
  turn: Turn,
  instanceId: string,
): { instance: Instance; app: AppDefinition; check: ReadinessCheck; taskId: string } | undefined => {
  const instance = turn.state.instances.get(instanceId);
  if (instance?.condition !== 'Running' || instance.isReady === true) return undefined;
  const app = appDefinitionOf(turn.state, instance);
  const check = app?.readinessChecks[0];
  if (!app || !check || !instance.task) return undefined;
  return { instance, app, check, taskId: instance.task.id };
};
