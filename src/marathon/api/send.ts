import type { ServerResponse } from 'node:http';
import { sendCompressible } from '../../http/send-compressible.ts';
import type { DeploymentPlan } from '../engine.ts';

/** Answers with JSON, zipped for clients that ask for it. */
export const sendResult = (
  response: ServerResponse,
  value: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): Promise<void> =>
  sendCompressible(response, status, JSON.stringify(value), {
    'Content-Type': 'application/json',
    ...headers,
  });

/** Answers with the deployment that was started. */
export const sendDeployment = (
  response: ServerResponse,
  plan: DeploymentPlan,
  { status = 200, headers = {} }: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): Promise<void> =>
  sendResult(
    response,
    { version: plan.version, deploymentId: plan.id },
    { status, headers: { ...deploymentHeader(plan), ...headers } },
  );

export const deploymentHeader = ({ id }: DeploymentPlan): Record<string, string> => ({
  'Marathon-Deployment-Id': id,
});
