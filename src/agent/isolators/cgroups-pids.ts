import { controllerIsolator } from './cgroups/controller-isolator.ts';
import { openCgroups } from './cgroups/open-cgroups.ts';
import type { IsolatorFactory } from './isolator.ts';

/**
 * cgroups/pids: counts processes and threads, and keeps a container to so many with --cgroups_pids_limit, so that a fork
 * bomb ends in its own container.
 */
export const cgroupsPids: IsolatorFactory = (context) => {
  const cgroups = openCgroups(context, ['pids']);
  const limit = limitOf(context.flags.cgroups_pids_limit);
  return controllerIsolator(cgroups, {
    name: 'cgroups/pids',
    controllers: ['pids'],
    limit: (id) => {
      if (limit !== undefined) cgroups.write('pids', id, 'pids.max', limit);
    },
    usage: (id) => ({
      processes: cgroups.processes('pids', id).length,
      threads: Number(cgroups.read('pids', id, 'pids.current')),
    }),
  });
};

const limitOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1)
    throw new Error(`--cgroups_pids_limit: ${text} is not a number of processes`);
  return limit;
};
