import { performance } from 'node:perf_hooks';
import { type AllocatedOffer, Allocator, type NewAgent } from '../../src/master/allocator/allocator.ts';
import type { Resource } from '../../src/mesos/generated/mesos.ts';
import { parseResources } from '../../src/mesos/resources/parse-text.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import type { Figure } from './figures.ts';

/** What the aim is about, and twice and four times that. */
const SIZES = [
  { agents: 10_000, rounds: 10 },
  { agents: 20_000, rounds: 6 },
  { agents: 40_000, rounds: 4 },
] as const;
const AGENTS_PER_FRAMEWORK = 10;
/** What an increment is about. */
const TOUCHED = 100;
const CAPABILITIES: NewAgent['capabilities'] = new Set([
  'MULTI_ROLE',
  'HIERARCHICAL_ROLE',
  'RESERVATION_REFINEMENT',
]);
const TOTAL = parseResources('cpus:24;mem:4096;disk:4096;ports:[31000-32000]');

interface Setting {
  what: string;
  aim: string;
  roles: number;
  hasGuarantees: boolean;
  /** A tenth of all agents has a part that is reserved for a role, and a framework in ten refuses a tenth of the agents. */
  hasReservationsAndFilters: boolean;
}

const SETTINGS: readonly Setting[] = [
  {
    what: 'one role',
    aim: 'under 200 ms',
    roles: 1,
    hasGuarantees: false,
    hasReservationsAndFilters: false,
  },
  {
    what: '100 roles with guarantees, reservations and filters',
    aim: 'under 400 ms',
    roles: 100,
    hasGuarantees: true,
    hasReservationsAndFilters: true,
  },
];

/**
 * How long one run of the allocator takes: one that offers every agent, one in which there is nothing to offer, and one about
 * the few agents that have something to offer again.
 */
export const measureAllocator = (): Figure[] =>
  SIZES.flatMap(({ agents, rounds }) => SETTINGS.flatMap((setting) => measure(setting, agents, rounds)));

const measure = (setting: Setting, agents: number, rounds: number): Figure[] => {
  const frameworks = agents / AGENTS_PER_FRAMEWORK;
  const allocator = fill(setting, agents);
  const whole: number[] = [];
  const idle: number[] = [];
  const few: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const nowMs = round * 1000;
    const offers = timed(whole, () => allocator.allocate(nowMs));
    timed(idle, () => allocator.allocate(nowMs));
    const touched = new Set(
      Array.from({ length: TOUCHED }, (_, index) => agentOf(index * (agents / TOUCHED))),
    );
    const [again, kept] = [
      offers.filter(({ agentId }) => touched.has(agentId)),
      offers.filter(({ agentId }) => !touched.has(agentId)),
    ];
    for (const offer of again) allocator.recoverResources({ ...offer, nowMs });
    const offeredAgain = timed(few, () => allocator.allocate(nowMs, touched));
    giveBack(allocator, [...kept, ...offeredAgain], { nowMs, isRefusing: setting.hasReservationsAndFilters });
  }
  const size = `${agents.toLocaleString('en')} agents, ${frameworks.toLocaleString('en')} frameworks, ${setting.what}`;
  const isAimed = agents === 10_000;
  return [
    { what: `allocation of ${size}`, unit: 'ms', values: whole, ...(isAimed ? { aim: setting.aim } : {}) },
    { what: 'the same with nothing to offer', unit: 'ms', values: idle },
    {
      what: `an increment of ${TOUCHED} of these agents`,
      unit: 'ms',
      values: few,
      ...(isAimed ? { aim: 'under 10 ms' } : {}),
    },
  ];
};

const fill = ({ roles, hasGuarantees, hasReservationsAndFilters }: Setting, agents: number): Allocator => {
  const allocator = new Allocator({ random: seededRandom(1) });
  for (let index = 0; index < agents / AGENTS_PER_FRAMEWORK; index++) {
    const capabilities = new Set(['MULTI_ROLE' as const, 'RESERVATION_REFINEMENT' as const]);
    allocator.addFramework(frameworkOf(index), {
      roles: [roleOf(index % roles)],
      capabilities,
      isActive: true,
    });
  }
  if (hasGuarantees) {
    const cpus = (12 * agents) / roles;
    for (let index = 0; index < roles; index++) {
      allocator.setQuota(roleOf(index), { guarantees: { cpus }, limits: {} });
    }
  }
  for (let index = 0; index < agents; index++) {
    const isReserved = hasReservationsAndFilters && index % 10 === 0;
    allocator.addAgent(agentOf(index), {
      info: { hostname: agentOf(index) },
      capabilities: CAPABILITIES,
      total: isReserved ? partlyReserved(roleOf((index / 10) % roles)) : TOTAL,
    });
  }
  return allocator;
};

const frameworkOf = (index: number): string => `framework-${index}`;
const roleOf = (index: number): string => `role-${index}`;
const agentOf = (index: number): string => `agent-${index}`;

const partlyReserved = (role: string): Resource[] =>
  [
    parseResources('cpus:16;mem:3072;disk:4096;ports:[31000-32000]'),
    parseResources('cpus:8;mem:1024').map(
      (resource): Resource => ({ ...resource, reservations: [{ type: 'STATIC', role }] }),
    ),
  ].flat();

/** Offers go back as declined; those that are refused are so for an hour. */
const giveBack = (
  allocator: Allocator,
  offers: readonly AllocatedOffer[],
  { nowMs, isRefusing }: { nowMs: number; isRefusing: boolean },
): void => {
  for (const [index, offer] of offers.entries()) {
    const refuseMs = isRefusing && index % 10 === 0 ? 3_600_000 : 0;
    allocator.recoverResources({ ...offer, refuseMs, nowMs });
  }
};

const timed = <Result>(values: number[], run: () => Result): Result => {
  const started = performance.now();
  const result = run();
  values.push(performance.now() - started);
  return result;
};
