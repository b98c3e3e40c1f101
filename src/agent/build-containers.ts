import type { AgentOptions } from './agent-options.ts';
import type { ContainerEvents } from './containerizers/containerizer.ts';
import { ContainerizerChoice } from './containerizers/containerizer-choice.ts';
import { type Fetch, ProcessContainerizer } from './containerizers/process-containerizer.ts';
import { exitsFolder, launchFolder } from './core/work-folder.ts';
import { defaultIsolation } from './isolators/default-isolation.ts';
import { IsolatorSet } from './isolators/isolator-set.ts';
import { loadIsolators, readIsolation } from './isolators/load-isolators.ts';
import { DirectLauncher } from './processes/direct-launcher.ts';
import { findHostPrograms } from './processes/host-programs.ts';
import type { Launcher } from './processes/launcher.ts';
import { ProcessKiller } from './processes/process-killer.ts';
import { ShellLauncher } from './processes/shell-launcher.ts';

/** How containers of an agent are set apart, and by what they are started. */
export interface Isolation {
  readonly names: readonly string[];
  readonly isolators: IsolatorSet;
  readonly launcher: Launcher;
  close(): void;
}

/** Rejects, for people, when an isolator that was asked for cannot work here. */
export const openIsolation = async (options: AgentOptions, workDir: string): Promise<Isolation> => {
  const { clock, log, isolatorFlags: flags = {} } = options;
  const names =
    options.isolation === undefined
      ? defaultIsolation({ workDir, flags, clock })
      : readIsolation(options.isolation);
  const isolators = new IsolatorSet(await loadIsolators(names, { workDir, clock, log, flags }));
  const programs = findHostPrograms();
  const isShell = programs.setsid !== undefined && programs.mkfifo !== undefined;
  const launcher = isShell
    ? new ShellLauncher({ folder: launchFolder(workDir), programs, clock, log })
    : new DirectLauncher();
  return {
    names,
    isolators,
    launcher,
    close: () => {
      launcher.close();
      isolators.close();
    },
  };
};

/** Everything that runs containers. */
export const buildContainers = (
  options: AgentOptions,
  {
    workDir,
    isolation,
    fetch,
    events,
  }: { workDir: string; isolation: Isolation; fetch: Fetch; events: ContainerEvents },
): ContainerizerChoice => {
  const { clock, log } = options;
  const { isolators, launcher } = isolation;
  const common = { fetch, events, clock, log };
  return new ContainerizerChoice(
    [
      new ProcessContainerizer({
        ...common,
        exitsFolder: exitsFolder(workDir),
        launcher,
        isolators,
        killer: new ProcessKiller(clock),
      }),
    ],
    events,
  );
};
