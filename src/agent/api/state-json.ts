import type { Resource } from '../../mesos/generated/mesos.ts';
import { byRole, summarize, toEndpointFormat } from '../../mesos/resources/summary.ts';
import { isReserved, reservationRole } from '../../mesos/resources/traits.ts';
import { attributesJson } from '../../mesos/v0/attributes-json.ts';
import { allocationRole, taskJson } from '../../mesos/v0/task-json.ts';
import type { AgentCore } from '../core/agent-core.ts';
import { isFrameworkActive } from '../core/completion.ts';
import { agentCapabilities, toTask } from '../core/registration.ts';
import type { AgentState, Framework, Run, TaskRecord } from '../core/state.ts';
import type { Permission } from './permission.ts';
import { resourcesOf } from './statistics.ts';
import { visibleState } from './visible-state.ts';

/** What the reads show that is not part of the core. */
export interface AgentFacts {
  readonly startedMs: number;
  readonly flags: Readonly<Record<string, string>>;
  readonly version: Readonly<Record<string, string | number>>;
  /** Shown in /version beside that of Mesos. */
  readonly plenumVersion?: string;
}

/** The v0 /state of an agent (mesos.md 3.10), as somebody may see it. */
export const stateJson = (
  { state, settings }: AgentCore,
  facts: AgentFacts,
  permission: Permission,
): object => {
  const { resources } = state;
  const unreserved = resources.filter((resource) => !isReserved(resource));
  const used = [...state.runs.values()].filter(({ containers }) => containers.size > 0).flatMap(resourcesOf);
  const frameworks = [...visibleState(state, permission).frameworks.values()];
  const shownRoles = <T>(some: readonly Resource[], show: (each: Resource[]) => T): Record<string, T> =>
    rolesOf(
      some.filter((resource) => permission.may('view_roles', reservationRole(resource))),
      show,
    );
  return {
    ...facts.version,
    start_time: facts.startedMs / 1000,
    id: state.agentId ?? '',
    pid: `slave(1)@${settings.ip}:${settings.port}`,
    hostname: settings.hostname,
    capabilities: agentCapabilities().map(({ type }) => type),
    ...(state.drain
      ? {
          drain_config: state.drain.config,
          estimated_drain_start_time_seconds: Math.floor(state.drain.startedMs / 1000),
        }
      : {}),
    resources: summarize(resources),
    reserved_resources: shownRoles(resources, summarize),
    unreserved_resources: summarize(unreserved),
    reserved_resources_full: shownRoles(resources, (some) => some.map(toEndpointFormat)),
    unreserved_resources_full: unreserved.map(toEndpointFormat),
    reserved_resources_allocated: shownRoles(used, summarize),
    unreserved_resources_allocated: summarize(used.filter((resource) => !isReserved(resource))),
    resource_providers: [],
    attributes: attributesJson(settings.attributes),
    master_hostname: state.master?.hostname ?? '',
    flags: permission.may('view_flags') ? facts.flags : {},
    frameworks: frameworks.filter(isFrameworkActive).map((framework) => frameworkJson(state, framework)),
    completed_frameworks: frameworks
      .filter((framework) => !isFrameworkActive(framework))
      .map((framework) => frameworkJson(state, framework)),
  };
};

const rolesOf = <T>(resources: readonly Resource[], show: (some: Resource[]) => T): Record<string, T> =>
  Object.fromEntries([...byRole(resources)].map(([role, some]) => [role, show(some)]));

const frameworkJson = (state: AgentState, { info, runs, completedRuns }: Framework): object => ({
  id: info.id?.value ?? '',
  name: info.name,
  user: info.user,
  failover_timeout: info.failover_timeout ?? 0,
  checkpoint: info.checkpoint ?? false,
  hostname: info.hostname ?? '',
  ...(info.principal === undefined ? {} : { principal: info.principal }),
  ...(info.capabilities?.some(({ type }) => type === 'MULTI_ROLE')
    ? { roles: info.roles ?? [] }
    : { role: info.role ?? '*' }),
  executors: [...runs.values()].map((run) => runJson(state, run)),
  completed_executors: completedRuns.map((run) => runJson(state, run)),
});

const runJson = (state: AgentState, run: Run): object => {
  const { record, tasks, completedTasks } = run;
  const { info } = record;
  const live = [...tasks.values()];
  const json = (some: readonly TaskRecord[]): object[] => some.map((task) => taskJson(toTask(state, task)));
  const all = [...live, ...completedTasks];
  const role = allocationRole([
    ...(info.resources ?? []),
    ...all.flatMap((task) => task.info.resources ?? []),
  ]);
  return {
    id: record.executorId,
    name: info.name ?? '',
    source: info.source ?? '',
    container: record.id,
    directory: record.sandbox,
    resources: summarize(resourcesOf(run)),
    ...(role === undefined ? {} : { role }),
    ...(info.labels ? { labels: info.labels.labels ?? [] } : {}),
    ...(record.kind === 'command' ? {} : { type: info.type ?? 'CUSTOM' }),
    tasks: json(live.filter(({ isQueued }) => !isQueued)),
    queued_tasks: json(live.filter(({ isQueued }) => isQueued)),
    completed_tasks: json(completedTasks),
  };
};
