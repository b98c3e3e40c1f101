import type { OfferedAgent } from '../../mesos/agent-fields.ts';
import type {
  CommandInfo,
  ContainerInfo,
  EnvironmentVariable,
  NetworkInfo,
  Resource,
  Secret,
  TaskInfo,
  Volume,
} from '../../mesos/generated/mesos.ts';
import type { EnvironmentValue, RunDefinition } from '../definitions/job.ts';
import type { Run } from './state.ts';

const NANOSECONDS = 1_000_000_000;

/** What a run's task is launched with. */
export const taskInfo = ({
  run,
  taskId,
  agent,
  resources,
}: {
  run: Run;
  taskId: string;
  agent: OfferedAgent;
  resources: Resource[];
}): TaskInfo => {
  const { definition, jobId, labels } = run;
  const container = containerInfo(definition);
  const grace = definition.taskKillGracePeriodSeconds;
  return {
    name: jobId,
    task_id: { value: taskId },
    agent_id: { value: agent.id },
    resources,
    command: commandInfo(run, taskId, agent),
    ...(container ? { container } : {}),
    // Zero is what clients send that have nothing to say.
    ...(grace ? { kill_policy: { grace_period: { nanoseconds: Math.round(grace * NANOSECONDS) } } } : {}),
    labels: { labels: Object.entries(labels).map(([key, value]) => ({ key, value })) },
  };
};

const commandInfo = ({ definition, id, jobId }: Run, taskId: string, agent: OfferedAgent): CommandInfo => {
  const { cmd, args, artifacts, user, env } = definition;
  const own = {
    HOST: agent.hostname,
    MESOS_TASK_ID: taskId,
    METRONOME_JOB_ID: jobId,
    METRONOME_RUN_ID: id,
  };
  const all: Readonly<Record<string, EnvironmentValue>> = { ...own, ...env };
  const variables: EnvironmentVariable[] = Object.entries(all).map(([name, value]) =>
    typeof value === 'string'
      ? { name, type: 'VALUE', value }
      : { name, type: 'SECRET', secret: secretOf(definition, value.secret) },
  );
  return {
    ...programOf(definition, cmd, args),
    uris: artifacts.map(({ uri, executable, extract = true, cache }) => ({
      value: uri,
      extract,
      ...(executable === undefined ? {} : { executable }),
      ...(cache === undefined ? {} : { cache }),
    })),
    environment: { variables },
    ...(user === undefined ? {} : { user }),
  };
};

/** Without a shell the first argument is the program, unless an image has one. */
const programOf = (
  { docker, ucr }: RunDefinition,
  cmd: string | undefined,
  args: readonly string[] | undefined,
): Pick<CommandInfo, 'shell' | 'value' | 'arguments'> => {
  if (cmd !== undefined) return { shell: true, value: cmd };
  const hasImage = docker !== undefined || ucr !== undefined;
  const [program] = args ?? [];
  return {
    shell: false,
    ...(hasImage || program === undefined ? {} : { value: program }),
    arguments: [...(args ?? [])],
  };
};

const secretOf = ({ secrets }: RunDefinition, name: string): Secret => ({
  type: 'REFERENCE',
  reference: { name: secrets[name]?.source ?? name },
});

const containerInfo = (definition: RunDefinition): ContainerInfo | undefined => {
  const { docker, ucr, networks = [] } = definition;
  const volumes = definition.volumes.map((volume) => volumeOf(definition, volume));
  const networkInfos: NetworkInfo[] = networks
    .filter(({ mode }) => mode === 'container')
    .map(({ name, labels = {} }) => ({
      ...(name === undefined ? {} : { name }),
      labels: { labels: Object.entries(labels).map(([key, value]) => ({ key, value })) },
    }));
  const shared = {
    ...(volumes.length > 0 ? { volumes } : {}),
    ...(networkInfos.length > 0 ? { network_infos: networkInfos } : {}),
  };
  if (docker) {
    const mode = networks[0]?.mode ?? 'host';
    return {
      type: 'DOCKER',
      docker: {
        image: docker.image,
        network: mode === 'host' ? 'HOST' : mode === 'container' ? 'USER' : 'BRIDGE',
        privileged: docker.privileged ?? false,
        force_pull_image: docker.forcePullImage ?? false,
        parameters: docker.parameters ?? [],
      },
      ...shared,
    };
  }
  if (ucr) {
    const { id, forcePull = false } = ucr.image;
    return {
      type: 'MESOS',
      mesos: { image: { type: 'DOCKER', docker: { name: id }, cached: !forcePull } },
      ...shared,
    };
  }
  return Object.keys(shared).length > 0 ? { type: 'MESOS', ...shared } : undefined;
};

const volumeOf = (definition: RunDefinition, volume: RunDefinition['volumes'][number]): Volume => {
  const { containerPath, hostPath, mode = 'RW', secret } = volume;
  const place = { container_path: containerPath, mode };
  if (secret === undefined) return { ...place, ...(hostPath === undefined ? {} : { host_path: hostPath }) };
  return { ...place, source: { type: 'SECRET', secret: secretOf(definition, secret) } };
};
