import type { AgentClass, AttributeValue } from '../../../schemas/generated/scenario.ts';
import type { Attribute, Resource } from '../../mesos/generated/mesos.ts';
import { parseResources } from '../../mesos/resources/parse-text.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Complain } from './plan-scenario.ts';
import type { AgentPlan, Amounts } from './scenario.ts';
import { durationMs } from './units.ts';

const USUAL_PORTS = 'ports:[31000-32000]';
const SHORTEST_FAILURE_MS = 1_000;

/** Every agent of every class. */
export const planAgents = (classes: readonly AgentClass[], complain: Complain): AgentPlan[] => {
  const names = new Set<string>();
  return classes.flatMap((one, index) => {
    if (names.has(one.name)) complain(['agents', index, 'name'], `is the name of another class, too`);
    names.add(one.name);
    return planClass(one, index, complain);
  });
};

const planClass = (one: AgentClass, index: number, complain: Complain): AgentPlan[] => {
  const { name, count = 1, resources, attributes = {}, region, zone, joins = '0s', failures } = one;
  if (zone !== undefined && region === undefined) complain(['agents', index, 'zone'], 'needs a region');
  if (failures && durationMs(failures.every) < SHORTEST_FAILURE_MS) {
    complain(['agents', index, 'failures', 'every'], 'must be 1s or more');
  }
  const had = withPorts(resourcesOf(resources, ['agents', index, 'resources'], complain));
  return Array.from({ length: count }, (_, number): AgentPlan => {
    const ownZone = typeof zone === 'object' ? zone[number % zone.length] : zone;
    return {
      hostname: `${name}-${number + 1}`,
      className: name,
      resources: had,
      attributes: Object.entries(attributes).map(([key, value]) =>
        attributeOf(key, (Array.isArray(value) ? value[number % value.length] : value) ?? ''),
      ),
      ...(region === undefined ? {} : { region, zone: ownZone ?? region }),
      joinsMs: durationMs(joins),
      ...(failures && {
        failures: {
          kind: failures.kind ?? 'reboot',
          meanMs: durationMs(failures.every),
          lastsMs: durationMs(failures.lasts ?? '5m'),
        },
      }),
    };
  });
};

const resourcesOf = (
  given: AgentClass['resources'],
  path: readonly (string | number)[],
  complain: Complain,
): Resource[] => {
  if (typeof given !== 'string') return scalarsOf(given);
  try {
    return parseResources(given);
  } catch (error) {
    complain(path, errorMessage(error));
    return [];
  }
};

/** An agent that is not told has the ports that Mesos' agents have (mesos.md 6.7): apps want one unless they say otherwise. */
const withPorts = (resources: Resource[]): Resource[] =>
  resources.some(({ name }) => name === 'ports') ? resources : [...resources, ...parseResources(USUAL_PORTS)];

/** Amounts as resources that nobody has yet. */
export const scalarsOf = (amounts: Amounts): Resource[] =>
  Object.entries(amounts).map(([name, value]) => ({ name, type: 'SCALAR', scalar: { value } }));

const attributeOf = (name: string, value: AttributeValue): Attribute =>
  typeof value === 'number'
    ? { name, type: 'SCALAR', scalar: { value } }
    : { name, type: 'TEXT', text: { value } };
