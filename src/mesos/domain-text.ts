import type { DomainInfo } from './generated/mesos.ts';

const FORM = '{"fault_domain":{"region":{"name":"r"},"zone":{"name":"z"}}}';

/** A DomainInfo as `--domain` has it: JSON. Throws with what it takes. */
export const parseDomain = (text: string): DomainInfo => {
  const names = namesIn(text);
  if (names === undefined) throw new Error(`takes JSON such as ${FORM}, not ${text}`);
  return { fault_domain: { region: { name: names.region }, zone: { name: names.zone } } };
};

const namesIn = (text: string): { region: string; zone: string } | undefined => {
  try {
    const { fault_domain } = JSON.parse(text) as {
      fault_domain?: { region?: { name?: unknown }; zone?: { name?: unknown } };
    };
    const [region, zone] = [fault_domain?.region?.name, fault_domain?.zone?.name];
    return typeof region === 'string' && typeof zone === 'string' ? { region, zone } : undefined;
  } catch {
    return undefined;
  }
};
