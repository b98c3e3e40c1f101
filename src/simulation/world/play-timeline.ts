import type { OperatorCommand } from '../../master/core/input.ts';
import type { ValueScalar } from '../../mesos/generated/mesos.ts';
import type { QuotaConfig } from '../../mesos/generated/quota.ts';
import type { Amounts, RolePlan, Scenario, Target, TimelineAction } from '../scenario/scenario.ts';
import { durationText } from '../scenario/units.ts';
import type { AgentPool } from './agent-pool.ts';
import type { VirtualAgent } from './virtual-agent.ts';
import type { VirtualFramework } from './virtual-framework.ts';
import type { VirtualMarathon } from './virtual-marathon.ts';
import type { World } from './world.ts';

/** Whom things happen to. */
export interface Stage {
  readonly world: World;
  readonly pool: AgentPool;
  readonly frameworks: readonly VirtualFramework[];
  readonly marathon: VirtualMarathon | undefined;
}

/** Sets weights and quotas, and has everything of the timeline happen at its time. */
export const playTimeline = (stage: Stage, { roles, timeline }: Scenario): void => {
  const { clock } = stage.world;
  for (const [role, plan] of roles) setUpRole(stage, role, plan);
  for (const { atMs, action } of timeline) clock.setTimer(atMs, () => play(stage, action));
};

const setUpRole = (stage: Stage, role: string, { weight, guarantee = {}, limit = {} }: RolePlan): void => {
  if (weight !== undefined) order(stage, { type: 'update-weights', weights: [{ role, weight }] });
  const hasQuota = Object.keys(guarantee).length > 0 || Object.keys(limit).length > 0;
  if (hasQuota) setQuota(stage, { role, guarantee, limit });
};

const play = (stage: Stage, action: TimelineAction): void => {
  switch (action.type) {
    case 'kill':
    case 'partition':
    case 'drain':
      strike(stage, action);
      break;
    case 'restore':
      for (const agent of meant(stage, action.target, 'restore')) agent.restore();
      break;
    case 'reactivate':
      for (const agent of meant(stage, action.target, 'reactivate')) reactivate(stage, agent);
      break;
    case 'scale':
      note(stage, `scale ${action.app} to ${action.instances}`);
      stage.marathon?.scale(action.app, action.instances, (message) =>
        note(stage, `scale ${action.app} was refused: ${message}`),
      );
      break;
    case 'quota':
      note(stage, `quota of ${action.role}`);
      setQuota(stage, action);
      break;
    case 'weight':
      note(stage, `weight of ${action.role}: ${action.weight}`);
      order(stage, { type: 'update-weights', weights: [{ role: action.role, weight: action.weight }] });
      break;
    case 'reserve':
      for (const agent of meant(stage, action.target, `reserve for ${action.role} on`)) {
        reserve(stage, agent, action.role, action.amounts);
      }
      break;
    case 'burst':
      burst(stage, action);
      break;
    case 'failover':
      note(stage, `the master dies for ${durationText(action.forMs)}`);
      stage.world.master.kill();
      stage.world.clock.setTimer(action.forMs, () => stage.world.master.restart());
      break;
  }
};

const strike = (
  stage: Stage,
  { type, target, forMs }: Extract<TimelineAction, { type: 'kill' | 'partition' | 'drain' }>,
): void => {
  const how = forMs === undefined ? type : `${type} for ${durationText(forMs)}`;
  const agents = meant(stage, target, how);
  for (const agent of agents) {
    if (type === 'kill') agent.losePower();
    else if (type === 'partition') agent.cutOff();
    else if (agent.id !== undefined)
      order(stage, { type: 'drain-agent', agentId: agent.id, isMarkedGone: false });
  }
  if (forMs === undefined) return;
  stage.world.clock.setTimer(forMs, () => {
    for (const agent of agents) {
      if (type === 'drain') reactivate(stage, agent);
      else agent.restore();
    }
  });
};

const meant = (stage: Stage, target: Target, what: string): VirtualAgent[] => {
  const agents = stage.pool.select(target);
  note(stage, `${what} ${target.selector.text}: ${agents.length} agents`);
  return agents;
};

const reactivate = (stage: Stage, { id }: VirtualAgent): void => {
  if (id !== undefined) order(stage, { type: 'reactivate-agent', agentId: id });
};

const reserve = (stage: Stage, { id, plan }: VirtualAgent, role: string, amounts: Amounts): void => {
  if (id === undefined) {
    note(stage, `${plan.hostname} is not there: nothing is reserved on it`);
    return;
  }
  const resources = Object.entries(amounts).map(([name, value]) => ({
    name,
    type: 'SCALAR' as const,
    scalar: { value },
    reservations: [{ type: 'DYNAMIC' as const, role }],
  }));
  order(stage, {
    type: 'apply-operation',
    agentId: id,
    operation: { type: 'RESERVE', reserve: { resources } },
  });
};

const burst = (
  stage: Stage,
  { framework, task, tasks }: Extract<TimelineAction, { type: 'burst' }>,
): void => {
  const all = stage.frameworks.filter(
    ({ plan }) => plan.name === framework || plan.name.startsWith(`${framework}-`),
  );
  note(
    stage,
    `burst of ${tasks} tasks for ${all.length === 1 ? framework : `each of ${all.length} ${framework}`}`,
  );
  for (const one of all) one.burst(task, tasks);
};

/** Forced: a scenario may ask for more than there is at the moment. */
const setQuota = (
  stage: Stage,
  { role, guarantee, limit }: { role: string; guarantee: Amounts; limit: Amounts },
): void => {
  const config: QuotaConfig = {
    role,
    ...(Object.keys(guarantee).length > 0 ? { guarantees: scalars(guarantee) } : {}),
    ...(Object.keys(limit).length > 0 ? { limits: scalars(limit) } : {}),
  };
  order(stage, { type: 'update-quotas', configs: [config], isForced: true });
};

const scalars = (amounts: Amounts): Record<string, ValueScalar> =>
  Object.fromEntries(Object.entries(amounts).map(([name, value]) => [name, { value }]));

const order = (stage: Stage, command: OperatorCommand): void =>
  stage.world.master.command(command, (outcome) => {
    if (outcome.type === 'refused') note(stage, `${command.type} was refused: ${outcome.message}`);
  });

const note = ({ world }: Stage, text: string): void => world.ledger.noteIncident(world.elapsedMs(), text);
