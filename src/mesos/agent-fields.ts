import type { Attribute, Offer } from './generated/mesos.ts';

/** What constraints look at of an agent, as its offer described it. */
export interface OfferedAgent {
  id: string;
  hostname: string;
  region?: string;
  zone?: string;
  attributes: readonly Attribute[];
}

export const agentOf = ({ agent_id, hostname, domain, attributes }: Offer): OfferedAgent => ({
  id: agent_id.value,
  hostname,
  ...(domain?.fault_domain
    ? { region: domain.fault_domain.region.name, zone: domain.fault_domain.zone.name }
    : {}),
  attributes: attributes ?? [],
});

/** The value of a constraint's field on an agent, as text; undefined when the agent has no such attribute. */
export const fieldValue = (agent: OfferedAgent, field: string): string | undefined => {
  switch (field) {
    case 'hostname':
    case '@hostname':
      return agent.hostname;
    case '@region':
      return agent.region;
    case '@zone':
      return agent.zone;
    default: {
      const attribute = agent.attributes.find(({ name }) => name === field);
      return attribute && attributeText(attribute);
    }
  }
};

const attributeText = ({ type, text, scalar, ranges, set }: Attribute): string => {
  switch (type) {
    case 'TEXT':
      return text?.value ?? '';
    case 'SCALAR':
      return scalarText(scalar?.value ?? 0);
    case 'RANGES':
      return `[${(ranges?.range ?? [])
        .toSorted((one, other) => one.begin - other.begin)
        .map(({ begin, end }) => `${begin}-${end}`)
        .join(',')}]`;
    case 'SET':
      return `{${(set?.item ?? []).toSorted().join(',')}}`;
  }
};

/** At most three decimals; halves go to the even neighbour. */
export const scalarText = (value: number): string => {
  const scaled = value * 1000;
  const floor = Math.floor(scaled);
  const isHalf = Math.abs(scaled - floor - 0.5) < 1e-9;
  const rounded = isHalf ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(scaled);
  return String(rounded / 1000);
};
