import { fieldValue, type OfferedAgent, scalarText } from '../../../mesos/agent-fields.ts';
import type { Constraint } from '../../definitions/constraint.ts';

/**
 * Where the considered instances of an app are, by the fields of its constraints (marathon.md 3.10): counted once, then
 * kept up with each instance that is placed.
 */
export class Placement {
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #fields: readonly string[];

  /** `otherAgents` are agents that could be used, too: spreading reckons with their values. */
  constructor(
    constraints: readonly Constraint[],
    agents: Iterable<OfferedAgent>,
    otherAgents: Iterable<OfferedAgent> = [],
  ) {
    this.#fields = [...new Set(constraints.map(([field]) => field))];
    for (const agent of otherAgents) this.#count(agent, 0);
    for (const agent of agents) this.add(agent);
  }

  add(agent: OfferedAgent): void {
    this.#count(agent, 1);
  }

  /** How many instances are where a field has a value. */
  at(field: string, value: string): number {
    return this.#counts.get(field)?.get(value) ?? 0;
  }

  /** The counts of all values that are known of a field. */
  values(field: string): ReadonlyMap<string, number> {
    return this.#counts.get(field) ?? new Map();
  }

  #count(agent: OfferedAgent, by: number): void {
    for (const field of this.#fields) {
      const value = fieldValue(agent, field);
      if (value === undefined) continue;
      const counts = this.#counts.get(field) ?? new Map<string, number>();
      counts.set(value, (counts.get(value) ?? 0) + by);
      this.#counts.set(field, counts);
    }
  }
}

/** Whether one more of `instances` instances may go to an agent. */
export const satisfies = (
  constraint: Constraint,
  agent: OfferedAgent,
  placement: Placement,
  instances: number,
): boolean => {
  const [field, operator, wanted] = constraint;
  const value = fieldValue(agent, field);
  if (value === undefined) return operator === 'UNLIKE';
  switch (operator) {
    case 'UNIQUE':
      return placement.at(field, value) === 0;
    case 'MAX_PER':
      return placement.at(field, value) < Number(wanted);
    case 'LIKE':
      return matchesWhole(wanted ?? '', value);
    case 'UNLIKE':
      return !matchesWhole(wanted ?? '', value);
    case 'IS':
      return value === wanted || isSameNumber(wanted ?? '', value);
    case 'CLUSTER':
      if (wanted !== undefined && wanted !== '') return value === wanted;
      return [...placement.values(field)].every(([other, count]) => count === 0 || other === value);
    case 'GROUP_BY':
      return fitsGroup({ placement, field, value, groups: Number(wanted ?? 0), instances });
  }
};

/**
 * Each value may have floor(instances / groups), and as many values as remain over one more. There are as many groups as
 * the constraint says, or as values are known, whichever is more.
 */
const fitsGroup = ({
  placement,
  field,
  value,
  groups,
  instances,
}: {
  placement: Placement;
  field: string;
  value: string;
  groups: number;
  instances: number;
}): boolean => {
  const counts = placement.values(field);
  const known = counts.size + (counts.has(value) ? 0 : 1);
  const groupCount = Math.max(groups, known, 1);
  const share = Math.floor(instances / groupCount);
  const mine = placement.at(field, value);
  if (mine < share) return true;
  const aboveShare = [...counts.values()].filter((count) => count > share).length;
  return mine === share && aboveShare < instances % groupCount;
};

const patterns = new Map<string, RegExp | undefined>();
const MAX_PATTERNS = 1000;

/** Patterns are valid by the time they get here; one that is not matches nothing. */
const matchesWhole = (pattern: string, value: string): boolean => {
  if (!patterns.has(pattern)) {
    if (patterns.size >= MAX_PATTERNS) patterns.clear();
    patterns.set(pattern, compile(pattern));
  }
  return patterns.get(pattern)?.test(value) ?? false;
};

const compile = (pattern: string): RegExp | undefined => {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    return undefined;
  }
};

const isSameNumber = (wanted: string, value: string): boolean => {
  const number = Number(wanted);
  return wanted.trim() !== '' && Number.isFinite(number) && scalarText(number) === value;
};

/** How people read a constraint: `hostname UNIQUE`, `rack LIKE a.*`. */
export const constraintText = (constraint: Constraint): string =>
  constraint.filter((part) => part !== undefined).join(' ');
