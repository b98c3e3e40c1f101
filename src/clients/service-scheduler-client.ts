import { type Api, send, sendForJson } from './call.ts';
import { below, type Connection } from './connection.ts';

/** A step of the plan by which a scheduler deploys its service. */
export interface DeployStep {
  /** Of the task, such as `node-0-server`. */
  readonly name: string;
  /** COMPLETE when there is nothing left to do. */
  readonly status: string;
  /** Why it is not, where the scheduler knows. */
  readonly message: string;
}

/**
 * The scheduler of a service: one of this project, or one that is built on the DC/OS SDK, whose API it has. Every call throws
 * ApiError.
 */
export interface ServiceSchedulerClient {
  /** What it has to do and has done, by its plan `deploy`, in its order. */
  getDeploySteps(): Promise<DeployStep[]>;
  getEndpointNames(): Promise<string[]>;
  /** The text of an endpoint: an address, a file of settings, or JSON. */
  getEndpoint(name: string): Promise<string>;
}

interface PlanAnswer {
  readonly phases?: readonly {
    readonly steps?: readonly {
      readonly name?: string;
      readonly status?: string;
      readonly message?: string;
    }[];
  }[];
}

const SCHEDULER: Api = {
  name: 'The service',
  readError: (body) => (typeof body === 'string' && body !== '' ? { message: body } : messageOf(body)),
};

const messageOf = (body: unknown): { message?: string } => {
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
  return typeof message === 'string' ? { message } : {};
};

/** A client of the scheduler of the service that is called so, below the gateway. */
export const createServiceSchedulerClient = (
  gateway: Connection,
  service: string,
): ServiceSchedulerClient => {
  const own = below(gateway, `/service/${service.split('/').map(encodeURIComponent).join('/')}`);
  return {
    getDeploySteps: async () => {
      const { phases } = await sendForJson<PlanAnswer>(SCHEDULER, own, { path: '/v1/plans/deploy' });
      return (phases ?? []).flatMap(({ steps = [] }) =>
        steps.map(({ name = '', status = '', message = '' }) => ({ name, status, message })),
      );
    },
    getEndpointNames: () => sendForJson<string[]>(SCHEDULER, own, { path: '/v1/endpoints' }),
    getEndpoint: async (name) => {
      const { body } = await send(SCHEDULER, own, { path: `/v1/endpoints/${encodeURIComponent(name)}` });
      return body.toString('utf8').trimEnd();
    },
  };
};
