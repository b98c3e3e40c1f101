import { rm } from 'node:fs/promises';
import type { Clock } from '../runtime/clock.ts';
import { errorMessage } from '../runtime/error-message.ts';
import type { Log } from '../runtime/log.ts';
import type { Enter } from './containerizers/container-entry.ts';
import type { Effect } from './core/effect.ts';
import { sessionsFolder } from './core/work-folder.ts';
import { findHostPrograms } from './processes/host-programs.ts';
import { ProcessKiller } from './processes/process-killer.ts';
import { ContainerNewsDesk } from './sessions/container-news.ts';
import { sendSignal } from './sessions/send-signal.ts';
import { type SessionEvents, SessionRunner } from './sessions/session-runner.ts';
import { TerminalContainers } from './sessions/terminal-containers.ts';

/** What carries out what operators want of containers. */
export interface SessionParts {
  readonly sessions: SessionRunner;
  readonly terminals: TerminalContainers;
  readonly news: ContainerNewsDesk;
  /** Carries out an effect that is about sessions. */
  perform(effect: SessionEffect): void;
  close(): void;
}

export type SessionEffect = Extract<
  Effect,
  {
    type:
      | 'start-session'
      | 'end-session'
      | 'signal-process'
      | 'sweep-process'
      | 'tell-container'
      | 'remove-sandbox';
  }
>;

export const buildSessions = (options: {
  workDir: string;
  enter: Enter;
  events: SessionEvents;
  clock: Clock;
  log: Log;
}): SessionParts => {
  const { workDir, enter, events, clock, log } = options;
  const programs = findHostPrograms();
  const killer = new ProcessKiller(clock);
  const news = new ContainerNewsDesk();
  const sessions = new SessionRunner({
    folder: sessionsFolder(workDir),
    enter,
    events,
    programs,
    killer,
    clock,
  });
  const terminals = new TerminalContainers({ programs, clock });
  return {
    sessions,
    terminals,
    news,
    perform: (effect) => {
      switch (effect.type) {
        case 'start-session':
          sessions.start(effect.plan);
          break;
        case 'end-session':
          sessions.end(effect.key);
          break;
        case 'signal-process':
          sendSignal(effect.process, effect.signal);
          break;
        case 'sweep-process':
          killer.kill(effect.process, 0);
          break;
        case 'tell-container':
          news.tell(effect.key, effect.news);
          break;
        case 'remove-sandbox':
          rm(effect.sandbox, { recursive: true, force: true }).catch((error: unknown) =>
            log.warn({ sandbox: effect.sandbox, error: errorMessage(error) }, 'cannot remove a sandbox'),
          );
          break;
      }
    },
    close: () => sessions.close(),
  };
};
