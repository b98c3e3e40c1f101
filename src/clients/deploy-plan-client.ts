import { type Api, sendForJson } from './call.ts';
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

interface PlanAnswer {
  readonly phases?: readonly {
    readonly steps?: readonly {
      readonly name?: string;
      readonly status?: string;
      readonly message?: string;
    }[];
  }[];
}

const SCHEDULER: Api = { name: 'The service', readError: () => ({}) };

/**
 * What the scheduler of a service has to do and has done, by its plan `deploy`, in its order: of services of this project
 * and of those that are built on the DC/OS SDK. Throws ApiError, too where the service has no such plan.
 */
export const getDeploySteps = async (gateway: Connection, service: string): Promise<DeployStep[]> => {
  const path = `/service/${service.split('/').map(encodeURIComponent).join('/')}`;
  const { phases } = await sendForJson<PlanAnswer>(SCHEDULER, below(gateway, path), {
    method: 'GET',
    path: '/v1/plans/deploy',
  });
  return (phases ?? []).flatMap(({ steps = [] }) =>
    steps.map(({ name = '', status = '', message = '' }) => ({ name, status, message })),
  );
};
