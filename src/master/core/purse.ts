import type { Resource } from '../../mesos/generated/mesos.ts';
import { allocatedTo } from '../../mesos/resources/reservation-format.ts';
import { resourcesText } from '../../mesos/resources/resource-text.ts';
import type { Agent, Framework } from './state.ts';

/** Offered resources while they are being spent, by one framework, on one agent, in one role. */
export interface Purse {
  readonly framework: Framework;
  readonly agent: Agent;
  readonly role: string;
  /** Without `allocation_info`: all of it is allocated to the role. */
  left: readonly Resource[];
}

/** What is left, for a message. */
export const leftText = ({ left, role }: Purse): string => resourcesText(allocatedTo(left, role));
