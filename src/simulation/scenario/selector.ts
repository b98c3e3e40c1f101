import type { AgentPlan } from './scenario.ts';

/** A set of agents, as people write it: `rack=r1`, `hostname=web-*,zone=b`, `all`. */
export interface Selector {
  readonly text: string;
  matches(
    agent: Pick<AgentPlan, 'id' | 'hostname' | 'className' | 'attributes' | 'region' | 'zone'>,
  ): boolean;
}

/** Reads `attribute=value` and the like; undefined when it has another form. */
export const parseSelector = (text: string): Selector | undefined => {
  if (text.trim() === 'all') return { text: 'all', matches: () => true };
  const terms = text.split(',').map((term) => {
    const [, field, value] = /^\s*([^\s=]+)\s*=\s*(.*?)\s*$/.exec(term) ?? [];
    return field === undefined || value === undefined ? undefined : { field, isLike: globTest(value) };
  });
  if (terms.some((term) => term === undefined)) return undefined;
  return {
    text,
    matches: (agent) =>
      terms.every((term) => {
        const value = term && fieldOf(agent, term.field);
        return value !== undefined && term?.isLike(value);
      }),
  };
};

type Selected = Parameters<Selector['matches']>[0];

const fieldOf = (agent: Selected, field: string): string | undefined => {
  switch (field) {
    case 'hostname':
      return agent.hostname;
    case 'class':
      return agent.className;
    case 'id':
      return agent.id;
    case 'region':
      return agent.region;
    case 'zone':
      return agent.zone ?? attributeOf(agent, field);
    default:
      return attributeOf(agent, field);
  }
};

const attributeOf = ({ attributes }: Selected, name: string): string | undefined => {
  const attribute = attributes.find((one) => one.name === name);
  return attribute?.text?.value ?? attribute?.scalar?.value.toString();
};

/** `*` stands for anything. The parts between are looked for one after the other, so that no pattern is slow. */
const globTest = (pattern: string): ((value: string) => boolean) => {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return (value) => value === first;
  return (value) => {
    if (!value.startsWith(first) || value.length < first.length + last.length) return false;
    let from = first.length;
    for (const part of rest) {
      const found = value.indexOf(part, from);
      if (found < 0) return false;
      from = found + part.length;
    }
    return value.endsWith(last) && value.length - last.length >= from;
  };
};
