import { createHash } from 'node:crypto';
import { parseDuration } from '../../../mesos/duration-text.ts';
import type { IsolatorContext } from '../isolator.ts';
import { Cgroups, type Controller } from './cgroups.ts';

const DEFAULT_HIERARCHY = '/sys/fs/cgroup';
const DEFAULT_ROOT = 'mesos';
const DEFAULT_DESTROY_TIMEOUT_MS = 60_000;

/**
 * The cgroups of this agent. Agents of one machine have groups apart, by their work folders: each removes what belongs to
 * no container of its own. Throws, for people, when the machine lacks a controller, or the right to use it.
 */
export const openCgroups = (
  { workDir, flags, clock }: Pick<IsolatorContext, 'workDir' | 'flags' | 'clock'>,
  controllers: readonly Controller[],
): Cgroups => {
  const hierarchy = flags.cgroups_hierarchy ?? DEFAULT_HIERARCHY;
  const name = createHash('sha256').update(workDir).digest('hex').slice(0, 8);
  const timeout = parseDuration(flags.cgroups_destroy_timeout ?? `${DEFAULT_DESTROY_TIMEOUT_MS}ms`);
  if (timeout instanceof Error) throw new Error(`--cgroups_destroy_timeout: ${timeout.message}`);
  const cgroups = new Cgroups({
    hierarchy,
    root: `${flags.cgroups_root ?? DEFAULT_ROOT}/${name}`,
    clock,
    destroyTimeoutMs: timeout,
  });
  for (const controller of controllers) {
    if (!cgroups.has(controller))
      throw new Error(`this machine has no cgroups of ${controller} below ${hierarchy}`);
    if (!cgroups.isWritable(controller)) throw new Error(`cgroups of ${controller} cannot be made: root may`);
  }
  return cgroups;
};

/** The controllers that count processor time: one of its own in the first version. */
export const cpuControllers = ({ version }: { version: 1 | 2 }): Controller[] =>
  version === 1 ? ['cpu', 'cpuacct'] : ['cpu'];
