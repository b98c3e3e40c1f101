import { constants } from 'node:os';
import type { StatusDetail } from './state.ts';

/** How the process of a container ended, as far as is known. */
export type Exit =
  | { type: 'exited'; code: number }
  | { type: 'signalled'; signal: number }
  /** Whoever waited for it was killed. */
  | { type: 'unknown' }
  /** The machine was started anew meanwhile. */
  | { type: 'rebooted' };

/** Descriptions of signals as strsignal gives them, which is how Mesos puts them. */
const SIGNAL_TEXTS: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGHUP: 'Hangup',
  SIGINT: 'Interrupt',
  SIGQUIT: 'Quit',
  SIGILL: 'Illegal instruction',
  SIGTRAP: 'Trace/breakpoint trap',
  SIGABRT: 'Aborted',
  SIGBUS: 'Bus error',
  SIGFPE: 'Floating point exception',
  SIGKILL: 'Killed',
  SIGUSR1: 'User defined signal 1',
  SIGSEGV: 'Segmentation fault',
  SIGUSR2: 'User defined signal 2',
  SIGPIPE: 'Broken pipe',
  SIGALRM: 'Alarm clock',
  SIGTERM: 'Terminated',
  SIGXCPU: 'CPU time limit exceeded',
  SIGXFSZ: 'File size limit exceeded',
  SIGSYS: 'Bad system call',
};

/** The sentence about an exit that Mesos' executors put into the last status of a task. */
export const describeExit = (exit: Exit): string => {
  switch (exit.type) {
    case 'exited':
      return `Command exited with status ${exit.code}`;
    case 'signalled':
      return `Command terminated with signal ${signalText(exit.signal)}`;
    case 'unknown':
      return "Unable to retrieve command's termination information";
    case 'rebooted':
      return 'The machine of the agent was restarted';
  }
};

const signalText = (signal: number): string => {
  const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
  return SIGNAL_TEXTS[name as NodeJS.Signals] ?? `${signal}`;
};

/** As waitpid gives it: the exit code times 256, or the signal's number; -1 when it is not known. */
export const waitStatus = (exit: Exit): number => {
  switch (exit.type) {
    case 'exited':
      return exit.code * 256;
    case 'signalled':
      return exit.signal;
    default:
      return -1;
  }
};

/** The last state of a task whose command ended without being asked to, or that was asked by a kill. */
export const stateAfter = (exit: Exit, isKilled: boolean): StatusDetail['state'] => {
  if (exit.type === 'exited' && exit.code === 0) return 'TASK_FINISHED';
  return isKilled ? 'TASK_KILLED' : 'TASK_FAILED';
};
