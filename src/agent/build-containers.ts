import { type DockerConfig, readDockerConfig } from '../registry/docker-config.ts';
import type { AgentOptions } from './agent-options.ts';
import { buildProvisioner } from './build-provisioner.ts';
import type { ContainerEvents, Containerizer } from './containerizers/containerizer.ts';
import { ContainerizerChoice } from './containerizers/containerizer-choice.ts';
import { type Fetch, ProcessContainerizer } from './containerizers/process-containerizer.ts';
import { exitsFolder, launchFolder } from './core/work-folder.ts';
import { DockerContainerizer } from './docker/docker-containerizer.ts';
import { DEFAULT_SOCKET } from './docker/docker-options.ts';
import { EngineApi } from './docker/engine-api.ts';
import type { Provisioner } from './images/provisioner.ts';
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
  /** Undefined where no images can be run. */
  readonly provisioner: Provisioner | undefined;
  /** What registries are shown. */
  readonly dockerConfig: DockerConfig;
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
  const dockerConfig =
    options.images?.dockerConfig === undefined ? {} : await readDockerConfig(options.images.dockerConfig);
  const images = names.includes('docker/runtime')
    ? buildProvisioner(options, { workDir, dockerConfig })
    : undefined;
  return {
    names,
    isolators,
    launcher,
    provisioner: images?.provisioner,
    dockerConfig,
    close: () => {
      images?.close();
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
    containerizers,
    isolation,
    fetch,
    events,
  }: {
    workDir: string;
    containerizers: readonly string[];
    isolation: Isolation;
    fetch: Fetch;
    events: ContainerEvents;
  },
): ContainerizerChoice => {
  const { clock, log, docker = {}, isolatorFlags = {} } = options;
  const { isolators, launcher, provisioner } = isolation;
  const common = { fetch, events, clock, log };
  const makers: Readonly<Record<string, () => Containerizer>> = {
    docker: () =>
      new DockerContainerizer({
        ...common,
        ...docker,
        engine: new EngineApi(docker.socket ?? DEFAULT_SOCKET, isolation.dockerConfig),
        agent: workDir,
        isCpuLimited: isolatorFlags.cgroups_enable_cfs === 'true',
      }),
    mesos: () =>
      new ProcessContainerizer({
        ...common,
        exitsFolder: exitsFolder(workDir),
        launcher,
        isolators,
        killer: new ProcessKiller(clock),
        ...(provisioner ? { provisioner } : {}),
      }),
  };
  // Without its own the agent could run nothing but images of an engine, not even an executor.
  const names = containerizers.includes('mesos') ? containerizers : [...containerizers, 'mesos'];
  return new ContainerizerChoice(
    names.flatMap((name) => makers[name]?.() ?? []),
    events,
  );
};
