import { performance } from 'node:perf_hooks';
import { Allocator, type NewAgent } from '../../src/master/allocator/allocator.ts';
import { parseResources } from '../../src/mesos/resources/parse-text.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import type { Figure } from './figures.ts';

const ROUNDS = 10;
const SIZES = [
  { agents: 1_000, frameworks: 100 },
  { agents: 10_000, frameworks: 1_000 },
  { agents: 20_000, frameworks: 2_000 },
] as const;
const CAPABILITIES: NewAgent['capabilities'] = new Set(['MULTI_ROLE', 'HIERARCHICAL_ROLE']);
const TOTAL = parseResources('cpus:24;mem:4096;disk:4096;ports:[31000-32000]');

interface Setting {
  what: string;
  roles: number;
  hasQuotas: boolean;
}

const SETTINGS: readonly Setting[] = [
  { what: 'one role', roles: 1, hasQuotas: false },
  { what: '100 roles with guarantees', roles: 100, hasQuotas: true },
];

/** How long one run of the allocator takes that offers every agent, and one in which there is nothing to offer. */
export const measureAllocator = (): Figure[] =>
  SIZES.flatMap(({ agents, frameworks }) =>
    SETTINGS.flatMap((setting) => measure({ ...setting, agents, frameworks })),
  );

const measure = ({
  what,
  roles,
  hasQuotas,
  agents,
  frameworks,
}: Setting & { agents: number; frameworks: number }): Figure[] => {
  const allocator = new Allocator({ random: seededRandom(1) });
  for (let index = 0; index < frameworks; index++) {
    const settings = { roles: [`role-${index % roles}`], capabilities: new Set(['MULTI_ROLE' as const]) };
    allocator.addFramework(`framework-${index}`, { ...settings, isActive: true });
  }
  if (hasQuotas) {
    for (let index = 0; index < roles; index++) {
      const cpus = (12 * agents) / roles;
      allocator.setQuota(`role-${index}`, { guarantees: { cpus }, limits: {} });
    }
  }
  for (let index = 0; index < agents; index++) {
    allocator.addAgent(`agent-${index}`, {
      info: { hostname: `agent-${index}` },
      capabilities: CAPABILITIES,
      total: TOTAL,
    });
  }
  const busy: number[] = [];
  const idle: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const nowMs = round * 1000;
    const offers = timed(busy, () => allocator.allocate(nowMs));
    timed(idle, () => allocator.allocate(nowMs));
    for (const offer of offers) allocator.recoverResources({ ...offer, nowMs });
  }
  const size = `${agents.toLocaleString('en')} agents, ${frameworks.toLocaleString('en')} frameworks, ${what}`;
  const aim = agents === 10_000 ? { aim: 'under 200 ms, with quotas under 400 ms' } : {};
  return [
    { what: `allocation of ${size}`, unit: 'ms', values: busy, ...aim },
    { what: `the same with nothing to offer`, unit: 'ms', values: idle },
  ];
};

const timed = <Result>(values: number[], run: () => Result): Result => {
  const started = performance.now();
  const result = run();
  values.push(performance.now() - started);
  return result;
};
