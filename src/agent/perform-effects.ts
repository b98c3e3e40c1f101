import { rm } from 'node:fs/promises';
import { errorMessage } from '../runtime/error-message.ts';
import type { Log } from '../runtime/log.ts';
import type { ExecutorStreams } from './api/executor-streams.ts';
import type { SessionParts } from './build-sessions.ts';
import type { Checker } from './checks/checker.ts';
import type { ContainerizerChoice } from './containerizers/containerizer-choice.ts';
import type { Effect } from './core/effect.ts';
import { volumeFolder } from './core/mounts.ts';
import type { MasterLink } from './link/master-link.ts';
import { type LogLimits, type LogRotation, logLimitsOf } from './sandbox/log-rotation.ts';

/** What carries out the core's effects. */
export interface AgentParts {
  readonly link: MasterLink;
  readonly containers: ContainerizerChoice;
  readonly checker: Checker;
  readonly rotation: LogRotation;
  readonly streams: ExecutorStreams;
  readonly sessions: SessionParts;
  readonly workDir: string;
  readonly logLimits: LogLimits;
  readonly log: Log;
  /** The agent has to stop for good, for this reason. */
  readonly end: (message: string) => void;
}

/** Carries out one effect of a turn that is durable; timers are the turn runner's. */
export const performEffect = (
  parts: AgentParts,
  effect: Exclude<Effect, { type: 'set-timer' | 'cancel-timer' }>,
): void => {
  const { link, containers, checker, rotation, streams } = parts;
  switch (effect.type) {
    case 'send-master':
      link.send(effect.call);
      break;
    case 'start-container':
      watchOutput(parts, effect.plan);
      containers.start(effect.plan);
      break;
    case 'update-container':
      containers.update(effect.plan);
      break;
    case 'release-container':
      containers.release(effect.containerId);
      break;
    case 'signal-container':
      containers.signal(effect.containerId, effect.signal);
      break;
    case 'forget-container':
      rotation.unwatch(effect.containerId);
      containers.forget(effect.containerId);
      break;
    case 'start-checks':
      checker.start(effect.plan);
      break;
    case 'stop-checks':
      checker.stop(effect.containerId);
      break;
    case 'send-executor':
      streams.send(effect.runId, effect.event);
      break;
    case 'close-executor':
      streams.close(effect.runId);
      break;
    case 'remove-volume':
      removeVolume(volumeFolder(parts.workDir, effect.volume), parts.log);
      break;
    case 'start-session':
    case 'end-session':
    case 'signal-process':
    case 'sweep-process':
    case 'tell-container':
    case 'remove-sandbox':
      parts.sessions.perform(effect);
      break;
    case 'end':
      parts.end(effect.message);
      break;
  }
};

/** Keeps what a container prints bounded, by its own wish or by the agent's rule. */
export const watchOutput = (
  { rotation, logLimits }: Pick<AgentParts, 'rotation' | 'logLimits'>,
  {
    id,
    sandbox,
    environment,
  }: { id: string; sandbox: string; environment: Readonly<Record<string, string>> },
): void =>
  rotation.watch(id, sandbox, {
    stdout: logLimitsOf(environment, 'stdout', logLimits),
    stderr: logLimitsOf(environment, 'stderr', logLimits),
  });

/**
 * A framework that was torn down takes its volumes along while its tasks may still be ending, and writing: then there is
 * something new in a folder that was just emptied. For as long as a task may take to end, it is tried again.
 */
const VOLUME_REMOVAL = { recursive: true, force: true, maxRetries: 20, retryDelay: 500 };

const removeVolume = (folder: string, log: Log): void => {
  rm(folder, VOLUME_REMOVAL).catch((error: unknown) =>
    log.error({ folder, error: errorMessage(error) }, 'cannot remove a destroyed volume'),
  );
};
