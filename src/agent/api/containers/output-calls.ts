import { HttpError } from '../../../http/http-error.ts';
import { send } from '../../../http/respond.ts';
import type { Exchange } from '../../../http/router.ts';
import type { Call } from '../../../mesos/generated/agent.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { keyOf } from '../../core/operator-containers.ts';
import type { Format } from '../operator-wire.ts';
import { type AttachApi, attachPoint } from './attach-point.ts';
import { invalidCall } from './container-id.ts';
import { launchContainer, readLaunch } from './launch-container.ts';
import { ProcessOutput } from './process-output.ts';

export interface OutputApi extends AttachApi {
  readonly clock: Clock;
}

type Extracted<Type extends Call['type']> = Extract<Call, { type: Type }>;

/** Runs a command inside a container and answers with what it prints. It is killed when the reader goes away. */
export const runSession = async (
  call: Extracted<'LAUNCH_NESTED_CONTAINER_SESSION'>,
  api: OutputApi,
  { response, answer }: Pick<Exchange, 'response'> & { answer: Format },
): Promise<void> => {
  const launch = readLaunch(call);
  const key = keyOf(launch.id);
  if (!(await launchContainer(api, launch))) {
    send(response, 202);
    return;
  }
  const kill = (): void => api.handle({ type: 'kill-container', key, signal: 9 });
  const session = api.sessions.get(key);
  if (!session) throw new HttpError(500, 'I/O switchboard has shutdown');
  if (response.destroyed) {
    kill();
    return;
  }
  const output = new ProcessOutput(response, {
    answer,
    clock: api.clock,
    onGone: () => {
      detach();
      kill();
    },
  });
  const detach = session.attachOutput(output);
};

/** Answers with what a container prints from now on, until it ends or the reader goes away. */
export const attachOutput = (
  call: Extracted<'ATTACH_CONTAINER_OUTPUT'>,
  api: OutputApi,
  { response, answer }: Pick<Exchange, 'response'> & { answer: Format },
): void => {
  const { attach_container_output: body } = call;
  if (!body) throw invalidCall("Expecting 'attach_container_output' to be present");
  const point = attachPoint(api, 'attach_container_output.container_id', body.container_id);
  const output = new ProcessOutput(response, { answer, clock: api.clock, onGone: () => detach() });
  const detach = point.attachOutput(output);
};
