import type { AgentOptions } from '../agent/agent-options.ts';
import { parseDuration } from '../mesos/duration-text.ts';
import { type DaemonOptions, OptionError } from './daemon-options.ts';

/** Mesos' flags that are times (mesos.md B.2), and what they set. */
const TIMES = {
  executor_registration_timeout: 'executorRegistrationTimeoutMs',
  executor_reregistration_timeout: 'executorReregistrationTimeoutMs',
  executor_shutdown_grace_period: 'executorShutdownGraceMs',
  gc_delay: 'gcDelayMs',
  oversubscribed_resources_interval: 'oversubscribedIntervalMs',
  qos_correction_interval_min: 'qosIntervalMs',
} as const satisfies Record<string, keyof AgentOptions>;

export const EXECUTOR_OPTIONS: readonly string[] = [
  ...Object.keys(TIMES),
  'executor_environment_variables',
  'gc_disk_headroom',
];

type ExecutorOptions = Partial<
  Pick<AgentOptions, (typeof TIMES)[keyof typeof TIMES] | 'executorEnvironment' | 'gcDiskHeadroom'>
>;

/**
 * How an agent waits for executors, what they find, and how long their sandboxes stay, as its arguments have it. Throws
 * OptionError.
 */
export const executorOptions = (options: DaemonOptions): ExecutorOptions => ({
  ...Object.fromEntries(
    Object.entries(TIMES).flatMap(([name, field]) => {
      const text = options.optionalText(name);
      return text === undefined ? [] : [[field, durationOf(name, text)]];
    }),
  ),
  ...headroomOf(options),
  ...environmentOf(options),
});

const durationOf = (name: string, text: string): number => {
  const duration = parseDuration(text);
  if (duration instanceof Error || duration < 1) {
    throw new OptionError(`--${name} takes a duration such as 15secs, not ${text}`);
  }
  return duration;
};

const headroomOf = (options: DaemonOptions): { gcDiskHeadroom?: number } => {
  const text = options.optionalText('gc_disk_headroom');
  if (text === undefined) return {};
  const share = Number(text);
  if (text.trim() === '' || !(share >= 0 && share <= 1)) {
    throw new OptionError(`--gc_disk_headroom takes a share of the disk from 0 to 1, not ${text}`);
  }
  return { gcDiskHeadroom: share };
};

/** Names and texts, in the place of the variables that make programs findable. */
const environmentOf = (options: DaemonOptions): { executorEnvironment?: Record<string, string> } => {
  const text = options.optionalText('executor_environment_variables');
  if (text === undefined) return {};
  const wrong = new OptionError(
    `--executor_environment_variables takes JSON such as {"PATH":"/bin:/usr/bin"}, not ${text}`,
  );
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const entries = isObject ? Object.entries(value) : [];
    if (!isObject || !entries.every(([name, each]) => name !== '' && typeof each === 'string')) throw wrong;
    return { executorEnvironment: Object.fromEntries(entries) as Record<string, string> };
  } catch {
    throw wrong;
  }
};
