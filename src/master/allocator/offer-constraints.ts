import type { AgentInfo, Attribute } from '../../mesos/generated/mesos.ts';
import type {
  AttributeConstraint,
  AttributeConstraintPredicate,
  AttributeConstraintSelector,
  OfferConstraintsRoleConstraintsGroup,
} from '../../mesos/generated/scheduler.ts';
import { textPattern } from './text-pattern.ts';

/** Offer constraints of one role (mesos.md 1.16): groups are alternatives, all constraints of a group have to hold. */

type Group = OfferConstraintsRoleConstraintsGroup;
type Constraint = (agent: AgentInfo) => boolean;

/** An agent's attribute, or what stands for one: a text, a value that is not a text, or nothing. */
type Selected = { text: string } | 'not-text' | 'absent';

/** Whether an agent may be offered. Answers are kept for as long as the agent's info is the same object. */
export const agentConstraintOf = (groups: readonly Group[]): Constraint => {
  const compiled = groups.map(({ attribute_constraints = [] }) => attribute_constraints.map(constraintOf));
  const answers = new WeakMap<AgentInfo, boolean>();
  return (agent) => {
    let answer = answers.get(agent);
    if (answer === undefined) {
      answer = compiled.some((constraints) => constraints.every((constraint) => constraint(agent)));
      answers.set(agent, answer);
    }
    return answer;
  };
};

const constraintOf = ({ selector, predicate }: AttributeConstraint): Constraint => {
  const isTrueOf = predicateOf(predicate);
  return (agent) => isTrueOf(select(agent, selector));
};

const select = (agent: AgentInfo, selector: AttributeConstraintSelector): Selected => {
  const { region, zone } = agent.domain?.fault_domain ?? {};
  switch (selector.pseudoattribute_type) {
    case 'HOSTNAME':
      return { text: agent.hostname };
    case 'REGION':
      return region ? { text: region.name } : 'absent';
    case 'ZONE':
      return zone ? { text: zone.name } : 'absent';
    default:
      return selectAttribute(agent.attributes?.find(({ name }) => name === selector.attribute_name));
  }
};

const selectAttribute = (attribute: Attribute | undefined): Selected => {
  if (!attribute) return 'absent';
  return attribute.type === 'TEXT' ? { text: attribute.text?.value ?? '' } : 'not-text';
};

const predicateOf = (predicate: AttributeConstraintPredicate): ((selected: Selected) => boolean) => {
  if (predicate.exists) return (selected) => selected !== 'absent';
  if (predicate.not_exists) return (selected) => selected === 'absent';
  if (predicate.text_equals) {
    const { value } = predicate.text_equals;
    return onText((text) => text === value, false);
  }
  if (predicate.text_not_equals) {
    const { value } = predicate.text_not_equals;
    return onText((text) => text !== value, true);
  }
  if (predicate.text_matches) {
    const matches = textPattern(predicate.text_matches.regex);
    return onText(matches, false);
  }
  if (predicate.text_not_matches) {
    const matches = textPattern(predicate.text_not_matches.regex);
    return onText((text) => !matches(text), true);
  }
  // A predicate of a later version: it is not for this one to keep agents away.
  return () => true;
};

/** Values that are not texts pass, whatever is asked of texts. */
const onText =
  (isTrueOf: (text: string) => boolean, ofAbsent: boolean) =>
  (selected: Selected): boolean => {
    if (selected === 'absent') return ofAbsent;
    return selected === 'not-text' || isTrueOf(selected.text);
  };
