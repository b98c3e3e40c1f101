import { HttpError } from '../../../http/http-error.ts';
import {
  type FoundContainer,
  findContainer,
  keyOf,
  sandboxOf,
  terminalOf,
} from '../../core/operator-containers.ts';
import type { Attachable } from '../../sessions/container-input.ts';
import type { OutputSink } from '../../sessions/output-fan.ts';
import type { SessionRunner } from '../../sessions/session-runner.ts';
import type { TerminalContainers } from '../../sessions/terminal-containers.ts';
import { notFound } from './container-calls.ts';
import { checkedId } from './container-id.ts';
import type { ContainerApi } from './launch-container.ts';

/** Whose output and input can be had. */
export interface AttachApi extends ContainerApi {
  readonly sessions: SessionRunner;
  readonly terminals: TerminalContainers;
}

/**
 * The container to attach to: a session, or one that was launched with a terminal. Throws HttpError 404 for one that is not
 * known and 500 for one without, in words that clients compare (mesos.md 3.8).
 */
export const attachPoint = (
  { core, sessions, terminals }: AttachApi,
  field: string,
  id: Parameters<typeof checkedId>[1],
): Attachable<OutputSink> => {
  const key = keyOf(checkedId(field, id));
  const found = findContainer(core.state, key);
  if (!found) throw notFound(key);
  if (isOver(found)) throw new HttpError(500, 'I/O switchboard has shutdown');
  const attachable =
    found.type === 'operator' && found.container.kind === 'session'
      ? sessions.get(key)
      : terminalOf(found) && terminals.at(placeOf(found));
  if (!attachable) throw new HttpError(500, 'I/O switchboard server was disabled for this container');
  return attachable;
};

/** By the name that its containerizer knows it by. */
const placeOf = (found: FoundContainer) => ({
  id: found.type === 'operator' ? found.key : (found.container?.id ?? found.key),
  sandbox: sandboxOf(found),
  process: found.container?.process,
});

const isOver = (found: FoundContainer): boolean =>
  found.type === 'operator' && found.container.phase === 'ended';
