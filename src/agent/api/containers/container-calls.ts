import type { IncomingMessage } from 'node:http';
import { HttpError } from '../../../http/http-error.ts';
import type { Call, Response } from '../../../mesos/generated/agent.ts';
import type { ContainerID } from '../../../mesos/generated/mesos.ts';
import { findContainer, keyOf, type Termination } from '../../core/operator-containers.ts';
import { checkedId, checkedNestedId, invalidCall } from './container-id.ts';
import type { ContainerApi } from './launch-container.ts';

/** WAIT, KILL and REMOVE of containers, in the words of 1.0 (nested ones only) and of now (mesos.md 3.8). */

type Extracted<Type extends Call['type']> = Extract<Call, { type: Type }>;

const SIGKILL = 9;
/** Real-time signals included. */
const LAST_SIGNAL = 64;

/** Resolves when the container has ended. Throws HttpError 404 for one that is not known. */
export const waitForContainer = async (
  call: Extracted<'WAIT_CONTAINER' | 'WAIT_NESTED_CONTAINER'>,
  { core, news }: ContainerApi,
  request: IncomingMessage,
): Promise<Response> => {
  const key = keyOf(
    call.type === 'WAIT_CONTAINER'
      ? idOf('wait_container', call.wait_container)
      : nestedIdOf('wait_nested_container', call.wait_nested_container),
  );
  const found = findContainer(core.state, key);
  if (!found) throw notFound(key);
  const known = found.type === 'operator' ? found.container.termination : undefined;
  const termination = known ?? (await untilEnded(key, { news }, request));
  return call.type === 'WAIT_CONTAINER'
    ? { type: call.type, wait_container: termination }
    : { type: call.type, wait_nested_container: termination };
};

export const notFound = (key: string): HttpError => new HttpError(404, `Container ${key} cannot be found`);

const untilEnded = (
  key: string,
  { news }: Pick<ContainerApi, 'news'>,
  { socket }: IncomingMessage,
): Promise<Termination> =>
  new Promise((resolve, reject) => {
    const stop = news.listen(key, (told) => {
      if (told.type === 'running') return;
      stop();
      socket.off('close', gone);
      resolve(told.type === 'ended' ? told.termination : { message: told.message });
    });
    const gone = (): void => {
      stop();
      reject(new HttpError(400, 'The connection was closed'));
    };
    socket.once('close', gone);
  });

/** Throws HttpError 404 for a container that does not run. */
export const killContainer = (
  call: Extracted<'KILL_CONTAINER' | 'KILL_NESTED_CONTAINER'>,
  { core, handle }: ContainerApi,
): void => {
  const body = call.type === 'KILL_CONTAINER' ? call.kill_container : call.kill_nested_container;
  const id =
    call.type === 'KILL_CONTAINER'
      ? idOf('kill_container', call.kill_container)
      : nestedIdOf('kill_nested_container', call.kill_nested_container);
  const { signal = SIGKILL } = body;
  if (!Number.isInteger(signal) || signal < 1 || signal > LAST_SIGNAL) {
    throw invalidCall(`There is no signal ${signal}`);
  }
  const key = keyOf(id);
  const found = findContainer(core.state, key);
  const isRunning =
    found?.type === 'operator' ? found.container.phase !== 'ended' : found?.container !== undefined;
  if (!isRunning) {
    throw new HttpError(404, `Container '${key}' cannot be found (or is already killed)`);
  }
  handle({ type: 'kill-container', key, signal });
};

/** One that is not known has been removed. Throws HttpError 500 for one that runs. */
export const removeContainer = (
  call: Extracted<'REMOVE_CONTAINER' | 'REMOVE_NESTED_CONTAINER'>,
  { core, handle }: ContainerApi,
): void => {
  const key = keyOf(
    call.type === 'REMOVE_CONTAINER'
      ? idOf('remove_container', call.remove_container)
      : nestedIdOf('remove_nested_container', call.remove_nested_container),
  );
  const found = findContainer(core.state, key);
  if (!found) return;
  if (found.type === 'run' || found.container.phase !== 'ended') {
    throw new HttpError(500, 'Nested container has not terminated yet');
  }
  handle({ type: 'remove-container', key });
};

type Named = { container_id?: ContainerID } | undefined;

const idOf = (field: string, body: Named): ContainerID => {
  if (!body) throw invalidCall(`Expecting '${field}' to be present`);
  return checkedId(`${field}.container_id`, body.container_id);
};

const nestedIdOf = (field: string, body: Named): ContainerID => {
  if (!body) throw invalidCall(`Expecting '${field}' to be present`);
  return checkedNestedId(`${field}.container_id`, body.container_id);
};
