import { formatDuration } from '../../mesos/duration-text.ts';
import type { CommandInfo, DurationInfo, TaskInfo } from '../../mesos/generated/mesos.ts';
import type { AgentSettings } from './settings.ts';
import type { AgentState, ContainerRecord, Framework, RunRecord } from './state.ts';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const RECOVERY_TIMEOUT = '15mins';

type Environment = Record<string, string>;
type Context = { readonly state: AgentState; readonly settings: AgentSettings };

/** What the process of a custom executor finds in its environment (mesos.md 2.5); the command's own variables win. */
export const executorEnvironment = (context: Context, framework: Framework, run: RunRecord): Environment => ({
  ...agentEnvironment(context, framework, run),
  MESOS_DIRECTORY: run.sandbox,
  MESOS_SANDBOX: run.sandbox,
  ...commandEnvironment(run.info.command),
});

/** What a container that an operator launched finds besides what its command sets. */
export const containerEnvironment = (sandbox: string): Environment => ({
  PATH: DEFAULT_PATH,
  MESOS_SANDBOX: sandbox,
});

/** What a task finds that the agent runs itself: what its executor has, and what is its own. */
export const taskEnvironment = (
  context: Context,
  framework: Framework,
  options: { run: RunRecord; container: ContainerRecord; task: TaskInfo },
): Environment => {
  const { run, container, task } = options;
  const role = task.resources?.find(({ allocation_info }) => allocation_info?.role !== undefined);
  return {
    ...agentEnvironment(context, framework, run),
    MESOS_DIRECTORY: run.sandbox,
    MESOS_SANDBOX: container.sandbox,
    MESOS_TASK_ID: task.task_id.value,
    MESOS_CONTAINER_IP: context.settings.ip,
    ...(role?.allocation_info?.role === undefined
      ? {}
      : { MESOS_ALLOCATION_ROLE: role.allocation_info.role }),
    // Tasks of a group see what their executor's command sets; their own command's variables win.
    ...(run.kind === 'default' ? commandEnvironment(run.info.command) : {}),
    ...commandEnvironment(task.command),
  };
};

const agentEnvironment = (context: Context, framework: Framework, run: RunRecord): Environment => {
  const { settings, state } = context;
  const address = `${settings.ip}:${settings.port}`;
  return {
    PATH: DEFAULT_PATH,
    ...settings.executorEnvironment,
    ...(settings.executable === undefined ? {} : { PLENUM_EXECUTABLE: settings.executable }),
    LIBPROCESS_IP: settings.ip,
    LIBPROCESS_PORT: '0',
    MESOS_AGENT_ENDPOINT: address,
    MESOS_CHECKPOINT: framework.info.checkpoint ? '1' : '0',
    ...(framework.info.checkpoint
      ? {
          MESOS_RECOVERY_TIMEOUT: RECOVERY_TIMEOUT,
          MESOS_SUBSCRIPTION_BACKOFF_MAX: formatDuration(settings.executorReregistrationTimeoutMs),
        }
      : {}),
    MESOS_EXECUTOR_ID: run.executorId,
    MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: formatDuration(
      durationMs(run.info.shutdown_grace_period) ?? settings.executorShutdownGraceMs,
    ),
    MESOS_FRAMEWORK_ID: run.frameworkId,
    MESOS_HTTP_COMMAND_EXECUTOR: '0',
    MESOS_SLAVE_ID: state.agentId ?? '',
    MESOS_SLAVE_PID: `slave(1)@${address}`,
  };
};

/** The variables of a command; the value of a secret is decoded. Throws for one that only a secret store could give. */
export const commandEnvironment = (command: CommandInfo | undefined): Environment =>
  Object.fromEntries(
    (command?.environment?.variables ?? []).map(({ name, type, value, secret }) => {
      if (type !== 'SECRET') return [name, value ?? ''];
      if (secret?.value === undefined)
        throw new Error(`The secret of variable ${name} is not given by value`);
      return [name, Buffer.from(secret.value.data, 'base64').toString('utf8')];
    }),
  );

export const durationMs = (duration: DurationInfo | undefined): number | undefined =>
  duration === undefined ? undefined : duration.nanoseconds / 1e6;
