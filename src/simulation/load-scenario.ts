import { parse } from 'yaml';
import { errorMessage } from '../runtime/error-message.ts';
import { parseScenario, type ScenarioSource } from './scenario/parse-scenario.ts';
import { planScenario } from './scenario/plan-scenario.ts';
import type { AgentPlan, Scenario, TimelineEntry } from './scenario/scenario.ts';
import { ScenarioError } from './scenario/scenario-error.ts';
import { parseSelector } from './scenario/selector.ts';
import type { Assignment } from './scenario/set-values.ts';
import { readSituation, type Situation, type SituationSource } from './situation/read-situation.ts';

/** By then everybody has found together. */
const STRIKE_AT_MS = 60_000;
/** A question about a rack is answered by then: what is lost is given up within 75 s. */
const WHAT_IF_UNTIL = '10m';

/** Something that is to happen, beside what the scenario says. */
export interface Strike {
  readonly type: 'kill' | 'drain';
  /** As in a scenario's timeline. */
  readonly selector: string;
}

export interface LoadOptions {
  /** Without one there is only the situation of a cluster. */
  readonly source?: ScenarioSource;
  readonly assignments?: readonly Assignment[];
  /** Text of a file that the scenario names, relative to it. */
  readonly readFile: (path: string) => Promise<string>;
  /** Where the cluster begins; takes the place of the scenario's `from`. */
  readonly situation?: SituationSource;
  readonly strikes?: readonly Strike[];
}

/** Reads a scenario with everything that it names. Throws ScenarioError, and whatever `readFile` throws. */
export const loadScenario = async (options: LoadOptions): Promise<Scenario> => {
  const { assignments = [], readFile, strikes = [] } = options;
  const source = options.source ?? { name: 'what-if', text: `{name: what if, until: ${WHAT_IF_UNTIL}}` };
  const parsed = parseScenario(source, assignments);
  const scenario = planScenario(parsed, source.name);
  const situation = await situationOf(options, parsed.document.from);
  const apps = await Promise.all(
    (scenario.marathon?.apps ?? []).map((app) =>
      typeof app === 'string' ? readDocument(app, readFile) : app,
    ),
  );
  const whole = merged(scenario, situation);
  const hits = strikes.map((strike) => timelineEntry(strike, whole.agents));
  return {
    ...whole,
    ...(scenario.marathon && { marathon: { ...scenario.marathon, apps } }),
    timeline: [...scenario.timeline, ...hits].sort((one, other) => one.atMs - other.atMs),
  };
};

const situationOf = async (
  { situation, readFile }: LoadOptions,
  from: string | undefined,
): Promise<Situation | undefined> => {
  if (situation) return readSituation(situation);
  if (from === undefined) return undefined;
  return readSituation({ name: from, state: await readDocument(from, readFile) });
};

/** JSON is YAML, too; but large files are read quicker for what they are. */
const readDocument = async (path: string, readFile: (path: string) => Promise<string>): Promise<unknown> => {
  const text = await readFile(path);
  try {
    return /\.ya?ml$/i.test(path) ? parse(text, { maxAliasCount: 100 }) : JSON.parse(text);
  } catch (error) {
    throw new ScenarioError(path, [{ path: '', message: errorMessage(error).split('\n')[0] ?? '' }]);
  }
};

const merged = (scenario: Scenario, situation: Situation | undefined): Scenario =>
  situation === undefined
    ? scenario
    : {
        ...scenario,
        agents: [...situation.agents, ...scenario.agents],
        frameworks: [...situation.frameworks, ...scenario.frameworks],
        roles: new Map([...situation.roles, ...scenario.roles]),
      };

const timelineEntry = ({ type, selector: text }: Strike, agents: readonly AgentPlan[]): TimelineEntry => {
  const refuse = (message: string): ScenarioError =>
    new ScenarioError(`--${type}`, [{ path: '', message: `"${text}" selects no agents: ${message}` }]);
  const selector = parseSelector(text);
  if (!selector) throw refuse('write attribute=value or hostname=glob');
  // What is typed wrong must not look like a cluster that nothing can harm.
  if (!agents.some(selector.matches)) throw refuse(`none is like that; there are ${namesOf(agents)}`);
  return { atMs: STRIKE_AT_MS, action: { type, target: { selector, pick: undefined }, forMs: undefined } };
};

const MOST_NAMES = 12;

/** What agents can be selected by: values of attributes, and host names. */
const namesOf = (agents: readonly AgentPlan[]): string => {
  const names = new Set<string>();
  for (const { attributes } of agents) {
    for (const { name, text } of attributes) if (text) names.add(`${name}=${text.value}`);
  }
  for (const { hostname } of agents) names.add(`hostname=${hostname}`);
  const shown = [...names].slice(0, MOST_NAMES);
  const rest = names.size - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} others` : shown.join(', ') || 'no agents at all';
};
