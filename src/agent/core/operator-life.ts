import { type Exit, waitStatus } from './exit.ts';
import {
  containersBelow,
  findContainer,
  keyOfRecord,
  MAX_KEPT_ENDS,
  type OperatorContainer,
  parentKeyOf,
  type Termination,
} from './operator-containers.ts';
import type { ContainerRecord, Limitation, ProcessIdentity } from './state.ts';
import { operatorContainerKey, type Turn } from './turn.ts';

/** What happens to containers of operators after their launch; mesos.md 3.8. */

const SIGKILL = 9;

/** Its process waits for leave to run its command, which it gets once its identity is durable; a session's runs already. */
export const operatorContainerForked = (
  turn: Turn,
  container: OperatorContainer,
  process: ProcessIdentity,
): void => {
  const { key, kind } = container;
  container.process = process;
  container.phase = 'running';
  turn.saveOperatorContainer(container);
  if (container.isKilled) {
    end(turn, container);
    return;
  }
  if (kind !== 'session') turn.do({ type: 'release-container', containerId: key });
  turn.do({ type: 'tell-container', key, news: { type: 'running' } });
};

/** Its command never ran: whoever launched it hears why, and nothing is kept. */
export const operatorContainerFailed = (
  turn: Turn,
  { key, kind }: OperatorContainer,
  message: string,
): void => {
  forget(turn, key);
  if (kind !== 'session') turn.do({ type: 'forget-container', containerId: key });
  turn.do({ type: 'tell-container', key, news: { type: 'failed', message } });
};

export const operatorContainerLimited = (
  turn: Turn,
  container: OperatorContainer,
  limitation: Limitation,
): void => {
  container.limitation = limitation;
  turn.saveOperatorContainer(container);
  end(turn, container);
};

export const operatorContainerExited = (turn: Turn, container: OperatorContainer, exit: Exit): void => {
  const { key, kind, isKilled, limitation } = container;
  const known = isKilled && exit.type === 'unknown' ? SIGKILL : waitStatus(exit);
  if (kind !== 'session') turn.do({ type: 'forget-container', containerId: key });
  endBelow(turn, key);
  keepEnd(turn, container, terminationOf(known, limitation));
};

/** Sends a signal to a container; the ninth ends it with everything in it. */
export const killOperatorContainer = (turn: Turn, key: string, signal: number): void => {
  const found = findContainer(turn.state, key);
  if (!found) return;
  if (found.type === 'operator' && signal === SIGKILL) {
    end(turn, found.container);
    return;
  }
  const process = found.container?.process;
  if (signal === SIGKILL && found.type === 'run' && found.container) {
    turn.do({ type: 'signal-container', containerId: found.container.id, signal: 'SIGKILL' });
  } else if (process) turn.do({ type: 'signal-process', process, signal });
};

/** Forgets a container that has ended, with its sandbox. */
export const removeOperatorContainer = (turn: Turn, key: string): void => {
  const container = turn.state.operatorContainers.get(key);
  if (container?.phase !== 'ended') return;
  forget(turn, key);
  if (container.kind !== 'session') turn.do({ type: 'remove-sandbox', sandbox: container.sandbox });
};

/** The container of a task or an executor has ended: what operators launched in it ends, and its exit is kept for its parent's life. */
export const noteEndOfContainer = (
  turn: Turn,
  container: ContainerRecord,
  { status, limitation }: { status: number; limitation: Limitation | undefined },
): void => {
  const key = keyOfRecord(container);
  const termination = terminationOf(status, limitation);
  endBelow(turn, key);
  if (container.parentId === undefined) {
    turn.do({ type: 'tell-container', key, news: { type: 'ended', termination } });
    return;
  }
  const id = { value: container.id, parent: { value: container.parentId } };
  const { sandbox } = container;
  keepEnd(
    turn,
    { key, id, kind: 'nested', command: {}, resources: [], sandbox, phase: 'ended', startedMs: turn.nowMs },
    termination,
  );
};

/** A run is over: nothing that was nested in it is known any more. */
export const forgetNestedIn = (turn: Turn, runId: string): void => {
  endBelow(turn, runId);
  for (const { key, phase } of containersBelow(turn.state, runId)) {
    if (phase === 'ended') forget(turn, key);
  }
};

/** Everything is to end. */
export const endOperatorContainers = (turn: Turn): void => {
  for (const container of turn.state.operatorContainers.values()) end(turn, container);
};

/**
 * After a restart: sessions ended with the agent's last life, and so did what was about to be started, of which its
 * launcher never heard.
 */
export const resumeOperatorContainers = (turn: Turn): void => {
  for (const container of [...turn.state.operatorContainers.values()]) {
    const { key, kind, phase, process } = container;
    const parentKey = parentKeyOf(key);
    const isOrphan = parentKey !== undefined && !findContainer(turn.state, parentKey);
    if (phase === 'ended') {
      if (isOrphan) forget(turn, key);
    } else if (kind === 'session') {
      if (process) turn.do({ type: 'sweep-process', process });
      keepEnd(turn, container, { exit_status: SIGKILL });
    } else if (isOrphan || container.isKilled) end(turn, container);
  }
};

const end = (turn: Turn, container: OperatorContainer): void => {
  const { key, kind, phase } = container;
  if (phase === 'ended') return;
  container.isKilled = true;
  turn.saveOperatorContainer(container);
  if (kind === 'session') turn.do({ type: 'end-session', key });
  else turn.do({ type: 'signal-container', containerId: key, signal: 'SIGKILL' });
};

const endBelow = (turn: Turn, key: string): void => {
  for (const container of containersBelow(turn.state, key)) end(turn, container);
};

const terminationOf = (status: number, limitation: Limitation | undefined): Termination => ({
  ...(status < 0 ? {} : { exit_status: status }),
  ...(limitation
    ? {
        state: 'TASK_FAILED',
        reason: limitation.reason,
        message: limitation.message,
        limitation: { resources: [...limitation.resources] },
      }
    : {}),
});

const keepEnd = (turn: Turn, container: OperatorContainer, termination: Termination): void => {
  const { key } = container;
  const parentKey = parentKeyOf(key);
  if (parentKey !== undefined && !findContainer(turn.state, parentKey)) forget(turn, key);
  else {
    container.phase = 'ended';
    container.termination = termination;
    delete container.process;
    turn.state.operatorContainers.set(key, container);
    turn.saveOperatorContainer(container);
    forgetOldEnds(turn, key);
  }
  turn.do({ type: 'tell-container', key, news: { type: 'ended', termination } });
};

/** Of what is nested in one root container, or of all that is standalone. */
const forgetOldEnds = (turn: Turn, key: string): void => {
  const rootOf = (one: string): string => (one.includes('.') ? (one.split('.', 1)[0] ?? '') : '');
  const ended = [...turn.state.operatorContainers.values()].filter(
    (one) => one.phase === 'ended' && rootOf(one.key) === rootOf(key),
  );
  const excess = ended.length - MAX_KEPT_ENDS;
  if (excess <= 0) return;
  const oldest = ended.sort((one, other) => one.startedMs - other.startedMs).slice(0, excess);
  for (const { key: old, kind, sandbox } of oldest) {
    forget(turn, old);
    if (kind === 'standalone') turn.do({ type: 'remove-sandbox', sandbox });
  }
};

const forget = (turn: Turn, key: string): void => {
  turn.state.operatorContainers.delete(key);
  turn.save(operatorContainerKey(key), undefined);
};
