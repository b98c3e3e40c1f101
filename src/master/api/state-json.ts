import { reserveChunks } from '../../http/long-body.ts';
import { type CompletedFramework, isActive, type MasterState } from '../core/state.ts';
import { agentJson, agentJsonInFull, recoveredAgentJson } from './agent-json.ts';
import type { AgentView, ClusterView } from './documents/cluster-view.ts';
import type { ClusterViews } from './documents/cluster-views.ts';
import type { Fragments } from './documents/fragments.ts';
import { JsonGroup, JsonList } from './documents/json-document.ts';
import { completedFrameworkJson, frameworkJson, taskFragment } from './framework-json.ts';
import type { MasterFacts } from './master-facts.ts';

/** The parts of the master that do not change. */
export type FixedState = Pick<MasterState, 'info' | 'masterId' | 'startedMs'>;

/** The v0 /state of a master (mesos.md 3.9.1). */
export const stateJson = (
  { info, masterId, startedMs }: FixedState,
  facts: MasterFacts,
  view: ClusterView,
  fragments: Fragments,
): JsonGroup => {
  const pid = info.pid ?? '';
  const domain = info.domain ? { domain: info.domain } : {};
  const hostname = info.hostname ?? '';
  const active = view.agents.filter(isActive).length;
  return new JsonGroup({
    ...facts.version,
    start_time: startedMs / 1000,
    elected_time: startedMs / 1000,
    id: masterId,
    pid,
    hostname,
    capabilities: (info.capabilities ?? []).map(({ type }) => type),
    activated_slaves: active,
    deactivated_slaves: view.agents.length - active,
    unreachable_slaves: view.unreachableAgents,
    leader: pid,
    leader_info: { id: masterId, pid, port: info.port, hostname, ...domain },
    ...domain,
    ...(facts.clusterName === undefined ? {} : { cluster: facts.clusterName }),
    flags: facts.flags,
    slaves: new JsonList(view.agents, (agent) => fragments.of('v0 agent', agent, agentText)),
    recovered_slaves: recovered(view),
    ...frameworkLists(view, fragments),
    orphan_tasks: [],
    unregistered_frameworks: [],
  });
};

const TASKS_PER_STEP = 8;

/** Makes what is most of a /state, and room for it, so that it is ready when somebody asks for one. With pauses. */
export function* prepareState(
  { frameworks }: Pick<MasterState, 'frameworks'>,
  views: ClusterViews,
  fragments: Fragments,
): Generator<void, void> {
  let made = 0;
  let length = 0;
  for (const framework of frameworks.values()) {
    for (const task of framework.tasks.values()) {
      length += taskFragment(task, fragments).length;
      if (++made % TASKS_PER_STEP === 0) yield;
    }
  }
  yield* views.prepare();
  for (const agent of views.kept()) {
    length += fragments.of('v0 agent', agent, agentText).length;
    yield;
  }
  yield* reserveChunks(length);
}

/** The v0 /slaves, of all agents or of one. */
export const agentsJson = (view: ClusterView, fragments: Fragments, wantedId: string | null): JsonGroup => {
  const wanted = wantedId === null ? undefined : view.agentOf(wantedId);
  return new JsonGroup({
    slaves: new JsonList(wantedId === null ? view.agents : wanted ? [wanted] : [], (agent) =>
      fragments.of('v0 agent in full', agent, fullAgentText),
    ),
    recovered_slaves: recovered(view, wantedId),
  });
};

/** The v0 /frameworks, of all frameworks or of one. */
export const frameworksJson = (view: ClusterView, fragments: Fragments, wantedId: string | null): JsonGroup =>
  new JsonGroup({ ...frameworkLists(view, fragments, wantedId), unregistered_frameworks: [] });

const agentText = (agent: AgentView): string => JSON.stringify(agentJson(agent));

const fullAgentText = (agent: AgentView): string => JSON.stringify(agentJsonInFull(agent));

const frameworkLists = (view: ClusterView, fragments: Fragments, wantedId: string | null = null): object => {
  const isWanted = ({ id }: Pick<CompletedFramework, 'id'>): boolean => wantedId === null || id === wantedId;
  return {
    frameworks: new JsonList(view.frameworks.filter(isWanted), (framework) =>
      frameworkJson(framework, fragments),
    ),
    completed_frameworks: new JsonList(view.completedFrameworks.filter(isWanted), (framework) =>
      completedFrameworkJson(framework, fragments),
    ),
  };
};

const recovered = (
  { recoveredAgents }: ClusterView,
  wantedId: string | null = null,
): JsonList<ClusterView['recoveredAgents'][number]> =>
  new JsonList(
    recoveredAgents.filter(([id]) => wantedId === null || id === wantedId),
    ([id, agent]) => JSON.stringify(recoveredAgentJson(id, agent)),
  );
