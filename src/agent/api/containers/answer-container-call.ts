import type { IncomingMessage, ServerResponse } from 'node:http';
import { send } from '../../../http/respond.ts';
import type { Call } from '../../../mesos/generated/agent.ts';
import type { Format } from '../operator-wire.ts';
import type { Permission } from '../permission.ts';
import { attachInput } from './attach-input.ts';
import { killContainer, removeContainer, waitForContainer } from './container-calls.ts';
import { demandContainer } from './demand-container.ts';
import { launchContainer, readLaunch } from './launch-container.ts';
import { attachOutput, type OutputApi, runSession } from './output-calls.ts';

const TYPES = [
  'LAUNCH_NESTED_CONTAINER',
  'WAIT_NESTED_CONTAINER',
  'KILL_NESTED_CONTAINER',
  'REMOVE_NESTED_CONTAINER',
  'LAUNCH_NESTED_CONTAINER_SESSION',
  'ATTACH_CONTAINER_INPUT',
  'ATTACH_CONTAINER_OUTPUT',
  'LAUNCH_CONTAINER',
  'WAIT_CONTAINER',
  'KILL_CONTAINER',
  'REMOVE_CONTAINER',
] as const;

/** A call that launches, ends, removes, waits for or attaches to a container. */
export type ContainerCall = Extract<Call, { type: (typeof TYPES)[number] }>;

const isOneOf: ReadonlySet<string> = new Set(TYPES);

export const isAboutContainer = (call: Call): call is ContainerCall => isOneOf.has(call.type);

export interface ContainerExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly answer: Format;
  readonly permission: Permission;
  /** Those that follow in the body. */
  readonly calls: AsyncIterator<Call>;
}

/** Carries a call out and answers it (mesos.md 3.8). Throws HttpError. An answer that says nothing has no type. */
export const answerContainerCall = async (
  call: ContainerCall,
  api: OutputApi,
  exchange: ContainerExchange,
): Promise<void> => {
  const { request, response, answer, permission } = exchange;
  demandContainer(call, api.core, permission);
  switch (call.type) {
    case 'LAUNCH_CONTAINER':
    case 'LAUNCH_NESTED_CONTAINER':
      return send(response, (await launchContainer(api, readLaunch(call))) ? 200 : 202);
    case 'LAUNCH_NESTED_CONTAINER_SESSION':
      return runSession(call, api, exchange);
    case 'ATTACH_CONTAINER_OUTPUT':
      return attachOutput(call, api, exchange);
    case 'ATTACH_CONTAINER_INPUT':
      return attachInput(call, api, exchange);
    case 'KILL_CONTAINER':
    case 'KILL_NESTED_CONTAINER':
      killContainer(call, api);
      return send(response, 200);
    case 'REMOVE_CONTAINER':
    case 'REMOVE_NESTED_CONTAINER':
      removeContainer(call, api);
      return send(response, 200);
    case 'WAIT_CONTAINER':
    case 'WAIT_NESTED_CONTAINER': {
      const body = answer.codec.encode('mesos.v1.agent.Response', await waitForContainer(call, api, request));
      return send(response, 200, body, { 'Content-Type': answer.codec.mediaType });
    }
  }
};
