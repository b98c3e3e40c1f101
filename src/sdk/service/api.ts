import { HttpError } from '../../http/http-error.ts';
import { sendJson, sendText } from '../../http/respond.ts';
import { type Handler, Router } from '../../http/router.ts';
import type { ServiceInput } from './effect.ts';
import type { ServiceCore } from './service-core.ts';
import {
  endpointAddresses,
  endpointNames,
  endpointText,
  healthJson,
  instanceNames,
  planJson,
  podJson,
} from './views.ts';

export interface ServiceApiOptions {
  readonly core: ServiceCore;
  readonly now: () => number;
  /** Resolves once the input is durable and on its way. */
  readonly handle: (input: ServiceInput) => Promise<void>;
}

/** The API of a service, below /v1 (universe.md 7.1). */
export const serviceRouter = ({ core, now, handle }: ServiceApiOptions): Router => {
  const instanceOf = (name: string | undefined): string => {
    if (name === undefined || !instanceNames(core).includes(name)) {
      throw new HttpError(404, `There is no pod ${name}: there are ${instanceNames(core).join(', ')}`);
    }
    return name;
  };
  // A deployment that is under way is accepted and not yet done: clients that wait look at the status.
  const sendPlan: Handler = ({ response }) => {
    const view = core.plan(now());
    sendJson(response, view.status === 'COMPLETE' ? 200 : 202, planJson(core, view));
  };
  const change =
    (type: 'restart' | 'replace'): Handler =>
    async ({ response, params }) => {
      const instance = instanceOf(params.pod);
      await handle({ type, instance });
      sendJson(response, 200, { pod: instance });
    };
  return new Router()
    .on('GET', '/v1/health', ({ response }) => {
      const health = healthJson(core, core.plan(now()));
      sendJson(response, health.healthy ? 200 : 503, health);
    })
    .on('GET', '/v1/plan', sendPlan)
    .on('GET', '/v1/plans', ({ response }) => sendJson(response, 200, [core.spec.plan.name]))
    .on('GET', `/v1/plans/${core.spec.plan.name}`, sendPlan)
    .on('GET', '/v1/pod', ({ response }) => sendJson(response, 200, instanceNames(core)))
    .on('GET', '/v1/pod/status', ({ response }) =>
      sendJson(response, 200, {
        service: core.spec.name,
        pods: instanceNames(core).map((name) => podJson(core, name)),
      }),
    )
    .on('GET', '/v1/pod/:pod/status', ({ response, params }) =>
      sendJson(response, 200, podJson(core, instanceOf(params.pod))),
    )
    .on('POST', '/v1/pod/:pod/restart', change('restart'))
    .on('POST', '/v1/pod/:pod/replace', change('replace'))
    .on('GET', '/v1/endpoints', ({ response }) => sendJson(response, 200, endpointNames(core)))
    .on('GET', '/v1/endpoints/:name', sendEndpoint(core))
    .on('GET', '/v1/state/frameworkId', ({ response }) => {
      const { frameworkId } = core.state;
      sendJson(response, 200, frameworkId === undefined ? [] : [frameworkId]);
    });
};

const sendEndpoint =
  (core: ServiceCore): Handler =>
  ({ response, params }) => {
    const { name = '' } = params;
    const template = Object.hasOwn(core.spec.endpoints, name) ? core.spec.endpoints[name] : undefined;
    if (template !== undefined) {
      const text = endpointText(core, template);
      if (text === undefined) throw new HttpError(503, `The endpoint ${name} is not known yet`);
      sendText(response, 200, text);
      return;
    }
    const addresses = endpointAddresses(core, name);
    if (!addresses) {
      throw new HttpError(404, `There is no endpoint ${name}: there are ${endpointNames(core).join(', ')}`);
    }
    sendJson(response, 200, addresses);
  };
