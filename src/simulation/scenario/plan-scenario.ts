import type { Arrivals, Framework, LengthOfTask, Task } from '../../../schemas/generated/scenario.ts';
import { CONSTRAINT_OPERATORS, type Constraint } from '../../marathon/definitions/constraint.ts';
import type { ParsedScenario } from './parse-scenario.ts';
import { planAgents } from './plan-agents.ts';
import { planTimeline } from './plan-timeline.ts';
import type { ArrivalPlan, FrameworkPlan, LengthPlan, MasterPlan, Scenario, TaskKind } from './scenario.ts';
import { durationMs, rateIntervalMs } from './units.ts';

const MOST_AGENTS = 100_000;
const MOST_FRAMEWORKS = 10_000;
const LONGEST_MS = 90 * 86_400_000;
const MOST_SAMPLES = 10_000;
const USUAL_SAMPLES = 120;
/** In all of a simulation, of one kind of task. */
const MOST_ARRIVALS = 10_000_000;
const DEFAULT_DECISION_MS_PER_AGENT = 0.01;

/** What was found wrong, and where. */
export type Complain = (path: readonly (string | number)[], message: string) => void;

/**
 * Fills in the defaults of a scenario and deals its classes out. Throws ScenarioError when its parts do not fit each other,
 * or when it is larger than can be simulated.
 */
export const planScenario = ({ document, fail }: ParsedScenario, name: string): Scenario => {
  const problems: { path: readonly (string | number)[]; message: string }[] = [];
  const complain: Complain = (path, message) => problems.push({ path, message });
  const { agents = [], frameworks = [], roles = {}, marathon } = document;
  const untilMs = durationMs(document.until ?? '1h');
  const sampleMs = document.sample === undefined ? untilMs / USUAL_SAMPLES : durationMs(document.sample);
  if (!(untilMs > 0 && untilMs <= LONGEST_MS)) complain(['until'], 'must be over 0 and at most 90d');
  if (!(sampleMs > 0 && untilMs / sampleMs <= MOST_SAMPLES)) {
    complain(['sample'], `makes over ${MOST_SAMPLES} points of the series`);
  }
  const agentCount = agents.reduce((sum, { count = 1 }) => sum + count, 0);
  if (agentCount > MOST_AGENTS)
    complain(['agents'], `are ${agentCount} agents, at most ${MOST_AGENTS} can be`);
  const frameworkCount = frameworks.reduce((sum, { count = 1 }) => sum + count, 0);
  if (frameworkCount > MOST_FRAMEWORKS) {
    complain(['frameworks'], `are ${frameworkCount}, at most ${MOST_FRAMEWORKS} can be`);
  }
  fail(problems);
  const timeline = planTimeline(document, complain);
  const plannedAgents = planAgents(agents, complain);
  const plannedFrameworks = frameworks.flatMap((framework, index) =>
    planFramework(framework, index, complain),
  );
  frameworks.forEach(({ tasks }, index) => {
    tasks.forEach(({ arrivals }, place) => {
      if (arrivalsUntil(planArrivals(arrivals), untilMs) <= MOST_ARRIVALS) return;
      complain(['frameworks', index, 'tasks', place, 'arrivals'], `are more than ${MOST_ARRIVALS} tasks`);
    });
  });
  fail(problems);
  return {
    name: document.name ?? name,
    about: document.about,
    seed: document.seed ?? 1,
    untilMs,
    sampleMs,
    master: planMaster(document.master ?? {}),
    longestDelayMs: Math.max(1, Math.round(durationMs(document.network?.latency ?? '20ms'))),
    agents: plannedAgents,
    roles: new Map(Object.entries(roles)),
    frameworks: plannedFrameworks,
    marathon: marathon && {
      name: marathon.name ?? 'marathon',
      role: marathon.role ?? '*',
      startupMs: durationMs(marathon.startup ?? '100ms'),
      apps: marathon.apps,
    },
    timeline,
  };
};

const planMaster = (master: NonNullable<ParsedScenario['document']['master']>): MasterPlan => {
  const { allocationInterval, agentPingTimeout, maxAgentPingTimeouts, agentReregisterTimeout } = master;
  const { offerTimeout, preemption, decisionTime } = master;
  return {
    ...(allocationInterval !== undefined && { allocationIntervalMs: durationMs(allocationInterval) }),
    ...(agentPingTimeout !== undefined && { agentPingTimeoutMs: durationMs(agentPingTimeout) }),
    ...(maxAgentPingTimeouts !== undefined && { maxAgentPingTimeouts }),
    ...(agentReregisterTimeout !== undefined && {
      agentReregisterTimeoutMs: durationMs(agentReregisterTimeout),
    }),
    ...(offerTimeout !== undefined && { offerTimeoutMs: durationMs(offerTimeout) }),
    ...(preemption !== undefined && { isPreempting: preemption }),
    decisionMsPerAgent: decisionTime === undefined ? DEFAULT_DECISION_MS_PER_AGENT : durationMs(decisionTime),
  };
};

const planFramework = (
  { name, count = 1, role = '*', starts = '0s', refuse = '5s', perOffer, tasks }: Framework,
  index: number,
  complain: Complain,
): FrameworkPlan[] => {
  const length = count === 1 ? 1 : count;
  return Array.from({ length }, (_, number): FrameworkPlan => {
    const ownRole = role.replaceAll('{n}', String(number + 1));
    return {
      name: count === 1 ? name : `${name}-${number + 1}`,
      startsMs: durationMs(starts),
      refuseSeconds: durationMs(refuse) / 1_000,
      perOffer: perOffer ?? Number.POSITIVE_INFINITY,
      kinds: tasks.map((task, place) =>
        planKind(task, { role: ownRole, place, complain, path: ['frameworks', index, 'tasks', place] }),
      ),
      running: [],
    };
  });
};

const planKind = (
  { name, resources, count, arrivals, duration = 'forever', constraints = [] }: Task,
  {
    role,
    place,
    complain,
    path,
  }: { role: string; place: number; complain: Complain; path: readonly (string | number)[] },
): TaskKind => {
  if (Object.values(resources).every((amount) => amount === 0)) {
    complain([...path, 'resources'], 'needs nothing at all: one amount must be over 0');
  }
  constraints.forEach(([, operator = ''], index) => {
    if (!CONSTRAINT_OPERATORS.some((known) => known === operator)) {
      complain([...path, 'constraints', index], `has no operator of ${CONSTRAINT_OPERATORS.join(', ')}`);
    }
  });
  const plan = planArrivals(arrivals);
  return {
    name: name ?? `task${place + 1}`,
    role,
    amounts: resources,
    length: planLength(duration),
    arrivals: plan,
    count: count ?? (plan.type === 'at-once' ? 1 : Number.POSITIVE_INFINITY),
    // Their operators were looked at above.
    constraints: constraints as unknown as readonly Constraint[],
  };
};

const planArrivals = (arrivals: Arrivals | undefined): ArrivalPlan => {
  const { constant, poisson, burst, backlog } = arrivals ?? {};
  if (constant !== undefined) return { type: 'constant', meanMs: rateIntervalMs(constant) };
  if (poisson !== undefined) return { type: 'poisson', meanMs: rateIntervalMs(poisson) };
  if (burst !== undefined) return { type: 'burst', count: burst.count, everyMs: durationMs(burst.every) };
  if (backlog !== undefined) return { type: 'backlog', count: backlog };
  return { type: 'at-once' };
};

/** How many tasks come of them, about. */
const arrivalsUntil = (arrivals: ArrivalPlan, untilMs: number): number => {
  if (arrivals.type === 'burst') return (arrivals.count * untilMs) / arrivals.everyMs;
  return arrivals.type === 'constant' || arrivals.type === 'poisson' ? untilMs / arrivals.meanMs : 0;
};

const planLength = (length: LengthOfTask): LengthPlan | undefined => {
  if (length === 'forever') return undefined;
  if (typeof length === 'string') return { type: 'constant', ms: durationMs(length) };
  if ('exponential' in length) return { type: 'exponential', meanMs: durationMs(length.exponential) };
  const { median, sigma } = length.lognormal;
  return { type: 'lognormal', medianMs: durationMs(median), sigma };
};
